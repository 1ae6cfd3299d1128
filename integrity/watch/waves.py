"""The worker looks for waves, holds what comes of them, and ends them."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce

from campaigns.models import CampaignPage, Petition
from campaigns.pages.sign_form import country_codes
from integrity.models import Wave
from integrity.models.waves import COLUMNS, in_petition, shared
from integrity.watch.thresholds import (
    DAY,
    FEW,
    FEWEST,
    HOUR,
    OF_DAY,
    OF_HOUR,
    THRESHOLDS,
    TIMES_USUAL,
    What,
)
from signatures import lifecycle
from signatures.models import Signature, Submission, SubmissionQuerySet

# What was stored while it was looked at, or confirmed in that moment, is looked at once more.
OVERLAP = timedelta(minutes=3)
CAMPAIGN = Coalesce("signature__petition__parent", "signature__petition")


@dataclass(frozen=True)
class Crowd:
    """So many, of all that signed the petition in the same time, share a trait."""

    petition: uuid.UUID
    what: Wave.What
    trait: str
    number: int
    among: int


def look(now: datetime, window: timedelta) -> None:
    """Begins the waves of a window that ends now, and goes on with all that last."""
    for crowd in crowds(now, window):
        begin(crowd, now, window)
    for wave in Wave.objects.lasting():
        follow(wave, now)


def made_since(since: datetime) -> SubmissionQuerySet:
    return Submission.objects.filter(created_at__gt=since).that_made_it()


def crowds(now: datetime, window: timedelta) -> Iterator[Crowd]:
    """Those that reach a threshold: of a petition or, where they spread, of its campaign."""
    sent = made_since(now - window)
    totals = dict(sent.order_by().values_list(CAMPAIGN).annotate(number=Count("pk")))
    for what, threshold in THRESHOLDS[window].items():
        if max(totals.values(), default=0) < threshold.number:
            continue
        for campaign, trait, number in groups(sent, what, threshold.number):
            of_trait = Crowd(campaign, what, trait, number, totals[campaign])
            yield from spread(of_trait, sent, threshold.number)


def groups(
    sent: SubmissionQuerySet, what: Wave.What, least: int
) -> list[tuple[uuid.UUID, str, int]]:
    """Campaign, trait and number of what so many share."""
    column = COLUMNS.get(what)
    found = sent.order_by().filter(**({} if column else shared(what, "")))
    if what == What.DOMAIN:
        found = found.filter(Q(domain="") | Q(is_disposable=True))
    if column:
        found = found.exclude(**{column: ""})
    by = found.values_list(CAMPAIGN, *([column] if column else []))
    rows = by.annotate(number=Count("pk")).filter(number__gte=least)
    return [(row[0], str(row[1]) if column else "", row[-1]) for row in rows]


def spread(crowd: Crowd, sent: SubmissionQuerySet, least: int) -> Iterator[Crowd]:
    """The crowd by its petitions, and what is left to its campaign where that is many, too."""
    ours = in_petition(sent, crowd.petition).order_by()
    totals = dict(ours.values_list("signature__petition").annotate(number=Count("pk")))
    shares = ours.filter(**shared(crowd.what, crowd.trait)).values_list("signature__petition")
    left = 0
    for petition, number in shares.annotate(number=Count("pk")):
        one = Crowd(petition, crowd.what, crowd.trait, number, totals[petition])
        if number >= least:
            yield one
        else:
            left += number
    if left >= least:
        yield crowd


def begin(crowd: Crowd, now: datetime, window: timedelta) -> None:
    since = now - window
    threshold = THRESHOLDS[window][crowd.what]
    petition = Petition.objects.select_related("parent", "tie__city").get(pk=crowd.petition)
    known = Wave.objects.filter(
        petition__in=[petition, petition.campaign], what=crowd.what, trait=crowd.trait
    )
    if known.lasting().exists() or known.cleared_lately().exists():
        return
    if not threshold.is_reached(crowd.number, crowd.among) or is_usual(crowd, petition, since):
        return
    # What was of one before is held or was looked at already.
    ended_at = known.aggregate(at=Max("ended_at"))["at"]
    since = max(since, ended_at or since)
    Wave.objects.get_or_create(
        petition=petition,
        what=crowd.what,
        trait=crowd.trait,
        state=Wave.State.LASTING,
        defaults={"since": since, "until": since},
    )


def is_usual(crowd: Crowd, petition: Petition, since: datetime) -> bool:
    if crowd.what == What.COUNTRY:
        return crowd.trait in home_of(petition) or signed_there(crowd, petition, since)
    if crowd.what == What.ALL:
        before = made_since(since - DAY).filter(created_at__lte=since)
        hours = DAY / HOUR
        return crowd.number < TIMES_USUAL * in_petition(before, petition.pk).count() / hours
    return False


def home_of(petition: Petition) -> set[str]:
    """The countries of its cities, and those that the form lists first."""
    pages = CampaignPage.objects.filter(petition=petition.campaign)
    first = {code for each in pages for code in country_codes(each.first_countries)}
    theirs = Petition.objects.filter(Q(pk=petition.pk) | Q(parent=petition), tie__isnull=False)
    return first | set(theirs.values_list("tie__city__country", flat=True))


def signed_there(crowd: Crowd, petition: Petition, since: datetime) -> bool:
    """Whether the country was no small part of those who signed before."""
    before = Signature.objects.of_campaign(petition).counted().filter(confirmed_at__lt=since)
    number = before.filter(country=crowd.trait).count()
    return number >= max(FEWEST, FEW * before.count())


def follow(wave: Wave, now: datetime) -> None:
    seen, wave.until = wave.until, now
    if wave.holds:
        hold(wave, max(wave.since, seen - OVERLAP), now)
    number = wave.signatures().count()
    among = wave.among().that_made_it().count()
    changed = {"until": now, "number": number, "share": number / among if among else 0}
    if is_over(wave, now):
        changed |= {"state": Wave.State.OVER, "ended_at": now}
    # Whom staff have cleared meanwhile stays so.
    Wave.objects.lasting().filter(pk=wave.pk).update(**changed)


def hold(wave: Wave, since: datetime, now: datetime) -> None:
    sent = wave.submissions().filter(created_at__gt=since)
    made = sent.that_made_it().values("signature")
    lifecycle.hold(Signature.objects.filter(pk__in=made), now)
    # What may still be confirmed in a signature's place.
    Submission.objects.filter(pk__in=sent.values("pk")).hold(now)


def is_over(wave: Wave, now: datetime) -> bool:
    what, made = Wave.What(wave.what), wave.submissions().that_made_it()
    if not OF_HOUR[what].is_left(made.filter(created_at__gt=now - HOUR).count()):
        return False
    of_day = OF_DAY.get(what)
    return of_day is None or made.filter(created_at__gt=now - DAY).count() < of_day.number
