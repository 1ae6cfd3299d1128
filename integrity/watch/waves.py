"""The worker looks for waves, holds what comes of them, and ends them."""

import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce

from campaigns.models import CampaignPage, Petition
from campaigns.pages.sign_form import country_codes
from integrity.models import Wave
from integrity.models.waves import COLUMNS, in_petition
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
from signatures.lifecycle import AT_ONCE
from signatures.models import Signature, Submission, SubmissionQuerySet

# What was stored while it was looked at, or confirmed in that moment, is looked at once more.
OVERLAP = timedelta(minutes=3)
CAMPAIGN = Coalesce("signature__petition__parent", "signature__petition")
# Petition, campaign, trait and number.
Group = tuple[uuid.UUID, uuid.UUID, str | bool, int]


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
    since = now - window
    places = grouped(made_since(since), "signature__country")
    totals: Counter[uuid.UUID] = Counter()
    campaigns: Counter[uuid.UUID] = Counter()
    for petition, campaign, _country, number in places:
        totals[petition] += number
        campaigns[campaign] += number
    for what, threshold in THRESHOLDS[window].items():
        if max(campaigns.values(), default=0) < threshold.number:
            continue
        is_counted = what in (What.COUNTRY, What.ALL)
        found = places if is_counted else alike(since, what, threshold.number)
        for (campaign, trait), shares in by_trait(found, what).items():
            whole = Crowd(campaign, what, trait, shares.total(), campaigns[campaign])
            yield from spread(whole, shares, totals, threshold.number)


def grouped(sent: SubmissionQuerySet, column: str) -> list[Group]:
    by = sent.order_by().values_list("signature__petition", CAMPAIGN, column)
    return list(by.annotate(number=Count("pk")))


def alike(since: datetime, what: Wave.What, least: int) -> list[Group]:
    """Those that many share, if any do among all that was sent: to find the signatures of that,
    and whose they are, takes several times as long as to count it."""
    sent, column = Submission.objects.filter(created_at__gt=since).order_by(), COLUMNS.get(what)
    if column is None:
        thrown_away = sent.filter(is_disposable=True)
        is_many = thrown_away.count() >= least
        return grouped(thrown_away.that_made_it(), "is_disposable") if is_many else []
    if what == What.DOMAIN:
        sent = sent.filter(Q(domain="") | Q(is_disposable=True))
    counted = sent.exclude(**{column: ""}).values_list(column).annotate(number=Count("pk"))
    traits = [trait for trait, _number in counted.filter(number__gte=least)]
    return grouped(sent.that_made_it().filter(**{f"{column}__in": traits}), column)


def by_trait(
    found: list[Group], what: Wave.What
) -> dict[tuple[uuid.UUID, str], Counter[uuid.UUID]]:
    """By campaign and trait, how many signed which petition."""
    shares: dict[tuple[uuid.UUID, str], Counter[uuid.UUID]] = defaultdict(Counter)
    for petition, campaign, trait, number in found:
        shares[campaign, str(trait) if what in COLUMNS else ""][petition] += number
    return shares


def spread(
    whole: Crowd, shares: Counter[uuid.UUID], totals: Counter[uuid.UUID], least: int
) -> Iterator[Crowd]:
    """The crowd by its petitions, and what is left to its campaign where that is many, too."""
    left = 0
    for petition, number in shares.items():
        if number >= least:
            yield Crowd(petition, whole.what, whole.trait, number, totals[petition])
        else:
            left += number
    if left >= least:
        yield whole


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
    made = sent.that_made_it().filter(signature__held_at=None)
    # Looked for once, and not anew with each batch.
    keys = list(made.values_list("signature", flat=True))
    for first in range(0, len(keys), AT_ONCE):
        began = time.monotonic()
        lifecycle.hold(Signature.objects.filter(pk__in=keys[first : first + AT_ONCE]), now)
        # As long again for those who read and sign: the wave has minutes.
        time.sleep(time.monotonic() - began)
    # What may still be confirmed in a signature's place.
    Submission.objects.filter(pk__in=sent.values("pk")).hold(now)


def is_over(wave: Wave, now: datetime) -> bool:
    what, made = Wave.What(wave.what), wave.submissions().that_made_it()
    if not OF_HOUR[what].is_left(made.filter(created_at__gt=now - HOUR).count()):
        return False
    of_day = OF_DAY.get(what)
    return of_day is None or made.filter(created_at__gt=now - DAY).count() < of_day.number
