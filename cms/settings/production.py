"""Settings of a real site. What is secret or belongs to the place comes from the environment."""

from cms.settings import environment
from cms.settings.base import *  # noqa: F403
from cms.settings.environment import ROOT, env

SECRET_KEY = environment.required("SECRET_KEY", "at least 50 random characters")
if len(SECRET_KEY) < 50:
    raise environment.SettingError("SECRET_KEY is too short: give it 50 random characters or more.")
SECRET_KEY_FALLBACKS = environment.secret_key_fallbacks(SECRET_KEY)
FIELD_KEYS = environment.field_keys(
    environment.required("FIELD_KEYS", "the key that encrypts what people tell us, as id:key")
)
BACKUP_KEY = environment.backup_key(FIELD_KEYS)
BASE_URL = WAGTAILADMIN_BASE_URL = environment.base_url(
    environment.required("BASE_URL", "the site's address, like https://petitions.example")
)
ALLOWED_HOSTS = [
    host.strip()
    for host in environment.required("ALLOWED_HOSTS", "the site's host names").split(",")
]
SECOND_FACTOR = environment.second_factor("all")
DATABASES = {"default": environment.database(ROOT / "var" / "pidpys.sqlite3")}
WORKER_THREADS = environment.worker_threads(DATABASES["default"])

# Reverse proxies in front of us that set X-Forwarded-Proto; with none, the header is not believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

mail = environment.env.email_url_config(
    environment.required("EMAIL_URL", "the mail server, like smtp+tls://user:password@host:587")
)
if mail["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    mail["EMAIL_BACKEND"] = "mails.smtp.EmailBackend"
vars().update(mail)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.required("MAIL_FROM", "the sender, like Campaign <mail@host>")
# Of mails in safety mode: a name that tells of no campaign, or none.
DISCREET_FROM_EMAIL = env.str(
    "MAIL_FROM_DISCREET", default=environment.bare_address(DEFAULT_FROM_EMAIL)
)
