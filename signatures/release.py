"""What of a signature others may read: the name and the comment that a moderator has released.

A name could be an advertisement or an insult, so none is public unread. No setting changes that.
"""

import uuid

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


def checksum(signature_id: uuid.UUID, part: str, text: str) -> str:
    """Tells a text from a changed one, and nobody without the site's secret what it says."""
    value = f"{signature_id}/{part}/{text}"
    return salted_hmac("pidpys.signatures.release", value, algorithm="sha256").hexdigest()


def in_state(part: str, state: str) -> Q:
    """Signatures whose name, or comment, is in a state. A name also has to be wanted shown."""
    return Q(name_state=state, show_name=True) if part == "name" else Q(comment_state=state)


PUBLIC_NAME = in_state("name", Release.RELEASED)
# A comment stands beside its writer's name.
PUBLIC_COMMENT = PUBLIC_NAME & in_state("comment", Release.RELEASED)


def state_after(state: str, is_same: bool, is_wanted: bool) -> str:
    """A decision holds as long as the text says the same; what nobody decided on waits."""
    if is_same and state in DECIDED:
        return state
    return Release.WAITING if is_wanted else Release.NONE
