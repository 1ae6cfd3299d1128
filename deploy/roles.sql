-- The role of the web and the worker. It reads and writes rows; tables belong to the owner, who
-- migrates. So whoever takes over the site cannot switch off the triggers that keep the log of acts.
\getenv password SITE_DATABASE_PASSWORD
CREATE ROLE pidpys LOGIN PASSWORD :'password';
-- On all that the owner makes from now on.
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO pidpys;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO pidpys;
