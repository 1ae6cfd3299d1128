"""The sessions in which somebody is logged in, and ending them."""

from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import Session, User


def open_sessions(user: User) -> list[Session]:
    """Newest first; without those that a new password has ended."""
    current = user.get_session_auth_hash()
    return [
        session
        for session in all_of(user).filter(expire_date__gt=timezone.now()).order_by("-seen_at")
        if constant_time_compare(session.get_decoded().get(HASH_SESSION_KEY, ""), current)
    ]


def all_of(user: User) -> QuerySet[Session]:
    return Session.objects.filter(user=user)


def end_others(request: HttpRequest, user: User) -> int:
    """Ends all but the one that asks; returns how many."""
    others = all_of(user).exclude(session_key=request.session.session_key)
    return others.delete()[0]
