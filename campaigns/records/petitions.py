"""The language-neutral record of a demand, and what happened to it."""

import uuid
import zoneinfo
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.query import PageQuerySet

from campaigns.records.cities import CityName
from campaigns.records.endings import Outcome, outcome_of
from campaigns.records.freshness import Knowledge
from campaigns.records.goals import next_goal
from campaigns.records.pauses import SitePause, is_site_paused
from campaigns.records.petition_forms import PetitionForm
from campaigns.records.ties import SourcedEvent, Tie, refuse_before, status_of
from campaigns.records.visibility import is_public
from security import printable
from translations.dates import zones
from translations.dates.months import months_before

if TYPE_CHECKING:
    from wagtail.models import Page


def validate_time_zone(name: str) -> None:
    if name not in zones.ZONE_NAMES:
        raise ValidationError(_("Give a time zone's name, like America/New_York."))


def opened_before(moment: datetime) -> models.Q:
    """Petitions whose round opened by then; the first without a time of its own, when it was made.

    As `Petition.opened_at` says.
    """
    opened = models.Q(opens_at__lte=moment) | models.Q(opens_at=None, created_at__lte=moment)
    return models.Q(reopened_at__lte=moment) | models.Q(reopened_at=None) & opened


def has_happened(kind: "PetitionEvent.Kind") -> models.Exists:
    return models.Exists(PetitionEvent.objects.filter(petition=models.OuterRef("pk"), kind=kind))


# Of a city's page: its campaign's page is live, too. Without it a city's page has nothing to say.
CAMPAIGN_IS_LIVE = models.Q(
    petition__parent__campaignpage__live=True,
    petition__parent__campaignpage__locale=models.F("locale"),
)


# What a petition's own page shows of its tie, in the same query.
JOINED = ("parent", "tie__city", "tie__sister_city")


def public_pages(kind: str) -> PageQuerySet:
    """The pages of a kind that every visitor sees, as a subquery on petitions."""
    model: Any = Petition._meta.get_field(kind).related_model
    return model.objects.filter(is_public(), petition=models.OuterRef("pk"), live=True)


class PetitionQuerySet(models.QuerySet["Petition"]):
    def listed(self) -> "PetitionQuerySet":
        """Those with a page in some language that every visitor sees."""
        return self.filter(
            models.Exists(public_pages("petitionpage").filter(CAMPAIGN_IS_LIVE))
            | models.Exists(public_pages("campaignpage"))
        )

    def signed(self) -> "PetitionQuerySet":
        """Those that somebody signed, whatever became of it."""
        signatures: Any = Petition._meta.get_field("signatures").related_model
        return self.filter(models.Exists(signatures.objects.filter(petition=models.OuterRef("pk"))))

    def ending(self, now: datetime) -> "PetitionQuerySet":
        """Those for which `Petition.can_begin_round`."""
        states = (Petition.State.OPEN, Petition.State.PAUSED)
        old = opened_before(months_before(now, Petition.MONTHS_OF_A_ROUND))
        return self.with_state(now).filter(old, state_now__in=states)

    def with_names(self) -> "PetitionQuerySet":
        """Everything that a list of petitions shows about their ties, in few queries."""
        names = [
            models.Prefetch(f"tie__{city}__names", CityName.objects.select_related("locale"))
            for city in ("city", "sister_city")
        ]
        return self.select_related("parent", "tie__city", "tie__sister_city").prefetch_related(
            "events", "tie__events", *names
        )

    def with_state(self, now: datetime) -> "PetitionQuerySet":
        """Annotates `state_now`: what `Petition.state` says, told by the database."""
        closed = (
            models.Q(closes_at__lte=now)
            | opened_before(months_before(now, Petition.MONTHS_OPEN))
            | models.Q(has_happened(PetitionEvent.Kind.CLOSED))
            | models.Q(is_closed_for_good=True)
            | models.Q(parent__is_closed_for_good=True)
        )
        state = Petition.State
        return self.annotate(
            tie_status=status_of(models.OuterRef("tie_id")),
            state_now=models.Case(
                models.When(has_happened(PetitionEvent.Kind.WON), then=models.Value(state.WON)),
                models.When(tie_status=Tie.Status.ENDED, then=models.Value(state.ENDED)),
                models.When(closed, then=models.Value(state.CLOSED)),
                models.When(is_paused=True, then=models.Value(state.PAUSED)),
                models.When(
                    models.Exists(SitePause.objects.lasting()), then=models.Value(state.PAUSED)
                ),
                models.When(opens_at__gt=now, then=models.Value(state.NOT_YET_OPEN)),
                default=models.Value(state.OPEN),
            ),
        )


