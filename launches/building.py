"""Launching a campaign in cities: records, pages and translations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from accounts.models import User
from campaigns.models import (
    CampaignPage,
    City,
    CityName,
    Petition,
    PetitionEvent,
    PetitionPage,
    Tie,
    TieEvent,
)
from launches import mayors
from launches.rows import LaunchRow, slug_of
from launches.state_zones import zone_of_row
from translations.submission import make_draft, submit, translate

KINDS = {
    Tie.Status.ACTIVE: TieEvent.Kind.REPORTED,
    Tie.Status.SUSPENDED: TieEvent.Kind.SUSPENDED,
    Tie.Status.ENDED: TieEvent.Kind.ENDED,
    Tie.Status.UNKNOWN: TieEvent.Kind.REPORTED,
}


@dataclass
class Launched:
    """What a launch did: slugs of pages made, and of those that were there already.

    `records` holds the ids of what is new, by kind, so that it can be taken back; `user` is whoever
    launches.
    """

    user: User | None = None
    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    records: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, created: bool, pk: int | UUID) -> None:
        if created:
            self.records[kind].append(str(pk))


@transaction.atomic
def launch_cities(campaign: CampaignPage, rows: list[LaunchRow], *, publish: bool) -> Launched:
    """Launches every row, or on an error none. What is there already stays as it is.

    Without `publish`, new pages are drafts. A page goes live in another language only when both
    cities have their names in it and the campaign is live in it.
    """
    launched = Launched()
    for row in rows:
        launch_row(campaign, row, publish, launched)
    return launched


def wait_for_turn() -> None:
    """Whoever else launches waits until this transaction's end; signers do not.

    Launches of two campaigns share cities, so one locks the petitions of all campaigns.
    """
    campaigns = Petition.objects.filter(parent=None).order_by("pk")
    list(campaigns.select_for_update(no_key=True).values_list("pk"))


def launch_row(campaign: CampaignPage, row: LaunchRow, publish: bool, launched: Launched) -> None:
    wait_for_turn()
    launch_tie(campaign, store_tie(row, launched), publish, launched, zone_of_row(row))


def launch_tie(
    campaign: CampaignPage, tie: Tie, publish: bool, launched: Launched, time_zone: str
) -> None:
    """Gives a tie its petition and its page in every language."""
    wait_for_turn()
    for city in (tie.city, tie.sister_city):
        name_city(city)
    petition, created = Petition.objects.get_or_create(
        parent=campaign.petition, tie=tie, defaults={"time_zone": time_zone}
    )
    launched.note("petitions", created, petition.pk)
    page = PetitionPage.objects.filter(petition=petition, locale=campaign.locale).first()
    if page is None:
        page = make_page(campaign, petition)
        launched.made.append(page.slug)
    else:
        launched.kept.append(page.slug)
    # A page that somebody took down stays down.
    if publish and page.first_published_at is None:
        page.save_revision().publish()
        page.refresh_from_db()
        # Where the tie has ended, nobody can sign: the page tells so, and nothing begins.
        if tie.status != Tie.Status.ENDED:
            PetitionEvent.objects.create(
                petition=petition,
                kind=PetitionEvent.Kind.LAUNCHED,
                date=petition.local_time(timezone.now()).date(),
            )
    for locale in Locale.objects.exclude(pk=campaign.locale_id):
        if page.has_translation(locale):
            if page.slug in launched.made:
                submit(page, locale)
            continue
        target = campaign.get_translation_or_none(locale)
        if page.live and target and target.live and is_named(tie, locale):
            translate(page, page, locale)
        elif target:
            make_draft(submit(page, locale), page, locale)


def is_named(tie: Tie, locale: Locale) -> bool:
    """Whether both cities have their names in a language."""
    names = CityName.objects.filter(locale=locale, city__in=[tie.city_id, tie.sister_city_id])
    return names.count() == 2


def get_city(row: LaunchRow, side: str, launched: Launched | None = None) -> City:
    """One of a row's cities, `city` or `sister_city`, with the names that the row gives it."""
    is_sister = side == "sister_city"
    name, region = (row.sister_city, row.sister_region) if is_sister else (row.city, row.state)
    city, created = City.objects.get_or_create(
        key=row.sister_key if is_sister else row.key,
        defaults={"region": region, "country": "RU" if is_sister else "US"},
    )
    if launched:
        launched.note("cities", created, city.pk)
    if row.latitude and not is_sister:
        # Where it lies already, somebody else has said.
        City.objects.filter(pk=city.pk, latitude=None, longitude=None).update(
            latitude=row.latitude, longitude=row.longitude
        )
    name_city(city, name, region, {code: sides.get(side) for code, sides in row.names.items()})
    return city


