"""Sister-city relationships and what became of them."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel

from campaigns.records.cities import City
from security import printable
from translations.dates import zones
from translations.languages import names

if TYPE_CHECKING:
    from accounts.models import User


def refuse_future(day: date, *time_zones: str) -> None:
    """Unless it is that day already for who writes it, or in one of the time zones."""
    if not zones.has_come(day, *time_zones):
        raise ValidationError(_("This day has not come yet."))


def refuse_before(since: int | None, day: date | None) -> None:
    """Raises: ValidationError, where a tie began in a later year than that of a day."""
    if since and day and day.year < since:
        # A year has no separators.
        raise ValidationError(_("The tie began later, in %(year)s."), params={"year": str(since)})


class TieQuerySet(models.QuerySet["Tie"]):
    def with_names(self) -> "TieQuerySet":
        """Everything that a list shows about ties, in few queries."""
        sides = [f"{side}__names__locale" for side in ("city", "sister_city")]
        return self.select_related("city", "sister_city").prefetch_related("events", *sides)

    def with_status(self) -> "TieQuerySet":
        """Annotates `status_now`, which `Tie.status` says of one tie, for lists and filters."""
        return self.annotate(status_now=status_of(models.OuterRef("pk")))

    def note_checked(self, user: "User | None") -> None:
        """Notes that somebody knows their status as of now."""
        self.update(checked_at=timezone.now(), checked_by=user)


class TieForm(WagtailAdminModelForm):
    """A tie with its events, which have to agree with it and with each other."""

    def is_valid(self) -> bool:
        return bool(super().is_valid()) and self._events_are_possible()

    def _kept(self) -> list[Any]:
        """The forms of the events that the tie will have."""
        forms = self.formsets["events"].forms
        filled = [form for form in forms if form.has_changed() or form.instance.pk]
        return [form for form in filled if not form.cleaned_data.get("DELETE")]

    def _events_are_possible(self) -> bool:
        forms = self._kept()
        for form in forms:
            others = [other.instance for other in forms if other is not form]
            try:
                form.instance.refuse_impossible(self.cleaned_data["since"], others)
            except ValidationError as error:
                form.add_error(None, error)
        return all(form.is_valid() for form in forms)

    def save(self, commit: bool = True) -> "Tie":
        """Whoever enters an event knows the status as of now."""
        if any(not form.instance.pk for form in self._kept()):
            self.instance.checked_at, self.instance.checked_by = timezone.now(), self.for_user
        tie: Tie = super().save(commit)
        return tie


class Tie(ClusterableModel):
    """The sister-city relationship between two cities."""

    class Status(models.TextChoices):
        # Translators: These four are said of the ties of two cities.
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")
        ENDED = "ended", _("ended")
        UNKNOWN = "unknown", _("unknown")

    city = models.ForeignKey(
        City, on_delete=models.PROTECT, related_name="ties", verbose_name=_("city")
    )
    sister_city = models.ForeignKey(
        City, on_delete=models.PROTECT, related_name="sister_ties", verbose_name=_("sister city")
    )
    since = models.PositiveSmallIntegerField(_("since the year"), null=True, blank=True)
    # When somebody last saw that its status is still so, or entered an event.
    checked_at = models.DateTimeField(_("checked"), null=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("checked by"),
    )

    objects = TieQuerySet.as_manager()

    base_form_class = TieForm
    panels = [
        FieldPanel("city"),
        FieldPanel("sister_city"),
        FieldPanel("since"),
        InlinePanel("events", label=_("event"), heading=_("What is known about it")),
    ]

    class Meta:
        verbose_name = _("tie")
        verbose_name_plural = _("ties")
        ordering = ["city__key", "sister_city__key"]
        constraints = [
            models.UniqueConstraint(fields=["city", "sister_city"], name="one_tie_per_pair"),
            models.CheckConstraint(
                condition=~models.Q(city=models.F("sister_city")), name="tie_joins_two_cities"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city} – {self.sister_city}"

    @property
    def newest_event(self) -> "TieEvent | None":
        """The event that decides: the newest dated one, else the last one entered."""
        return max(self.events.all(), key=TieEvent.age_key, default=None)

    @property
    def status(self) -> "Tie.Status":
        event = self.newest_event
        return event.status if event else Tie.Status.UNKNOWN

    @property
    def ended_on(self) -> "date | None":
        """The first day of which it is known to have ended since, whoever told so later."""
        first = None
        for event in sorted(self.events.all(), key=TieEvent.age_key, reverse=True):
            if event.status != Tie.Status.ENDED or event.date is None:
                break
            first = event.date
        return first


class SourcedEvent(models.Model):
    """Something that happened, on a day and told by a source, where these are known."""

    kind: Any
    TOLD: ClassVar[dict[Any, Any]]

    date = models.DateField(_("date"), null=True, blank=True)
    source_title = printable.CharField(_("source"), max_length=300)
    # Of the title and the publisher's name, which stay as they are.
    source_language = models.CharField(
        _("language of the source"),
        max_length=names.LENGTH,
        choices=names.choices,
        default=settings.LANGUAGE_CODE,
    )
    source_publisher = printable.CharField(_("publisher"), max_length=200)
    source_url = models.URLField(_("address"), max_length=500, blank=True)
    archived_url = models.URLField(_("archived copy"), max_length=500, blank=True)

    panels = [
        FieldPanel("kind"),
        FieldPanel("date"),
        FieldPanel("source_title"),
        FieldPanel("source_language"),
        FieldPanel("source_publisher"),
        FieldPanel("source_url"),
        FieldPanel("archived_url"),
    ]

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """One piece with the words that its petitions' signers read from now on."""
        super().save(*args, **kwargs)

    @property
    def told(self) -> str:
        return str(self.TOLD[self.kind])

    @property
    def may_lie_ahead(self) -> bool:
        return False

    def time_zones(self) -> list[str]:
        """Of the places where it may have happened."""
        raise NotImplementedError

    def clean(self) -> None:
        super().clean()
        try:
            if self.date and not self.may_lie_ahead:
                refuse_future(self.date, *self.time_zones())
        except ValidationError as error:
            raise ValidationError({"date": error}) from error
        try:
            names.validate_language(self.source_title, self.source_language)
        except ValidationError as error:
            raise ValidationError({"source_language": error}) from error


