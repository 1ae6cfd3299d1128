"""The one place where settings are read from the environment.

A value that cannot be used ends the program with one sentence that says what to do.
"""

import base64
import binascii
import importlib.util
import json
import os
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import environ
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy

from accounts.roles import EVERYBODY, NOBODY, ROLES

ROOT = Path(__file__).resolve().parent.parent.parent

env = environ.Env()

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # The last lets triggers hear of a row that another takes the place of.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;"
    ),
}
POSTGRESQL_OPTIONS = {"connect_timeout": 5}

TRANSLATORS = {
    "deepl": "translation_desk.machine.service.DeepL",
    "google": "wagtail_localize.machine_translators.google.GoogleCloudTranslator",
    "libretranslate": "wagtail_localize.machine_translators.libretranslate.LibreTranslator",
    # Turns the words round: for trying out, with no service.
    "dummy": "wagtail_localize.machine_translators.dummy.DummyTranslator",
}
KNOWN_TRANSLATORS = "it is one of " + ", ".join(TRANSLATORS)
# How long the service may take over one request of twenty texts.
MACHINE_SECONDS = 15


class SettingError(SystemExit):
    """A setting is missing or wrong. Its one sentence is printed; nothing starts."""


def database(default_file: Path) -> dict[str, Any]:
    """The database of `DATABASE_URL`, or an SQLite file."""
    address = env.str("DATABASE_URL", default="") or f"sqlite:///{default_file}"
    config: dict[str, Any] = dict(environ.Env.db_url_config(address))
    engine = config.get("ENGINE", "")
    if engine.endswith("sqlite3"):
        default_file.parent.mkdir(exist_ok=True)
        config["OPTIONS"] = {**SQLITE_OPTIONS, **config.get("OPTIONS", {})}
        # A file, since threads of a test share it; one per process, so that two runs don't meet.
        config["TEST"] = {"NAME": str(default_file.with_name(f"test-{os.getpid()}.sqlite3"))}
    elif engine.endswith("postgresql"):
        config["OPTIONS"] = {**POSTGRESQL_OPTIONS, **config.get("OPTIONS", {})}
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    else:
        raise SettingError(
            "DATABASE_URL must name a PostgreSQL or an SQLite database, "
            "like postgres://user:password@host/name or sqlite:////srv/pidpys.sqlite3."
        )
    return config


def cache(address: str) -> dict[str, Any]:
    """The cache of `CACHE_URL`. One in Redis may go away without taking a page with it."""
    if address.partition(":")[0] in ("redis", "rediss", "unix"):
        return {"BACKEND": "security.cache.PatientRedisCache", "LOCATION": address}
    try:
        return dict(environ.Env.cache_url_config(address))
    except (environ.ImproperlyConfigured, KeyError, ValueError):
        raise SettingError(
            "CACHE_URL must name a cache, like redis://host:6379/0 or locmemcache://."
        ) from None


def required(name: str, meaning: str) -> str:
    value = env.str(name, default="").strip()
    if not value:
        raise SettingError(f"{name} is not set: give it {meaning}.")
    return value


def bare_address(sender: str) -> str:
    """A sender without its name."""
    return parseaddr(sender)[1]


def field_keys(value: str) -> dict[str, bytes]:
    """Parses `FIELD_KEYS`: `id:key,id:key`, each key 32 bytes in URL-safe Base64.

    The first key encrypts; the others only decrypt what was written before a key change.
    """
    keys: dict[str, bytes] = {}
    for part in value.split(","):
        key_id, colon, encoded = part.strip().partition(":")
        if not colon or not key_id.isalnum():
            raise SettingError(
                "FIELD_KEYS is wrong: write it as id:key, the id in letters and digits, "
                "further keys after a comma."
            )
        if key_id in keys:
            raise SettingError(f"FIELD_KEYS is wrong: the id {key_id} stands there twice.")
        keys[key_id] = _key("FIELD_KEYS", f"the key {key_id}", encoded)
    return keys