class Petition(ClusterableModel):
    """A demand: what is true of it in every language. Pages hold its words."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        NOT_YET_OPEN = "not_yet_open", _("not yet open")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")
        WON = "won", _("won")
        ENDED = "ended", _("the tie has ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tie = models.ForeignKey(
        Tie, on_delete=models.PROTECT, null=True, blank=True, related_name="petitions"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="city_petitions"
    )
    goal = models.PositiveIntegerField(
        _("goal"), null=True, blank=True, help_text=_("Left empty, the goal steps up by itself.")
    )
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    # When the round that goes on was opened, after others.
    reopened_at = models.DateTimeField(null=True, editable=False)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        validators=[validate_time_zone],
        help_text=_("Opening and closing times are entered and shown in this time zone."),
    )
    is_paused = models.BooleanField(_("paused"), default=False)
    # Of a campaign-wide petition, for the ties of all of its cities.
    check_days = models.PositiveSmallIntegerField(
        _("days after which a tie is checked again"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "After that many days, it is listed on the admin’s home. After twice as many, pages "
            "say that its status is unknown. If this is empty, no status goes out of date."
        ),
    )
    # Of a campaign-wide petition, for all of its campaign: who signed before is not known any more,
    # and would be counted twice.
    is_closed_for_good = models.BooleanField(default=False, editable=False)
    hidden_blocks = models.JSONField(_("hidden blocks"), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    base_form_class = PetitionForm
    panels = [
        FieldPanel("goal"),
        MultiFieldPanel(
            [
                FieldPanel("opens_at"),
                FieldPanel("closes_at"),
                FieldPanel("time_zone"),
                FieldPanel("is_paused"),
            ],
            heading=_("Open and closed"),
            help_text=_(
                "Nobody can sign later than 21 months after a petition opened, unless a new round "
                "is opened before."
            ),
        ),
        FieldPanel("check_days"),
        InlinePanel("events", label=_("event"), heading=_("What happened")),
    ]

    objects = PetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("petition")
        verbose_name_plural = _("petitions")
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tie=None, parent=None)
                | models.Q(tie__isnull=False, parent__isnull=False),
                name="city_petition_has_tie_and_parent",
            ),
            models.UniqueConstraint(fields=["parent", "tie"], name="one_petition_per_tie"),
            models.CheckConstraint(
                condition=~models.Q(time_zone=""), name="petition_names_its_time_zone"
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at=None)
                | models.Q(closes_at=None)
                | models.Q(opens_at__lt=models.F("closes_at")),
                name="petition_opens_before_it_closes",
            ),
        ]

    # States in which no goal is left to get to, and nobody is asked to bring friends.
    OVER = (State.CLOSED, State.WON, State.ENDED)

    # Who signed may be kept no longer, so that nobody can sign any more by then.
    MONTHS_OPEN = 21
    # From then on another round can be opened.
    MONTHS_OF_A_ROUND = 18

    def __str__(self) -> str:
        """In the reader's language, like the page of the campaign-wide one."""
        if self.tie:
            return str(self.tie)
        titles = dict(self.campaignpage_set.values_list("locale__language_code", "title"))
        language = next(filter(titles.get, (get_language(), settings.LANGUAGE_CODE)), None)
        return titles[language] if language else str(_("campaign-wide petition"))

    def gather(self) -> None:
        """Fetches what its own page shows of it besides what is joined: in three queries.

        And in one more, where a recipient has answered.
        """
        events = PetitionEvent.objects.select_related("answer__delivery__event")
        prefetched = models.Prefetch("events", events)
        models.prefetch_related_objects(
            [self], prefetched, "events__answer__translations", "tie__events"
        )
        if self.tie:
            names = models.Prefetch("names", CityName.objects.select_related("locale"))
            models.prefetch_related_objects([self.tie.city, self.tie.sister_city], names)

    @property
    def campaign(self) -> "Petition":
        """The campaign-wide petition that this one belongs to: itself, or its parent."""
        return self.parent or self

    def clean(self) -> None:
        stored = Petition.objects.filter(pk=self.pk).first() or Petition()
        # Forms know a time to the minute: what was not changed stays as it was.
        for name in ("opens_at", "closes_at"):
            old = getattr(stored, name)
            if old and old.replace(second=0, microsecond=0) == getattr(self, name):
                setattr(self, name, old)
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            raise ValidationError({"closes_at": _("A petition closes after it opens.")})
        if self.closes_at != stored.closes_at:
            self._refuse_past_closing()
        if self.opens_at != stored.opens_at and stored.created_at:
            self._refuse_opening_before(stored.created_at)
        self._refuse_opening_again()

    def _refuse_past_closing(self) -> None:
        if self.closes_at and self.closes_at < timezone.now():
            reason = _(
                "That moment has passed. To close it now, choose “Close” in the list of petitions."
            )
            raise ValidationError({"closes_at": reason})

    def _refuse_opening_before(self, made_at: datetime) -> None:
        if self.opens_at and self.opens_at < made_at:
            reason = _("It was made here later than that, so that it can’t have opened then.")
            raise ValidationError({"opens_at": reason})

    def _refuse_opening_again(self) -> None:
        """Raises: ValidationError, where people have signed what would not have opened yet."""
        if not self.opens_at or self.opens_at <= timezone.now():
            return
        stored = Petition.objects.filter(pk=self.pk)
        if stored.filter(opens_at=self.opens_at).exists():
            return
        # A campaign's number is of the people who signed for its cities, too.
        if (stored | Petition.objects.filter(parent=self.pk)).signed().exists():
            reason = _(
                "People have already signed, so it has opened. To stop signing for a while, "
                "pause it."
            )
            raise ValidationError({"opens_at": reason})

    def pages(self) -> "models.QuerySet[Any]":
        """The petition's pages, one per language, live or not."""
        related = self.petitionpage_set if self.tie_id else self.campaignpage_set
        return related.select_related("locale")

    def live_pages(self) -> "models.QuerySet[Any]":
        """Those that every visitor can see."""
        pages = self.pages().filter(is_public(), live=True)
        return pages.filter(CAMPAIGN_IS_LIVE) if self.tie_id else pages

    def live_page(self, language: str) -> "Page | None":
        return self.live_pages().filter(locale__language_code=language).first()

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """One piece with the words that its signers read from now on.

        Raises: ValidationError, as its form does, should any other door open it again.
        """
        self._refuse_opening_again()
        super().save(*args, **kwargs)

    def state(self, now: datetime | None = None) -> "Petition.State":
        """Whether it can be signed, apart from its pages being live."""
        now = now or timezone.now()
        settled = self.settled_state
        if settled in self.OVER:
            return settled
        if self._time_is_up(now) or self.campaign.is_closed_for_good:
            return self.State.CLOSED
        if is_site_paused():
            return self.State.PAUSED
        if self.opens_at and now < self.opens_at and settled == self.State.OPEN:
            return self.State.NOT_YET_OPEN
        return settled

    @property
    def settled_state(self) -> "Petition.State":
        """The same as far as events and staff have decided it, whatever the time."""
        happened = {event.kind for event in self.events.all()}
        if PetitionEvent.Kind.WON in happened:
            return self.State.WON
        if self.tie and self.tie.status == Tie.Status.ENDED:
            return self.State.ENDED
        if PetitionEvent.Kind.CLOSED in happened:
            return self.State.CLOSED
        return self.State.PAUSED if self.is_paused else self.State.OPEN

    @property
    def deciding_event(self) -> "SourcedEvent | None":
        """What happened last of all that left it in a state in which nobody can sign."""
        if self.settled_state == self.State.ENDED and self.tie:
            return self.tie.newest_event
        events = [event for event in self.events.all() if event.kind == self.settled_state]
        return events[-1] if events else None

    def _time_is_up(self, now: datetime) -> bool:
        is_old = self._has_been_open(self.MONTHS_OPEN, now)
        return is_old or (self.closes_at is not None and now >= self.closes_at)

    @property
    def opened_at(self) -> datetime | None:
        """When its round opened; None of a petition that is only previewed, and was never made."""
        return self.reopened_at or self.opens_at or self.created_at

    def _has_been_open(self, months: int, now: datetime) -> bool:
        return self.opened_at is not None and self.opened_at <= months_before(now, months)

    def can_begin_round(self, now: datetime) -> bool:
        """Whether it goes on, and its round comes to its end by itself soon."""
        goes_on = self.state(now) in (self.State.OPEN, self.State.PAUSED)
        return goes_on and self._has_been_open(self.MONTHS_OF_A_ROUND, now)

    @property
    def known(self) -> Knowledge | None:
        """What is known of its tie, by the term of its campaign."""
        if self.tie is None:
            return None
        newest = self.tie.newest_event
        return Knowledge(
            self.tie.status,
            newest.date if newest else None,
            self.tie.checked_at,
            self.campaign.check_days,
            won_on=self.first_days.get(PetitionEvent.Kind.WON),
        )

    @property
    def first_days(self) -> dict[str, date]:
        """Of each kind of event that happened, the first day."""
        first: dict[str, date] = {}
        for event in self.events.all():
            first[event.kind] = min(event.date, first.get(event.kind, event.date))
        return first

    @property
    def told_status(self) -> Tie.Status | None:
        """The status of its tie that words speak of which nobody signs."""
        return self.known.told_status if self.known else None

    @property
    def is_signable(self) -> bool:
        """Whether it can be signed, as far as its record tells."""
        return self.state() == self.State.OPEN

    @property
    def is_open(self) -> bool:
        return self.is_signable and self.live_pages().exists()

    @property
    def begins_on(self) -> date:
        """Before this day, where the petition is, nothing that happened can be its doing.

        What it says itself of its launch holds: it may be older than its record, or have been a
        draft.
        """
        if launched_on := self.first_days.get(PetitionEvent.Kind.LAUNCHED):
            return launched_on
        # One that is only previewed begins now.
        return self.local_time(self.opens_at or self.created_at or timezone.now()).date()

    @property
    def outcome(self) -> Outcome | None:
        """What was done of its demand; None where nothing was."""
        first, kinds = self.first_days, PetitionEvent.Kind
        return outcome_of(
            self.begins_on,
            self.tie is not None and self.tie.status == Tie.Status.ENDED,
            self.tie and self.tie.ended_on,
            *(first.get(kind) for kind in (kinds.WON, kinds.DELIVERED, kinds.REPLIED)),
        )

    def goal_at(self, signatures: int) -> int:
        """The editor's goal, else the next step above a number of signatures."""
        return self.goal or next_goal(signatures)

    def local_time(self, moment: datetime) -> datetime:
        return moment.astimezone(zoneinfo.ZoneInfo(self.time_zone))

    @property
    def opens_told(self) -> str:
        return self.format_local_time(self.opens_at) if self.opens_at else ""

    @property
    def closes_told(self) -> str:
        """When its time was up; empty as long as it is not."""
        closes_at = self.closes_at
        return (
            self.format_local_time(closes_at) if closes_at and closes_at <= timezone.now() else ""
        )

    def format_local_time(self, moment: datetime) -> str:
        """A moment in the petition's own time zone, with the zone's short name."""
        return zones.moment(self.local_time(moment))


