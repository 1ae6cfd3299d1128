"""Settings of the demo on one's own machine: no TLS, no mail server, fixed keys, known logins."""

from cms.settings import environment
from cms.settings.base import *  # noqa: F403
from cms.settings.base import INSTALLED_APPS as BASE_APPS
from cms.settings.base import MIDDLEWARE as BASE_MIDDLEWARE
from cms.settings.demo_only import refuse_a_real_sites_environment
from cms.settings.environment import ROOT, env

refuse_a_real_sites_environment()

DEMO = True
DEBUG = env.bool("DEBUG", default=False)

# Published with the source: they protect generated data on a laptop and nothing else.
SECRET_KEY = env.str("SECRET_KEY", default="demo-only-" + "no-secret-" * 5)
FIELD_KEYS = environment.field_keys(
    env.str("FIELD_KEYS", default="demo:cGlkcHlzLWRlbW8ta2V5LW9ubHktZm9yLWEtbGFwdG8=")
)
BACKUP_KEY = environment.backup_key(FIELD_KEYS)
PORT = env.int("PORT", default=8000)
BASE_URL = WAGTAILADMIN_BASE_URL = environment.base_url(
    env.str("BASE_URL", default=f"http://localhost:{PORT}")
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
SECOND_FACTOR = environment.second_factor("none")
# Everybody on a laptop is the same address.
LIMIT_LOOPBACK = False
DATABASES = {"default": environment.database(ROOT / "var" / "demo.sqlite3")}
WORKER_THREADS = environment.worker_threads(DATABASES["default"])

EMAIL_BACKEND = "demo.mail.FolderBackend"
EMAIL_FOLDER = ROOT / "var" / "mail"
DEFAULT_FROM_EMAIL = "Pidpys demo <campaign@example.org>"
DISCREET_FROM_EMAIL = environment.bare_address(DEFAULT_FROM_EMAIL)

INSTALLED_APPS = ["demo", *BASE_APPS]
MIDDLEWARE = BASE_MIDDLEWARE
ROOT_URLCONF = "demo.urls"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_SECURE = False
CSRF_COOKIE_NAME = "csrf"
if DEBUG:
    # Whoever writes a template wants to see it.
    PAGECACHE = PAGECACHE | {"BYTES": 0}
    STORAGES = {
        **STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