def _key(name: str, which: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise SettingError(
            f"{name} is wrong: {which} must be 32 random bytes in Base64, as "
            "`openssl rand -base64 32 | tr '+/' '-_'` prints them."
        )
    return key


def backup_key(field_keys: dict[str, bytes]) -> bytes | None:
    """The key of `BACKUP_KEY`; None when it is unset, as it may be where no backups are made."""
    encoded = env.str("BACKUP_KEY", default="").strip()
    if not encoded:
        return None
    key = _key("BACKUP_KEY", "it", encoded)
    if key in field_keys.values():
        raise SettingError("BACKUP_KEY is wrong: it must be another key than those of FIELD_KEYS.")
    return key


def secret_key_fallbacks(secret_key: str) -> list[str]:
    """Former secret keys, with commas between: what was signed with them holds on."""
    parts = [part.strip() for part in env.str("SECRET_KEY_FALLBACKS", default="").split(",")]
    keys = [part for part in parts if part]
    if any(len(key) < 50 for key in keys):
        raise SettingError(
            "SECRET_KEY_FALLBACKS is wrong: write whole former secret keys, of 50 characters or "
            "more, with commas between."
        )
    if secret_key in keys or len(set(keys)) < len(keys):
        raise SettingError(
            "SECRET_KEY_FALLBACKS is wrong: a key stands there twice, or is still SECRET_KEY."
        )
    return keys


def languages(value: str) -> list[tuple[str, Any]]:
    """Parses `LANGUAGES`: codes with commas between, English, the source language, first."""
    codes = [code.strip() for code in value.split(",")]
    unknown = [code for code in codes if code not in LANG_INFO or "name" not in LANG_INFO[code]]
    if unknown:
        raise SettingError(f"LANGUAGES is wrong: Django knows no language {unknown[0]!r}.")
    if codes[0] != "en" or len(set(codes)) < len(codes):
        raise SettingError("LANGUAGES is wrong: write en first and each code once, like en,uk,pl.")
    return [(code, gettext_lazy(LANG_INFO[code]["name"])) for code in codes]


def media_storage() -> dict[str, Any]:
    """Where uploads are kept, by `MEDIA_STORAGE`: in `var/media/`, or in a bucket of S3's kind.

    Who may use the bucket stands in the variables that every program of AWS reads.
    """
    return _bucket("library.buckets.OwnAddressStorage") or {
        "BACKEND": "django.core.files.storage.FileSystemStorage"
    }


def private_storage() -> dict[str, Any]:
    """Where originals and documents are kept: in `var/private/`, or below that in the bucket."""
    return _bucket("storages.backends.s3.S3Storage", "private") or {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            # As text: what deletes a file later is told so.
            "location": str(ROOT / "var" / "private"),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def _bucket(backend: str, folder: str = "") -> dict[str, Any] | None:
    address = env.str("MEDIA_STORAGE", default="").strip()
    if not address:
        return None
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query))
    is_known = parts.scheme == "s3" and parts.netloc and options.keys() <= {"region", "endpoint"}
    # A key in it would lie in the table of jobs: what deletes a file later is told this address.
    if not is_known or "@" in address:
        raise SettingError(
            "MEDIA_STORAGE must name a bucket, like "
            "s3://bucket?region=eu-central-1&endpoint=https://s3.example, or be left out."
        )
    return {
        "BACKEND": backend,
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "location": "/".join(filter(None, [parts.path.strip("/"), folder])),
            "region_name": options.get("region"),
            "endpoint_url": options.get("endpoint"),
            "file_overwrite": False,
        },
    }


