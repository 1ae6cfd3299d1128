"""As Wagtail's project template serves a site."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.spike.plain_settings")

application = get_wsgi_application()
