"""As Wagtail's project template makes a site, by the server that ours has."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.spike.plain_settings")

application = get_wsgi_application()

# Only now: it needs Django's settings.
from cms.gateway import Site  # noqa: E402  # isort: skip

site = Site(application)
