"""PostgreSQL takes a signature in one statement, whose parts it plans once for a connection.

Rows come as JSON by the names of their columns, so that a new column changes nothing here: what
the asking release does not know gets its default, as it would from an INSERT that leaves it out.
What is done, and in which order, `signatures.signing.storing` does by itself on any other database.
"""

from django.db import migrations

COMPLETE = """
CREATE FUNCTION with_defaults(given jsonb, of_table regclass) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    newer record;
    value jsonb;
BEGIN
    FOR newer IN
        SELECT attname, pg_get_expr(adbin, adrelid) AS expression
        FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
        WHERE adrelid = of_table AND NOT given ? attname
    LOOP
        EXECUTE 'SELECT to_jsonb(' || newer.expression || ')' INTO value;
        given := given || jsonb_build_object(newer.attname, value);
    END LOOP;
    RETURN given;
END $$
"""
SIGN = """
CREATE FUNCTION take_signature(
    keys text[], fillings double precision[], rooms double precision[], moment double precision,
    asked jsonb, proposed jsonb, mailing jsonb
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    seated signatures_signature;
    sent signatures_submission;
    filled text[];
BEGIN
    WITH done AS (
        INSERT INTO security_bucket (key, empty_at)
        SELECT key, moment + filling FROM unnest(keys, fillings) AS each(key, filling)
        ON CONFLICT (key) DO UPDATE SET
            empty_at = excluded.empty_at + greatest(0, security_bucket.empty_at - moment)
        WHERE security_bucket.empty_at <= moment + rooms[array_position(keys, excluded.key::text)]
        RETURNING key
    ) SELECT array_agg(key) INTO filled FROM done;
    IF cardinality(filled) IS DISTINCT FROM nullif(cardinality(keys), 0) THEN
        UPDATE security_bucket SET empty_at = empty_at - each.filling
        FROM unnest(keys, fillings) AS each(key, filling)
        WHERE security_bucket.key = each.key AND each.key = ANY (filled);
        RETURN NULL;
    END IF;

    IF EXISTS (SELECT FROM pg_attrdef WHERE adrelid IN (
        'signatures_signature'::regclass, 'signatures_submission'::regclass, 'jobs_job'::regclass
    )) THEN
        asked := with_defaults(asked, 'signatures_signature');
        proposed := with_defaults(proposed, 'signatures_submission');
        mailing := with_defaults(mailing, 'jobs_job');
    END IF;
    seated := jsonb_populate_record(NULL::signatures_signature, asked);
    sent := jsonb_populate_record(NULL::signatures_submission, proposed);

    SELECT place INTO seated.seat
    FROM generate_series(0, 1) AS place
    LEFT JOIN signatures_signature AS taken ON taken.petition_id = seated.petition_id
        AND taken.mailbox_key = seated.mailbox_key AND taken.seat = place
        AND taken.round_id IS NULL
    ORDER BY CASE
        WHEN taken.name_key = seated.name_key THEN 0
        WHEN taken.name_key = '' AND taken.status = 'confirmed' THEN 1
        WHEN taken.name_key = '' AND taken.status = 'withdrawn' THEN 2
        WHEN taken.id IS NULL THEN 3
        WHEN taken.status = 'pending' THEN 4
        ELSE 6 - place
    END, place LIMIT 1;

    INSERT INTO signatures_signature VALUES (seated.*)
    ON CONFLICT (petition_id, mailbox_key, seat) WHERE round_id IS NULL
    DO UPDATE SET petition_id = excluded.petition_id
    RETURNING id INTO sent.signature_id;

    INSERT INTO signatures_submission VALUES (sent.*)
    ON CONFLICT (signature_id, content_key) WHERE is_waiting
    DO UPDATE SET signature_id = excluded.signature_id
    RETURNING id INTO sent.id;

    INSERT INTO jobs_job SELECT * FROM jsonb_populate_record(NULL::jobs_job, mailing);
    RETURN sent.id;
END $$
"""


def make(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(COMPLETE)
        editor.execute(SIGN)


def drop(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION take_signature, with_defaults")


class Migration(migrations.Migration):
    dependencies = [
        ("signatures", "0002_counting"),
        ("security", "0001_initial"),
        ("jobs", "0001_initial"),
    ]

    operations = [migrations.RunPython(make, drop)]
