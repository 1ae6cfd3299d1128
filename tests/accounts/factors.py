"""What an app shows, and entering with it."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.test import Client

from accounts.factors.changing import make_recovery_codes
from accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.accounts.passwords import HOME, try_password
from tests.support.kinds import Response


def add_app(user: User) -> str:
    """Returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    make_recovery_codes(user)
    return secret


def code_of(secret: str, seconds: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time() + seconds) // 30))


def recovery_codes(user: User) -> list[str]:
    found = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    codes: list[str] = found.wrap().get_unused_codes()
    return codes


def enter(name: str, code: str, source: str = HOME, client: Client | None = None) -> Response:
    """The right password, then a code."""
    client = client or Client()
    try_password(name, PASSWORD, source, client=client)
    return client.post("/admin/login/code/", {"one_time_code": code}, REMOTE_ADDR=source)
