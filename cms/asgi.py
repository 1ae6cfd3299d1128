"""The web application as its server asks it, under the settings of `cms.wsgi`."""

from cms.wsgi import application

# Only now: it needs Django's settings.
from cms.gateway import Site  # isort: skip

site = Site(application)
