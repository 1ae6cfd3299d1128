"""Launching a campaign in cities: records, pages and translations, in one transaction."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Locale

from campaigns.launch_file import LaunchRow
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
from campaigns.translating import make_draft, submit, translate

KINDS = {
    Tie.Status.ACTIVE: TieEvent.Kind.REPORTED,
    Tie.Status.SUSPENDED: TieEvent.Kind.SUSPENDED,
    Tie.Status.ENDED: TieEvent.Kind.ENDED,
    Tie.Status.UNKNOWN: TieEvent.Kind.REPORTED,
}
SIDES = ("city", "sister_city")


@dataclass
class Launched:
    """What a launch did: slugs of pages made, and of those that were there already."""

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


class DryRunError(Exception):
    """Ends a dry run, so that its transaction is rolled back."""


def launch(
    campaign: CampaignPage, rows: list[LaunchRow], *, publish: bool, dry_run: bool = False
) -> Launched:
    """Launches every row, or on an error none. What is there already stays as it is.

    Without `publish`, new pages are drafts. A page goes live in another language only when both
    cities have their names in it and the campaign is live in it.
    """
    launched = Launched()
    try:
        with transaction.atomic():
            for row in rows:
                launch_row(campaign, row, publish, launched)
            if dry_run:
                raise DryRunError
    except DryRunError:
        pass
    return launched


def launch_row(campaign: CampaignPage, row: LaunchRow, publish: bool, launched: Launched) -> None:
    petition = get_petition(campaign, store_tie(row))
    page = PetitionPage.objects.filter(petition=petition, locale=campaign.locale).first()
    if page is None:
        page = make_page(campaign, petition, row)
        launched.made.append(page.slug)
    else:
        launched.kept.append(page.slug)
    # A page that somebody took down stays down.
    if publish and page.first_published_at is None:
        page.save_revision().publish()
        page.refresh_from_db()
        PetitionEvent.objects.create(
            petition=petition, kind=PetitionEvent.Kind.LAUNCHED, date=timezone.localdate()
        )
    for locale in Locale.objects.exclude(pk=campaign.locale_id):
        if page.has_translation(locale):
            continue
        complete = all(row.names.get(locale.language_code, {}).get(side) for side in SIDES)
        target = campaign.get_translation_or_none(locale)
        if complete and page.live and target and target.live:
            translate(page, page, locale)
        elif target:
            make_draft(submit(page, locale), page, locale)


def get_city(name: str, region: str, country: str, row: LaunchRow, side: str) -> City:
    city, _created = City.objects.get_or_create(
        key=f"{slugify(name)}-{slugify(region)}", defaults={"region": region, "country": country}
    )
    source = Locale.get_default()
    english = CityName.objects.filter(city=city, locale=source).first()
    if english is None:
        english = CityName.english(city, name)
        english.region = region
        english.save()
    for locale in Locale.objects.exclude(pk=source.pk):
        forms = row.names.get(locale.language_code, {}).get(side)
        if not forms:
            submit(english, locale)
        elif not CityName.objects.filter(city=city, locale=locale).exists():
            translate(english, CityName(city=city, locale=locale, **forms), locale)
    return city


def store_tie(row: LaunchRow) -> Tie:
    """The tie of a row with its cities, names and what is known about it."""
    city = get_city(row.city, row.state, "US", row, "city")
    sister_city = get_city(row.sister_city, row.sister_region, "RU", row, "sister_city")
    tie, _created = Tie.objects.get_or_create(
        city=city, sister_city=sister_city, defaults={"since": row.since}
    )
    if row.source_title:
        details: dict[str, Any] = {
            "kind": KINDS[row.status],
            "date": None if row.status == Tie.Status.UNKNOWN else row.status_date,
            "source_title": row.source_title,
            "source_publisher": row.source_publisher,
            "source_url": row.source_url,
        }
        TieEvent.objects.get_or_create(tie=tie, **details)
    return tie


def get_petition(campaign: CampaignPage, tie: Tie) -> Petition:
    return Petition.objects.get_or_create(parent=campaign.petition, tie=tie)[0]


def make_page(campaign: CampaignPage, petition: Petition, row: LaunchRow) -> PetitionPage:
    slug = f"{slugify(row.city)}-{slugify(row.state)}"
    if PetitionPage.objects.child_of(campaign).filter(slug=slug).exists():
        slug = f"{slug}-{slugify(row.sister_city)}"
    page = PetitionPage(
        title=f"{row.city}, {row.state}",
        slug=slug,
        locale=campaign.locale,
        petition=petition,
        live=False,
    )
    # The parent's count of children is in the database only.
    CampaignPage.objects.get(pk=campaign.pk).add_child(instance=page)
    return page
