"""Who asks, and by what: a person's browser that goes to a page, or a script in one."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User

API = "/admin/api/"


class AuthenticatedHttpRequest(HttpRequest):
    """For annotations alone: Django's own request, after the log-in made sure who asks."""

    user: User


def session_user(request: HttpRequest) -> User | AnonymousUser:
    """Whom the session is for, let in already or not: `request.user` is only who was let in."""
    return getattr(request, "session_user", request.user)


def path_onwards(request: HttpRequest) -> str:
    """The path of ours that the request says to go on to; empty where it says nothing of the kind.

    A word would do for Django's own check, and be looked up as the name of a view.
    """
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, None)
    return asked if is_ours else ""


def asked_by_script(request: HttpRequest) -> bool:
    """Whether a page as an answer would be seen by nobody."""
    return (
        request.headers.get("X-Requested-With") == "XMLHttpRequest"
        or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
        or request.path.startswith(API)
        or not request.accepts("text/html")
    )
