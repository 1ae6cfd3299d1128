"""The environment of the production settings."""

import os

KEY = "cGlkcHlzLWRlbW8ta2V5LW9ubHktZm9yLWEtbGFwdG8="
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": "x" * 60,
    "FIELD_KEYS": f"one:{KEY}",
    "BASE_URL": "https://petitions.example",
    "ALLOWED_HOSTS": "petitions.example",
    "EMAIL_URL": "smtp://localhost:25",
    "MAIL_FROM": "mail@petitions.example",
    "PATH": os.environ["PATH"],
}