class PetitionEvent(SourcedEvent):
    """A public step in a petition's life. What we did ourselves needs no source."""

    class Kind(models.TextChoices):
        LAUNCHED = "launched", _("launched")
        CONTACTED = "contacted", _("contacted")
        DELIVERED = "delivered", _("delivered")
        REPLIED = "replied", _("replied")
        HEARING = "hearing", _("hearing")
        CLOSED = "closed", _("closed")
        WON = "won", _("won")

    # As the public reads it in the timeline.
    TOLD = {
        Kind.LAUNCHED: _("Petition launched"),
        Kind.CONTACTED: _("Recipient contacted"),
        Kind.DELIVERED: _("Petition delivered"),
        Kind.REPLIED: _("Reply received"),
        Kind.HEARING: _("Hearing on the petition"),
        Kind.CLOSED: _("Petition closed"),
        Kind.WON: _("Demand met"),
    }
    # What needs nobody else's word for it.
    OUR_OWN = (Kind.LAUNCHED, Kind.CONTACTED, Kind.DELIVERED, Kind.CLOSED)

    petition = ParentalKey(
        Petition, on_delete=models.CASCADE, related_name="events", verbose_name=_("petition")
    )
    kind = models.CharField(_("what"), max_length=12, choices=Kind.choices)
    date = models.DateField(_("date"))
    source_title = printable.CharField(_("source"), max_length=300, blank=True)
    source_publisher = printable.CharField(_("publisher"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("petition event")
        verbose_name_plural = _("petition events")
        ordering = ["date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["launched", "contacted", "delivered", "closed"])
                | ~models.Q(source_title="") & ~models.Q(source_publisher=""),
                name="petition_event_names_its_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.date})"

    @property
    def may_lie_ahead(self) -> bool:
        return self.kind == self.Kind.HEARING

    def time_zones(self) -> list[str]:
        return [self.petition.time_zone] if self.petition_id else []

    def clean(self) -> None:
        super().clean()
        self._refuse_before_the_tie()
        self._refuse_foreign_merit()
        if self.kind in self.OUR_OWN or (self.source_title and self.source_publisher):
            return
        raise ValidationError(
            _("Name the source and its publisher: only what we did ourselves goes without.")
        )

    def _refuse_before_the_tie(self) -> None:
        tie = self.petition.tie if self.petition_id else None
        try:
            refuse_before(tie and tie.since, self.date)
        except ValidationError as error:
            raise ValidationError({"date": error}) from error

    def _refuse_foreign_merit(self) -> None:
        """Raises: ValidationError, where the demand had been met before the petition began."""
        if self.kind != self.Kind.WON or not self.petition_id or not self.date:
            return
        tie, began_on = self.petition.tie, self.petition.begins_on
        if tie and tie.status == Tie.Status.ENDED and tie.ended_on and tie.ended_on < began_on:
            reason = _(
                "The tie had ended before this petition began, so the petition did not win it."
            )
            raise ValidationError({"kind": reason})
        if self.date < began_on:
            reason = _("This petition began later, so it won nothing by then.")
            raise ValidationError({"date": reason})
