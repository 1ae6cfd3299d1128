"""The language and the time zone of somebody who works here, where Wagtail does not set them."""

import contextlib
from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from accounts.models import User


@contextlib.contextmanager
def in_words_of(user: User | AnonymousUser, language: str = "") -> Iterator[None]:
    """Theirs, where they chose one; else the one given, or the one that is active."""
    if isinstance(user, AnonymousUser):
        yield
        return
    profile = UserProfile.get_for_user(user)
    chosen = profile.preferred_language or language or translation.get_language()
    with translation.override(chosen), timezone.override(profile.get_current_time_zone()):
        yield
