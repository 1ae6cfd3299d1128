"""The web application, under the production settings unless told otherwise."""

import os
import sys

from django.core.checks import Tags, run_checks
from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")

django_application = get_wsgi_application()

# Only now: they need Django.
from cms import health  # noqa: E402
from pagecache.serving import in_front_of  # noqa: E402
from security import timeouts  # noqa: E402

application = in_front_of(django_application)

timeouts.hold()

if errors := run_checks(tags=[Tags.database], databases=["default"]):
    sys.exit(str(errors[0].msg))
health.newest_migrations()
# Servers fork after this; a connection cannot be shared.
connections.close_all()
