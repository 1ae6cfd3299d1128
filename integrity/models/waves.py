"""Many signatures that come from one source within a short time."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Petition
from signatures.models import Signature, SignatureQuerySet, Submission, SubmissionQuerySet
from signatures.models.traits import TRAITS_KEPT

# For so long nobody is asked again about what was found to be people.
CLEARED_FOR = timedelta(days=1)


class WaveQuerySet(models.QuerySet["Wave"]):
    def lasting(self) -> "WaveQuerySet":
        return self.filter(state=Wave.State.LASTING)

    def cleared_lately(self) -> "WaveQuerySet":
        since = timezone.now() - CLEARED_FOR
        return self.filter(state=Wave.State.CLEARED, ended_at__gt=since)

    def forget_traits(self) -> int:
        """Of those that began so long ago that no submission has them any more."""
        old = self.exclude(trait="").filter(since__lte=timezone.now() - TRAITS_KEPT)
        return old.exclude(what=Wave.What.COUNTRY).update(trait="")


class Wave(models.Model):
    """What it holds is in review until staff have decided; `integrity.watch` begins and ends it."""

    class What(models.TextChoices):
        NETWORK = "network", _("one network")
        DOMAIN = "domain", _("one email domain")
        MAILBOX = "mailbox", _("spellings of one mailbox")
        DISPOSABLE = "disposable", _("throwaway email addresses")
        COUNTRY = "country", _("one country")
        # Is told of, and holds nothing.
        ALL = "all", _("far more signatures than usual")

    class State(models.TextChoices):
        LASTING = "lasting", _("goes on")
        OVER = "over", _("over")
        CLEARED = "cleared", _("found to be people")

    # With its cities, where it is a campaign's own.
    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="waves")
    what = models.CharField(max_length=10, choices=What.choices)
    # The keyed hash that its submissions share, as long as they have it, or a country's code.
    trait = models.CharField(max_length=64, blank=True)
    since = models.DateTimeField()
    # When it was last looked at.
    until = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)
    # Of all that signed in that time.
    share = models.FloatField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.LASTING)
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = WaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("wave of signatures")
        verbose_name_plural = _("waves of signatures")
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "what", "trait"],
                condition=Q(state="lasting"),
                name="one_wave_of_a_trait_lasts",
            )
        ]
        indexes = [models.Index(fields=["-until"], name="wave_newest")]

    def __str__(self) -> str:
        return f"{self.what} {self.petition_id}"

    @property
    def holds(self) -> bool:
        return self.what != self.What.ALL

    def submissions(self) -> SubmissionQuerySet:
        """What was sent of it by then, for the week in which that is known."""
        is_known = bool(self.trait) or self.what in (self.What.DISPOSABLE, self.What.ALL)
        if not is_known:
            return Submission.objects.none()
        return self.among().filter(**shared(self.what, self.trait))

    def among(self) -> SubmissionQuerySet:
        """All that was sent in its time."""
        sent = Submission.objects.filter(created_at__range=(self.since, self.until))
        return in_petition(sent, self.petition_id)

    def signatures(self) -> SignatureQuerySet:
        made = self.submissions().that_made_it()
        return Signature.objects.filter(pk__in=made.values("signature"))

    def clear(self, now: datetime | None = None) -> bool:
        """Nothing more of it is held; what is in review is for the caller to release."""
        ours = Wave.objects.filter(pk=self.pk).exclude(state=self.State.CLEARED)
        return bool(ours.update(state=self.State.CLEARED, ended_at=now or timezone.now()))


COLUMNS = {
    Wave.What.NETWORK: "network",
    Wave.What.DOMAIN: "domain_key",
    Wave.What.MAILBOX: "reader_key",
    Wave.What.COUNTRY: "signature__country",
}


def shared(what: str, trait: str) -> dict[str, Any]:
    """What submissions of a kind of wave have in common."""
    if what == Wave.What.DISPOSABLE:
        return {"is_disposable": True}
    column = COLUMNS.get(Wave.What(what))
    return {column: trait} if column else {}


def in_petition(sent: SubmissionQuerySet, petition: object) -> SubmissionQuerySet:
    """For a petition or, where it is a campaign's own, for one of its cities."""
    own = Q(signature__petition=petition) | Q(signature__petition__parent=petition)
    return sent.filter(own)
