"""What of a signature others may read: the name and the comment that a moderator has released.

A name could be an advertisement or an insult, so none is public unread. No setting changes that.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

PARTS = ("name", "comment")


class Release(models.TextChoices):
    NONE = "none", _("not to be shown")
    WAITING = "waiting", _("waiting")
    RELEASED = "released", _("shown")
    HIDDEN = "hidden", _("hidden")


DECIDED = (Release.RELEASED, Release.HIDDEN)


def checksum(signature_id: uuid.UUID, part: str, text: str, secret: str | None = None) -> str:
    """Tells a text from a changed one, and nobody without the site's secret what it says."""
    value = f"{signature_id}/{part}/{text}"
    salt = "pidpys.signatures.release"
    return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


def is_checksum(stored: str, signature_id: uuid.UUID, part: str, text: str) -> bool:
    """Whether it is the text's, made with the site's secret or with one that it had before."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return stored in [checksum(signature_id, part, text, secret) for secret in secrets]


def in_state(part: str, state: str) -> Q:
    """Signatures whose name, or comment, is in a state. A name also has to be wanted shown.

    So has that beside a comment, before anybody need read it.
    """
    if part == "name":
        return Q(name_state=state, show_name=True)
    shown = Q(show_name=True) if state == Release.WAITING else Q()
    return Q(comment_state=state) & shown


PUBLIC_NAME = in_state("name", Release.RELEASED)
# A comment stands beside its writer's name.
PUBLIC_COMMENT = PUBLIC_NAME & in_state("comment", Release.RELEASED)


def state_after(state: str, is_same: bool, is_wanted: bool) -> str:
    """A decision holds as long as the text says the same; what nobody decided on waits."""
    if is_same and state in DECIDED:
        return state
    return Release.WAITING if is_wanted else Release.NONE
