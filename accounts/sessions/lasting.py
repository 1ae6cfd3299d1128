"""How long somebody stays logged in."""

import contextlib
import time
from collections.abc import Callable

from django.contrib.auth import logout
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from accounts.browsers.names import browser_name
from accounts.sessions.store import BROWSER, LOGGED_IN_AT, SEEN_AT

# SESSION_COOKIE_AGE ends a session that is idle; this one also ends one that never is.
LONGEST_SECONDS = 24 * 3600
# How often the end of an idle session is put off: not for every picture of a page.
PUT_OFF_AFTER = 60
# What an open page asks by itself is no sign of a person.
UNATTENDED = "/admin/editing-sessions/"


class AdminSessionMiddleware:
    """Lets a session slide on with its user's work in the admin, for a day at most.

    Only there: a public page touches no session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/admin/"):
            # A database that is away is told by the view, which asks for the user too.
            with contextlib.suppress(DatabaseError):
                slide_or_end(request)
        return self.get_response(request)


def begin(request: HttpRequest) -> None:
    """Notes who has just logged in by what, when."""
    request.session[LOGGED_IN_AT] = request.session[SEEN_AT] = time.time()
    request.session[BROWSER] = browser_name(request)


def slide_or_end(request: HttpRequest) -> None:
    if not request.user.is_authenticated:
        return
    now = time.time()
    if LOGGED_IN_AT not in request.session:
        begin(request)
    elif now - request.session[LOGGED_IN_AT] > LONGEST_SECONDS:
        logout(request)
    elif request.path.startswith(UNATTENDED):
        return
    elif now - request.session.get(SEEN_AT, 0) > PUT_OFF_AFTER:
        request.session[SEEN_AT] = now
