"""What Wagtail's log tells of erasures that somebody moved."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry

from translations.dates.typed import date_as_sentence

ROUND = "signatures.begin_round"
SOONER, STOP = "signatures.erase_sooner", "signatures.stop_erasure"


class WithDay(LogFormatter):
    """A day stands in the log as ISO writes it, and is told as staff read days."""

    day: str
    told: str | Promise

    def format_message(self, log_entry: BaseLogEntry) -> str:
        data: dict[str, Any] = log_entry.data
        return str(self.told % {**data, self.day: date_as_sentence(data[self.day])})


class SoonerFormatter(WithDay):
    label = _("Erase signers sooner")
    day, told = "day", _("Signers erased sooner: %(signers)s, from %(day)s on")


class StopFormatter(WithDay):
    label = _("Stop an erasure")
    day, told = "until", _("The erasure was stopped until %(until)s: %(reason)s")


class RoundFormatter(LogFormatter):
    label = _("Begin another round")

    def format_message(self, log_entry: BaseLogEntry) -> str:
        data: dict[str, Any] = log_entry.data
        return str(_("Round %(number)s was closed at %(total)s, and another began") % data)


def register(actions: LogActionRegistry) -> None:
    actions.register_action(SOONER)(SoonerFormatter)
    actions.register_action(STOP)(StopFormatter)
    actions.register_action(ROUND)(RoundFormatter)
