"""The same change to many petitions: all of them, or none."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.models import User
from campaigns.models import Petition, PetitionEvent, Tie, TieEvent
from campaigns.publishing.publishers import not_theirs, whom_to_ask
from campaigns.records.ties import refuse_future
from translations.dates import zones

LOG_BULK_CHANGE = "campaigns.change_petition"


class Action(models.TextChoices):
    # Translators: What is done to petitions: an order on a button, like the others here.
    CLOSE = "close", _("Close")
    EXTEND = "extend", _("Extend")
    GOAL = "goal", _("Change the goal")
    PAUSE = "pause", _("Pause")
    RESUME = "resume", _("Resume")
    EVENT = "event", _("Add an event")


@dataclass(frozen=True)
class BulkChange:
    """What an action needs to know. A moment without a zone is meant in each petition's own."""

    action: Action
    moment: datetime | None = None
    days: int | None = None
    goal: int | None = None
    event: dict[str, Any] = field(default_factory=dict)

    def values(self, petition: Petition, now: datetime) -> dict[str, Any]:
        """The fields that change, with their new values.

        Raises: ValidationError, with the reason why this petition can't be changed so.
        """
        if self.action == Action.GOAL:
            return {"goal": self.goal}
        if self.action == Action.EVENT:
            return self.event_for(petition)
        if self.action in (Action.EXTEND, Action.RESUME) and petition.campaign.is_closed_for_good:
            raise ValidationError(_("Its campaign is closed for good."))
        if self.action in (Action.PAUSE, Action.RESUME):
            return {"is_paused": self.action == Action.PAUSE}
        closes_at = self.closing(petition, now)
        if petition.opens_at and closes_at <= petition.opens_at:
            raise ValidationError(_("It would close before it opens."))
        if self.action == Action.EXTEND:
            if petition.closes_at and closes_at <= petition.closes_at:
                raise ValidationError(_("It closes later than that already."))
            if closes_at <= now:
                raise ValidationError(_("That moment has passed."))
        elif closes_at < now:
            raise ValidationError(_("That moment has passed. To close now, leave the time empty."))
        return {"closes_at": closes_at}

    def event_for(self, petition: Petition) -> dict[str, Any]:
        """The event as it would be stored, unsaved."""
        refuse_future(self.event["date"], petition.time_zone)
        owner, kind = self.event["what"].split(":")
        details = {**self.event, "kind": kind}
        del details["what"]
        model: type[TieEvent] | type[PetitionEvent] = PetitionEvent
        owned: dict[str, Any] = {"petition": petition}
        if owner == "tie":
            if petition.tie is None:
                raise ValidationError(_("It is about no tie."))
            model, owned = TieEvent, {"tie": petition.tie}
        if model._default_manager.filter(**owned, **details).exists():
            raise ValidationError(_("This event is noted already."))
        event = model(**owned, **details)
        event.clean()
        return {"event": event}

    def closing(self, petition: Petition, now: datetime) -> datetime:
        if self.days is not None:
            if petition.closes_at is None:
                raise ValidationError(_("It has no closing time that could be extended."))
            # By the clocks there, which may be changed in between.
            return petition.local_time(petition.closes_at) + timedelta(days=self.days)
        if self.moment is None:
            return now
        return zones.by_clocks(self.moment, petition.time_zone)


@dataclass(frozen=True)
class Planned:
    """What a change does to one petition: old and new values by field, or why it can't."""

    petition: Petition
    changes: dict[str, tuple[Any, Any]]
    reason: str = ""
    # The only reason is that somebody else publishes it, who can be asked.
    is_askable: bool = False

    def told(self) -> list[str]:
        """Each change in words: old and new value, times in the petition's own time zone."""
        return [
            str(new) if name == "event" else f"{self._value(old)} → {self._value(new)}"
            for name, (old, new) in self.changes.items()
        ]

    def _value(self, value: bool | datetime | int | None) -> str:
        if isinstance(value, bool):
            return str(_("paused")) if value else str(_("not paused"))
        if isinstance(value, datetime):
            return self.petition.format_local_time(value)
        return "–" if value is None else number_format(value, force_grouping=True)


def plan_change(petitions: Iterable[Petition], change: BulkChange, user: User) -> list[Planned]:
    now = timezone.now()
    petitions, planned = list(petitions), []
    rows = Petition.objects.filter(pk__in=[petition.pk for petition in petitions])
    others = set(not_theirs(user, rows).values_list("pk", flat=True))
    reason = whom_to_ask() if others else ""
    for petition in petitions:
        try:
            values = change.values(petition, now)
        except ValidationError as error:
            planned.append(Planned(petition, {}, " ".join(error.messages)))
            continue
        changes = {
            name: (getattr(petition, name, None), value)
            for name, value in values.items()
            if name == "event" or getattr(petition, name) != value
        }
        is_askable = petition.pk in others
        planned.append(Planned(petition, changes, reason if is_askable else "", is_askable))
    return planned


@transaction.atomic
def apply_planned(planned: Iterable[Planned], user: User) -> int:
    """Stores the changes, each in the audit log, and returns how many petitions changed."""
    changed = 0
    for each in planned:
        if each.reason or not each.changes:
            continue
        for name, (_old, new) in each.changes.items():
            if name == "event":
                new.save()
                if isinstance(new, TieEvent):
                    Tie.objects.filter(pk=new.tie_id).note_checked(user)
            else:
                setattr(each.petition, name, new)
        if fields := [name for name in each.changes if name != "event"]:
            each.petition.save(update_fields=fields)
        log(
            instance=each.petition,
            action=LOG_BULK_CHANGE,
            user=user,
            data={name: [str(old), str(new)] for name, (old, new) in each.changes.items()},
        )
        changed += 1
    return changed


def back_to(data: QueryDict) -> str:
    """The address of the list as it was left: its filters, its page, and what was ticked."""
    query = QueryDict(data.get("query", ""), mutable=True)
    if "all" in data or "was_all" in data:
        query["all"] = "on"
    else:
        query.setlist("petition", data.getlist("petition"))
    return f"{reverse('petition_list')}?{query.urlencode()}"
