"""A site as Wagtail's project template makes one, on production's settings for the rest."""

from cms.settings import production
from cms.settings.production import *  # noqa: F403

INSTALLED_APPS = [*production.INSTALLED_APPS, "wagtail.contrib.forms", "plain"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    # Its app does not start without it.
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "plain.urls"
PAGECACHE = {**production.PAGECACHE, "BYTES": 0}
