"""What holds everywhere. These are the secure settings; the demo loosens what a laptop lacks."""

from typing import Any

from csp.constants import NONE, SELF

from cms.settings import cdn, environment, shown
from cms.settings.environment import ROOT, env
from translations.dates.zones import ZONE_NAMES
from translations.languages.country_names import COUNTRY_NAMES

INSTALLED_APPS = [
    "staff",
    "dashboard",
    "home",
    "cards",
    "operations",
    "translation_desk",
    "officers_desk",
    "integrity",
    "deliveries",
    "signatures",
    "launches",
    "campaigns",
    "translations",
    "jobs",
    "accounts",
    "mails",
    "library",
    "security",
    "pagecache",
    "cms",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "staff.apps.UsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_countries",
    "csp",
    # Its first app is there for the second, which imports it. None of its pages has an address.
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # First: what it keeps is what goes out.
    "pagecache.middleware.KeepingMiddleware",
    "cms.health.ProbeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cms.middleware.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "cms.busy.BusyMiddleware",
    "cms.middleware.UnavailableDatabaseMiddleware",
    "cms.middleware.VersionsMiddleware",
    "cms.middleware.LanguageMiddleware",
    "cms.middleware.UnreadableMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Before all that is about who is logged in, since nobody who signs is asked that.
    "signatures.views.door.SigningMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.lasting.AdminSessionMiddleware",
    # Without it django-allauth does not start; it hands the request to what we take from there.
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cms.malformed.MalformedRequestMiddleware",
    "campaigns.publishing.middleware.RefusedPageMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    # Last: its transaction is around the view alone, and it hears first of an error in it.
    "signatures.keeping.weighing.WeighingMiddleware",
]

ROOT_URLCONF = "cms.urls"
WSGI_APPLICATION = "cms.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
# Errors inside forms are told with the site's own markup.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# Languages
LANGUAGE_CODE = "en"
COUNTRIES_OVERRIDE = COUNTRY_NAMES
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = environment.languages(env.str("LANGUAGES", default="en,uk"))
# Our own words, then those of other packages that we translate ourselves.
LOCALE_PATHS = [ROOT / "locale", ROOT / "locale" / "third_party"]
FORMAT_MODULE_PATH = ["translations.languages.formats"]
TIME_ZONE = "UTC"
WAGTAIL_USER_TIME_ZONES = sorted(ZONE_NAMES)
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
WAGTAIL_I18N_ENABLED = True
# A translation goes live when it is complete, never by the mere act of submitting a page.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
# Whoever approves a change sees first which city pages it touches.
WAGTAIL_FINISH_WORKFLOW_ACTION = "campaigns.publishing.finishing.publish_approved"
# What it writes is a draft, which waits for a person.
WAGTAILLOCALIZE_MACHINE_TRANSLATOR = environment.machine_translator()

# What the worker does: our tasks, and Wagtail's own.
TASKS = {"default": {"BACKEND": "jobs.backend.JobBackend"}}
WAGTAILLOCALIZE_JOBS = {"BACKEND": "jobs.localize.LocalizeJobBackend"}

