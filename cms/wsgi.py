"""The web application, under the production settings unless told otherwise."""

import os
import sys

from django.core.checks import Tags, run_checks
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")
# How long a statement may run, or wait for a lock, before the visitor is asked to come back.
# PostgreSQL's own variable, so that it holds here and not for migrations and jobs.
os.environ.setdefault(
    "PGOPTIONS",
    "-c statement_timeout=5000 -c lock_timeout=2000 -c idle_in_transaction_session_timeout=10000",
)

application = get_wsgi_application()

# Only now: they need Django.
from cms import health  # noqa: E402

if errors := run_checks(tags=[Tags.database], databases=["default"]):
    sys.exit(str(errors[0].msg))
health.newest_migrations()
# Servers fork after this; a connection cannot be shared.
connections.close_all()
