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
# Of those who share a browser, each is known there; the one who was here longest ago goes first.
MOST_ACCOUNTS = 5
BETWEEN = "|"


def cookie_name() -> str:
    return "__Secure-browser" if settings.SESSION_COOKIE_SECURE else "browser"


def _salt(name: str) -> str:
    return f"accounts.known-browser/{name}"


def _kept(request: HttpRequest) -> list[str]:
    """What the browser shows, one for each account; it may have made that up."""
    return request.COOKIES.get(cookie_name(), "").split(BETWEEN)[:MOST_ACCOUNTS]


def _read(token: str, name: str) -> str:
    try:
        return str(signing.loads(token, salt=_salt(name), max_age=REMEMBERED))
    except signing.BadSignature:
        return ""


def known_browser(request: HttpRequest, name: str) -> str:
    """The name of this browser, where an account with this name has got in by it; else nothing."""
    return next(filter(None, (_read(token, name) for token in _kept(request))), "")


def remember_browser(request: HttpRequest, response: HttpResponseBase, name: str) -> None:
    """Each token holds for one account, and says nothing of whose that is."""
    others = [token for token in _kept(request) if token and not _read(token, name)]
    made = signing.dumps(secrets.token_urlsafe(16), salt=_salt(name))
    response.set_cookie(
        cookie_name(),
        BETWEEN.join([made, *others[: MOST_ACCOUNTS - 1]]),
        max_age=REMEMBERED,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