# Files
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "var" / "static"
STATICFILES_DIRS = [ROOT / "cms" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = ROOT / "var" / "media"
STORAGES = {
    # What anybody may see who knows a file's name: pictures in the sizes that pages show.
    "default": environment.media_storage(),
    # Originals and documents. No address leads here but through a view that asks who is there.
    "private": environment.private_storage(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Whoever asks for a file by its hashed name may keep it for good.
WHITENOISE_MAX_AGE = 3600
# What browsers ask for at the site's root, whatever a page says.
WHITENOISE_ROOT = ROOT / "cms" / "root"

# Whether the worker looks, once a week, if the addresses of sources still answer.
CHECK_LINKS = env.bool("CHECK_LINKS", default=False)

CACHES = {"default": environment.cache(env.str("CACHE_URL", default="locmemcache://"))}
# How late a process may notice what another one has changed.
VERSION_SECONDS = 0.5

# What everybody may read is answered from memory, up to so many bytes in each process.
PAGECACHE: dict[str, Any] = {
    "BYTES": environment.megabytes("PAGE_CACHE_MB", default=64),
    "CONTROL": cdn.control(),
    "NUMBERS": "signatures.shown.moving.all_numbers",
    "NEXT_TURN": "campaigns.records.turns.next_turn",
    **shown.TABLES,
}
if WAGTAILFRONTENDCACHE := cdn.backends():
    INSTALLED_APPS.append("wagtail.contrib.frontend_cache")

# Where a private page leads that names no address of ours.
LOGIN_REDIRECT_URL = "/"

# Wagtail
WAGTAIL_SITE_NAME = "Pidpys"
# Addresses in Latin letters, whatever the title's script: the same in every language.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILIMAGES_IMAGE_MODEL = "library.Image"
WAGTAILIMAGES_IMAGE_FORM_BASE = "library.forms.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "avif", "gif"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 8 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILDOCS_DOCUMENT_MODEL = "library.Document"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "library.forms.DocumentForm"
WAGTAILDOCS_EXTENSIONS = ["pdf"]
# By Wagtail's own view in any storage, since it asks whether the collection is for everybody.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Saved by the browser, never shown at our own address.
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []
WAGTAILDOCS_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# What a browser may do with our pages
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "report-uri": ["/csp-report/"],
        "report-to": ["csp"],
    }
}
# Wagtail's admin and its previews carry inline styles and a few inline scripts of Wagtail's own.
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "style-src": [SELF, "'unsafe-inline'"],
    "script-src": [SELF, "'unsafe-inline'"],
    "img-src": [SELF, "data:", "blob:"],
    "object-src": [NONE],
    "form-action": [SELF],
    "base-uri": [SELF],
    "frame-ancestors": [SELF],
    "report-uri": ["/csp-report/"],
    "report-to": ["csp"],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
}

SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_FAILURE_VIEW = "cms.views.refused"
CSRF_COOKIE_NAME = "__Host-csrf"
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
# Whether every other name below the site's speaks HTTPS, only its operator knows.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# A form of ours is far below this; Wagtail's page editor may send a thousand fields.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

AUTH_USER_MODEL = "accounts.User"
# Who gets in, and for how long
AUTHENTICATION_BACKENDS = ["accounts.log_in.LimitedBackend"]
WAGTAILADMIN_USER_LOGIN_FORM = "accounts.forms.LogInForm"
# Of a session in which nobody does anything, in seconds: a working day.
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "accounts.sessions.store"
PASSWORD_RESET_TIMEOUT = 2 * 3600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.LongestValidator"},
    {"NAME": "accounts.passwords.NotTheDemosValidator"},
]

# Passkeys, one-time codes and recovery codes
MFA_ADAPTER = "accounts.factors.adapter.Adapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
# With a fingerprint, a face or a PIN, so that whoever finds the device gets nowhere.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# A clock may be half a minute wrong.
MFA_TOTP_TOLERANCE = 1

# How often an address may sign is limited for the server's own too.
LIMIT_LOOPBACK = True

# Logs say what happened, never to whom; whatever a library logs is cleaned when it is logged.
LOGGING_CONFIG = "security.log_lines.configure"
# A report would show the request, with what was typed, and the variables around the error.
DEFAULT_EXCEPTION_REPORTER = "security.reports.Reporter"
# A mail about an error would carry the request and the local variables with it.
ADMINS: list[tuple[str, str]] = []
# Who tells of mails that came back; nobody, unless the operator says so.
BOUNCES, ANYMAIL_WEBHOOK_SECRET = environment.bounces()
# What the worker sends to signers, all workers together. More waits, and is logged.
MAILS_PER_MINUTE = environment.positive("MAILS_PER_MINUTE", 6000)

# Logs say what happened, never to whom: no address, no query string, no form data.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        # The server of `make dev`, whose own handler would write each line past ours.
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "django_tasks": {"level": "WARNING"},
        "pikepdf": {"level": "ERROR"},
        "wagtail": {"level": "WARNING"},
        # Anybody can provoke it, and it names the address asked for, which may be a signer’s own.
        "django.security": {"level": "CRITICAL"},
    },
}

# Where "leave this page quickly" leads: something that anybody may have been reading.
LEAVE_TO = env.str("LEAVE_TO", default="https://www.wikipedia.org/")

DEMO = False
