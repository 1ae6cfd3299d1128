"""Browsers in which somebody got in by their password: what strangers do locks them not out."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

REMEMBERED = timedelta(days=90)
# Goes to the admin alone, so that no public page comes with a cookie.
PATH = "/admin/"


def cookie_name() -> str:
    return "__Secure-browser" if settings.SESSION_COOKIE_SECURE else "browser"


def _salt(name: str) -> str:
    return f"accounts.known-browser/{name}"


def known_browser(request: HttpRequest, name: str) -> str:
    """The name of this browser, where an account with this name has got in by it; else nothing."""
    try:
        return str(
            signing.loads(
                request.COOKIES.get(cookie_name(), ""), salt=_salt(name), max_age=REMEMBERED
            )
        )
    except signing.BadSignature:
        return ""


def remember_browser(response: HttpResponseBase, name: str) -> None:
    """It holds for one account, and says nothing of whose that is."""
    response.set_cookie(
        cookie_name(),
        signing.dumps(secrets.token_urlsafe(16), salt=_salt(name)),
        max_age=REMEMBERED,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
