"""What moderators decide about names and comments: to show them, or to hide them for a reason."""

import uuid
from collections.abc import Iterable
from typing import NamedTuple

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogContext, LogFormatter, log
from wagtail.models import BaseLogEntry

from accounts.models import User
from signatures.models import Erased, Report, Signature
from signatures.release import PARTS, Release


class Reason(models.TextChoices):
    """Why something is hidden."""

    ADVERTISING = "advertising", _("advertising")
    HATRED = "hatred", _("insult, hatred or threat")
    NO_NAME = "no_name", _("not a person’s name")
    SOMEBODY_ELSE = "somebody_else", _("somebody else’s name")
    PRIVATE = "private", _("tells private things about somebody")
    ASKED = "asked", _("the signer asked for it")
    OTHER = "other", _("another reason")


class Item(NamedTuple):
    """A name or a comment as a moderator read it."""

    part: str
    signature: uuid.UUID
    checksum: str

    def __str__(self) -> str:
        return f"{self.part}:{self.signature}:{self.checksum}"

    @classmethod
    def of(cls, signature: Signature, part: str) -> "Item":
        return cls(part, signature.pk, getattr(signature, f"{part}_checksum"))

    @classmethod
    def read(cls, values: Iterable[str]) -> list["Item"]:
        """Those among the values of a form that are items, each once."""
        found: dict[Item, None] = {}
        for value in values:
            part, _sign, rest = value.partition(":")
            key, _sign, checksum = rest.partition(":")
            try:
                item = cls(part, uuid.UUID(key), checksum)
            except ValueError:
                continue
            if part in PARTS:
                found[item] = None
        return list(found)


def decide(items: Iterable[Item], state: Release, user: User, **why: str) -> int:
    """Releases or hides, and writes into the log who did so, and why.

    Returns how many it now holds for. What changed since it was read, or was taken back, is left
    as it is: nobody has read it. The log names signatures by their ids alone.
    """
    with transaction.atomic(), LogContext(user=user):
        # In one order, so that two moderators at once do not wait for each other.
        return sum(_decide(item, state, why) for item in sorted(items))


def _decide(item: Item, state: Release, why: dict[str, str]) -> bool:
    as_read = Signature.objects.confirmed().filter(
        **{"pk": item.signature, f"{item.part}_checksum": item.checksum}, anonymised_at=None
    )
    changed = as_read.exclude(**{f"{item.part}_state": state}).update(
        **{f"{item.part}_state": state}
    )
    is_decided = bool(changed) or as_read.exists()
    is_reported = is_decided and _settle(item)
    if changed and state == Release.HIDDEN:
        Erased.objects.record(Erased.HIDDEN[item.part], [item.signature])
    if changed or is_reported:
        action = f"signatures.{item.part}_{state if changed else 'kept'}"
        log(Signature(pk=item.signature), action, data=why)
    return is_decided


def _settle(item: Item) -> bool:
    """Whether it was reported; that is not put before a moderator again."""
    named = {"signature": item.signature, "part": item.part, "checksum": item.checksum}
    return bool(Report.objects.open().filter(**named).update(settled_at=timezone.now()))


def is_named_in(items: Iterable[Item], text: str) -> bool:
    """Whether a text repeats one of the names or comments that it is about."""
    keys = {item.signature for item in items}
    said = Signature.objects.filter(pk__in=keys).values_list("name", "comment")
    return any(each and each.casefold() in text.casefold() for row in said for each in row)


class WithReason(LogFormatter):
    """An entry of the log that says why."""

    def format_message(self, entry: BaseLogEntry) -> str:
        reason = dict(Reason.choices).get(entry.data.get("reason", ""))
        parts = (self.message, reason, entry.data.get("note"))
        return ": ".join(str(each) for each in parts if each)


LOGGED = {
    "name_released": (_("Show a name"), _("A name was released")),
    "name_hidden": (_("Hide a name"), _("A name was hidden")),
    "name_kept": (_("Leave a reported name"), _("A reported name was left as it is")),
    "comment_released": (_("Show a comment"), _("A comment was released")),
    "comment_hidden": (_("Hide a comment"), _("A comment was hidden")),
    "comment_kept": (_("Leave a reported comment"), _("A reported comment was left as it is")),
}


def register(actions: LogActionRegistry) -> None:
    """The decisions, for Wagtail's log."""
    for action, (label, message) in LOGGED.items():
        named = {"label": label, "message": message}
        formatter = type("Decision", (WithReason,), named)
        actions.register_action(f"signatures.{action}")(formatter)