def base_url(value: str) -> str:
    """The site's address without a slash at its end; every link in a mail starts with it."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise SettingError(
            "BASE_URL must be the site's address alone, like https://petitions.example."
        )
    return value.rstrip("/")


def second_factor(default: str) -> frozenset[str]:
    """Whose log-in takes more than a password: `all`, `none`, or names of roles with commas."""
    value = env.str("SECOND_FACTOR", default="").strip().lower() or default
    if value == NOBODY:
        return frozenset()
    names = frozenset(name.strip() for name in value.split(","))
    known = [role.name for role in ROLES]
    if names - {EVERYBODY, *known}:
        raise SettingError(
            f"SECOND_FACTOR is wrong: write all, none, or some of {', '.join(known)}, "
            "with commas between."
        )
    return names


def positive(name: str, default: int) -> int:
    """A whole number above zero."""
    value = env.str(name, default="").strip() or str(default)
    if not value.isascii() or not value.isdigit() or not int(value):
        raise SettingError(f"{name} must be a whole number above 0, like {default}.")
    return int(value)


def megabytes(name: str, default: int) -> int:
    """In bytes; 0 switches off what they are for."""
    value = env.str(name, default="").strip() or str(default)
    if not value.isascii() or not value.isdigit():
        raise SettingError(f"{name} must be a whole number of megabytes, like {default}, or 0.")
    return int(value) * 1024 * 1024


def worker_threads(database: dict[str, Any]) -> int:
    """How many jobs a worker does at a time. SQLite lets one write at a time, whatever they are."""
    return positive("WORKER_THREADS", 1 if database["ENGINE"].endswith("sqlite3") else 4)


# Anymail's views of services that show who they are by name and password alone.
BOUNCES = {
    "brevo": "anymail.webhooks.brevo.BrevoTrackingWebhookView",
    "mailjet": "anymail.webhooks.mailjet.MailjetTrackingWebhookView",
    "postmark": "anymail.webhooks.postmark.PostmarkTrackingWebhookView",
    "sendgrid": "anymail.webhooks.sendgrid.SendGridTrackingWebhookView",
    "sparkpost": "anymail.webhooks.sparkpost.SparkPostTrackingWebhookView",
}


def bounces() -> tuple[str, str]:
    """The service of `BOUNCES` as Anymail's view, and how it shows who it is; two times nothing."""
    name = env.str("BOUNCES", default="").strip().lower()
    secret = env.str("BOUNCES_SECRET", default="").strip()
    if not name and not secret:
        return "", ""
    if name not in BOUNCES:
        raise SettingError(f"BOUNCES is wrong: it is one of {', '.join(BOUNCES)}.")
    user, colon, password = secret.partition(":")
    if not user or not colon or len(password) < 24:
        raise SettingError(
            "BOUNCES_SECRET must be a name, a colon and a password of 24 random characters or "
            "more, as the mail service is to send them."
        )
    return BOUNCES[name], secret


def machine_translator() -> dict[str, Any] | None:
    """The service of `MACHINE_TRANSLATOR` in wagtail-localize's terms; none when unset."""
    name = env.str("MACHINE_TRANSLATOR", default="").strip().lower()
    key = env.str("MACHINE_TRANSLATOR_KEY", default="").strip()
    address = env.str("MACHINE_TRANSLATOR_URL", default="").strip().rstrip("/")
    if address and urlsplit(address).scheme not in ("http", "https"):
        raise SettingError("MACHINE_TRANSLATOR_URL must be an address like https://host.")
    if not name:
        if key or address:
            raise SettingError(f"MACHINE_TRANSLATOR is not set: {KNOWN_TRANSLATORS}.")
        return None
    if name not in TRANSLATORS:
        raise SettingError(f"MACHINE_TRANSLATOR is wrong: {KNOWN_TRANSLATORS}.")
    if name == "google":
        return {"CLASS": TRANSLATORS[name], "OPTIONS": _google(key)}
    if name == "deepl" and not key:
        raise SettingError("MACHINE_TRANSLATOR_KEY is not set: give it the key of DeepL.")
    if name == "libretranslate" and not address:
        raise SettingError(
            "MACHINE_TRANSLATOR_URL is not set: give it the address of LibreTranslate, "
            "like https://translate.example."
        )
    seconds = {"TIMEOUT": MACHINE_SECONDS}
    options = {
        "deepl": {"AUTH_KEY": key, "URL": address, **seconds},
        "libretranslate": {"LIBRETRANSLATE_URL": address, "API_KEY": key, **seconds},
        "dummy": {},
    }
    return {"CLASS": TRANSLATORS[name], "OPTIONS": options[name]}


def _google(path: str) -> dict[str, Any]:
    if not _is_installed("google", "google.cloud", "google.cloud.translate"):
        raise SettingError(
            "MACHINE_TRANSLATOR is google, which needs the Python package google-cloud-translate: "
            "install it, or choose another service."
        )
    try:
        project = json.loads(Path(path).read_text())["project_id"]
    except (OSError, ValueError, KeyError, TypeError):
        raise SettingError(
            "MACHINE_TRANSLATOR_KEY is wrong: for google it is the path of a service account's "
            "key file in JSON."
        ) from None
    return {"CREDENTIALS_PATH": path, "PROJECT_ID": project}


def _is_installed(*packages: str) -> bool:
    """Each within the one before; Python cannot look into one that is not there."""
    return all(importlib.util.find_spec(package) is not None for package in packages)