def name_city(
    city: City,
    name: str = "",
    region: str = "",
    names: Mapping[str, dict[str, str] | None] | None = None,
) -> None:
    """Gives a city its English name if it has none, and puts that before every language's
    translators, unless its name there is among `names`, by language."""
    source = Locale.get_default()
    english = CityName.objects.filter(city=city, locale=source).first()
    if english is None:
        english = CityName.english(city, name or city.name_in_key)
        english.region = region or city.region
        english.save()
    for locale in Locale.objects.exclude(pk=source.pk):
        if CityName.objects.filter(city=city, locale=locale).exists():
            continue
        if forms := (names or {}).get(locale.language_code):
            translate(english, CityName(city=city, locale=locale, **forms), locale)
        else:
            submit(english, locale)


def store_tie(row: LaunchRow, launched: Launched | None = None) -> Tie:
    """The tie of a row with its cities, names and what is known about it."""
    tie, created = Tie.objects.get_or_create(
        city=get_city(row, "city", launched),
        sister_city=get_city(row, "sister_city", launched),
        defaults={"since": row.since},
    )
    if launched:
        launched.note("ties", created, tie.pk)
    mayor = mayors.store(tie.city, row.mayor)
    if launched and mayor:
        launched.note("recipients", True, mayor.pk)
    store_status(row, tie, launched)
    return tie


def event_details(row: LaunchRow) -> dict[str, Any]:
    """What a row says of its tie, by the fields of an event."""
    return {
        "kind": KINDS[row.status],
        "date": None if row.status == Tie.Status.UNKNOWN else row.status_date,
        "source_title": row.source_title,
        "source_publisher": row.source_publisher,
        "source_url": row.source_url,
        "source_language": row.source_language,
    }


def store_status(row: LaunchRow, tie: Tie, launched: Launched | None = None) -> None:
    """What a row says of its tie, unless it is known already, and of who has looked."""
    if not row.source_title:
        return
    details, before = event_details(row), tie.status
    if not TieEvent.objects.filter(tie=tie, **details).exists():
        event = TieEvent.objects.create(tie=tie, **details)
        if launched:
            launched.note("events", True, event.pk)
    store_check(row, tie, before, launched.user if launched else None)


def store_check(row: LaunchRow, tie: Tie, before: Tie.Status, user: User | None) -> None:
    """When its status was checked, by a row that says so; a check of another status is none."""
    now = Tie.objects.get(pk=tie.pk).status
    kept = tie.checked_at if now == before else None
    told = checked_moment(row) if now == row.status else None
    checked_at = max(filter(None, (kept, told)), default=None)
    if checked_at != tie.checked_at:
        checked_by = user if checked_at == told else None
        Tie.objects.filter(pk=tie.pk).update(checked_at=checked_at, checked_by=checked_by)


def checked_moment(row: LaunchRow) -> datetime | None:
    """Noon of the day that a row names, which is that day in all of its country's zones."""
    if row.checked_at is None:
        return None
    noon = datetime.combine(row.checked_at, time(12), ZoneInfo(zone_of_row(row)))
    return min(noon, timezone.now())


def known_ties(rows: Iterable[LaunchRow]) -> dict[tuple[str, str], Tie]:
    """Those of the rows that are there already, by the keys of their cities."""
    keys = {key for row in rows for key in (row.key, row.sister_key)}
    ties = Tie.objects.filter(city__key__in=keys).select_related("city", "sister_city")
    found = ties.prefetch_related("events")
    return {(tie.city.key, tie.sister_city.key): tie for tie in found}


def store_statuses(rows: list[LaunchRow], user: User | None) -> Launched:
    """What rows say of ties that are known already."""
    known = known_ties(rows)
    launched = Launched(user)
    for row in rows:
        if tie := known.get((row.key, row.sister_key)):
            store_status(row, tie, launched)
    return launched


def make_page(campaign: CampaignPage, petition: Petition) -> PetitionPage:
    tie = petition.tie
    assert tie is not None, "a city's petition has its tie"  # noqa: S101
    # A page that stands in another language alone is completed: the two say the same.
    other = petition.pages().order_by("pk").first()
    page = PetitionPage(
        translation_key=other.translation_key if other else uuid4(),
        title=str(tie.city.name_in(campaign.language)),
        slug=other.slug if other else free_slug(campaign, tie),
        locale=campaign.locale,
        petition=petition,
        live=False,
    )
    # The parent's count of children is in the database only.
    CampaignPage.objects.get(pk=campaign.pk).add_child(instance=page)
    return page


def free_slug(campaign: CampaignPage, tie: Tie) -> str:
    slug = tie.city.key
    if PetitionPage.objects.child_of(campaign).filter(slug=slug).exists():
        sister = tie.sister_city.name_in(campaign.language).name
        slug = f"{slug}-{slug_of(sister)}"
    return slug