class TieEvent(SourcedEvent):
    """Something known about a tie, from a named source."""

    class Kind(models.TextChoices):
        REPORTED = "reported", _("reported as still in force")
        SUSPENDED = "suspended", _("suspended")
        ENDED = "ended", _("ended")
        REINSTATED = "reinstated", _("reinstated")

    # As the public reads it in the timeline.
    TOLD = {
        Kind.REPORTED: _("Tie reported as still in force"),
        Kind.SUSPENDED: _("Tie suspended"),
        Kind.ENDED: _("Tie ended"),
        Kind.REINSTATED: _("Tie reinstated"),
    }

    tie = ParentalKey(Tie, on_delete=models.CASCADE, related_name="events", verbose_name=_("tie"))
    kind = models.CharField(_("what"), max_length=12, choices=Kind.choices)

    class Meta:
        verbose_name = _("tie event")
        verbose_name_plural = _("tie events")
        ordering = ["date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source_title="") & ~models.Q(source_publisher=""),
                name="tie_event_names_its_source",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.source_publisher})"

    def clean(self) -> None:
        super().clean()
        # One that is entered along with its tie is looked at there.
        if self.tie_id:
            others = self.tie.events.exclude(pk=self.pk)
            self.refuse_impossible(self.tie.since, others)

    def refuse_impossible(self, since: int | None, others: Iterable["TieEvent"]) -> None:
        """Raises: ValidationError, where the tie's first year or another event denies it."""
        try:
            refuse_before(since, self.date)
            for other in others:
                self._refuse_contradicting(other)
        except ValidationError as error:
            raise ValidationError({"date": error}) from error

    def _refuse_contradicting(self, other: "TieEvent") -> None:
        if self.date is None or self.date != other.date or self.status == other.status:
            return
        raise ValidationError(
            _(
                "Another event of the same day says “%(kind)s”. Give the day on which each "
                "happened, or correct the other event."
            ),
            params={"kind": other.get_kind_display()},
        )

    def time_zones(self) -> list[str]:
        if self.tie_id is None:
            return []
        return list(self.tie.petitions.values_list("time_zone", flat=True))

    def age_key(self) -> tuple[bool, str, int]:
        return (self.date is not None, self.date.isoformat() if self.date else "", self.pk or 0)

    @property
    def status(self) -> Tie.Status:
        """What the event says of the tie: a report without a date says nothing of today."""
        if self.kind == self.Kind.SUSPENDED:
            return Tie.Status.SUSPENDED
        if self.kind == self.Kind.ENDED:
            return Tie.Status.ENDED
        if self.kind == self.Kind.REPORTED and self.date is None:
            return Tie.Status.UNKNOWN
        return Tie.Status.ACTIVE


def newest_events(tie: models.OuterRef) -> models.QuerySet[TieEvent]:
    """The events of a tie, the one that decides first."""
    return TieEvent.objects.filter(tie=tie).order_by(models.F("date").desc(nulls_last=True), "-pk")


def status_of(tie: models.OuterRef) -> Coalesce:
    """`Tie.status` as an expression of the database, given the tie's id."""
    events = newest_events(tie).annotate(
        says=models.Case(
            models.When(kind=TieEvent.Kind.SUSPENDED, then=models.Value(Tie.Status.SUSPENDED)),
            models.When(kind=TieEvent.Kind.ENDED, then=models.Value(Tie.Status.ENDED)),
            models.When(
                kind=TieEvent.Kind.REPORTED, date=None, then=models.Value(Tie.Status.UNKNOWN)
            ),
            default=models.Value(Tie.Status.ACTIVE),
            output_field=models.CharField(),
        )
    )
    newest = models.Subquery(events.values("says")[:1])
    return Coalesce(newest, models.Value(Tie.Status.UNKNOWN.value))


def ended_on(tie: models.OuterRef) -> models.Subquery:
    """`Tie.ended_on` as an expression of the database, given the tie's id."""
    same_day_later = models.Q(date=models.OuterRef("date"), pk__gt=models.OuterRef("pk"))
    later = TieEvent.objects.filter(
        models.Q(date__gt=models.OuterRef("date")) | same_day_later, tie=models.OuterRef("tie")
    ).exclude(kind=TieEvent.Kind.ENDED)
    ends = TieEvent.objects.filter(
        ~models.Exists(later), tie=tie, kind=TieEvent.Kind.ENDED, date__isnull=False
    )
    return models.Subquery(ends.order_by("date").values("date")[:1])
