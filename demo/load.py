"""Cities and signatures without number, generated to measure with; no page of them is read."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from campaigns.models import (
    CampaignPage,
    City,
    CityName,
    Petition,
    PetitionEvent,
    PetitionPage,
    TextVersion,
    Tie,
    TieEvent,
)
from campaigns.pages.states import US_STATES
from demo.content import Item
from demo.signers import Crowd
from launches.state_zones import zone_of_city
from security.progress import Progress
from signatures.models import Signature, fold_changes

# How much is made at once, and stays when the command is stopped.
CITIES_AT_ONCE, SIGNATURES_AT_ONCE = 250, 5_000
# Every so many of the ties have ended.
ENDED = 10
# Who signs for the campaign as a whole.
FOR_THE_CAMPAIGN = 0.3
FORMS = ("name", "of_form", "in_form", "with_form")
UKRAINIAN = {
    "city": ("Місто {}", "Міста {}", "у Місті {}", "з Містом {}"),
    "sister_city": ("Град {}", "Града {}", "у Граді {}", "з Градом {}"),
}


def pages_of(campaign: Petition) -> list[CampaignPage]:
    """In each language, the oldest first."""
    found = CampaignPage.objects.filter(petition=campaign, live=True).order_by("pk")
    return list(found.select_related("locale", "petition"))


def add_cities(campaign: Petition, number: int, progress: Progress) -> None:
    """Until the campaign has so many, each with its page in each of the campaign's languages."""
    there = Petition.objects.filter(parent=campaign).count()
    for first in range(there, number, CITIES_AT_ONCE):
        numbers = range(first, min(first + CITIES_AT_ONCE, number))
        with transaction.atomic():
            _add(campaign, numbers)
        progress.step(len(numbers))


def _add(campaign: Petition, numbers: range) -> None:
    pages = pages_of(campaign)
    cities = _cities(numbers, "city", pages)
    sisters = _cities(numbers, "sister_city", pages)
    ties = Tie.objects.bulk_create(
        Tie(city=city, sister_city=sister, since=1990, checked_at=timezone.now())
        for city, sister in zip(cities, sisters, strict=True)
    )
    kinds = TieEvent.Kind
    source = {"source_title": "A report", "source_publisher": "A paper"}
    TieEvent.objects.bulk_create(
        TieEvent(
            tie=tie,
            kind=kinds.REPORTED if number % ENDED else kinds.ENDED,
            date=timezone.localdate(),
            **source,
        )
        for number, tie in zip(numbers, ties, strict=True)
    )
    petitions = Petition.objects.bulk_create(
        Petition(parent=campaign, tie=tie, time_zone=zone_of_city(tie.city)) for tie in ties
    )
    PetitionEvent.objects.bulk_create(
        PetitionEvent(
            petition=petition, kind=PetitionEvent.Kind.LAUNCHED, date=timezone.localdate()
        )
        for petition in petitions
    )
    keys: dict[str, Any] = {}
    for page in pages:
        _add_pages(page, petitions, keys)
    for page in pages:
        ours = {petition.pk for petition in petitions}
        made = [each for each in page.city_pages() if each.petition_id in ours]
        TextVersion.record((each.petition, each.words) for each in made)


def _cities(numbers: range, side: str, pages: list[CampaignPage]) -> list[City]:
    states = list(US_STATES)
    is_sister = side == "sister_city"
    cities = City.objects.bulk_create(
        City(
            key=f"{'gorod' if is_sister else 'town'}-{number}",
            region="Krai" if is_sister else states[number % len(states)],
            country="RU" if is_sister else "US",
            latitude=25 + number * 7 % 2400 / 100,
            longitude=-70 - number * 13 % 5000 / 100,
        )
        for number in numbers
    )
    names = []
    for number, city in zip(numbers, cities, strict=True):
        english = CityName.english(city, f"{'Gorod' if is_sister else 'Town'} {number}")
        for page in pages:
            name = CityName(
                city=city,
                locale=page.locale,
                translation_key=english.translation_key,
                region=city.region,
                **{form: getattr(english, form) for form in FORMS},
            )
            if page.language == "uk":
                for form, text in zip(FORMS, UKRAINIAN[side], strict=True):
                    setattr(name, form, text.format(number))
            names.append(name)
    CityName.objects.bulk_create(names)
    return cities


def _add_pages(campaign: CampaignPage, petitions: list[Petition], keys: dict[str, Any]) -> None:
    """Below the campaign's page, as treebeard numbers them; Django makes no rows of two tables."""
    last = campaign.get_children().order_by("path").last()
    step = Page._str2int(last.path[-Page.steplen :]) if last else 0
    now = timezone.now()
    pages = []
    for number, petition in enumerate(petitions, start=step + 1):
        assert petition.tie is not None  # noqa: S101
        slug = petition.tie.city.key
        page = PetitionPage(
            petition=petition,
            title=slug.replace("-", " ").title(),
            draft_title=slug.replace("-", " ").title(),
            slug=slug,
            locale=campaign.locale,
            path=Page._get_path(campaign.path, campaign.depth + 1, number),
            depth=campaign.depth + 1,
            url_path=f"{campaign.url_path}{slug}/",
            first_published_at=now,
            last_published_at=now,
        )
        page.translation_key = keys.setdefault(slug, page.translation_key)
        pages.append(page)
    names = [field.attname for field in Page._meta.concrete_fields if not field.primary_key]
    rows = Page.objects.bulk_create(
        Page(**{name: getattr(page, name) for name in names}) for page in pages
    )
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.id = row.pk
        page.save_base(raw=True, force_insert=True)
    Page.objects.filter(pk=campaign.pk).update(numchild=campaign.get_children().count())


def add_signatures(campaign: Petition, number: int, people: Item, progress: Progress) -> None:
    """Until the campaign and its cities have so many."""
    there = Signature.objects.count()
    crowd = Crowd(people, campaign, timezone.now(), first=there)
    rows: list[Signature] = []
    for row in _signatures(campaign, number - there, crowd):
        rows.append(row)
        if len(rows) == SIGNATURES_AT_ONCE:
            _store(rows, progress)
    _store(rows, progress)


def _store(rows: list[Signature], progress: Progress) -> None:
    Signature.objects.bulk_create(rows, batch_size=SIGNATURES_AT_ONCE)
    fold_changes()
    progress.step(len(rows))
    rows.clear()


def _signatures(campaign: Petition, number: int, crowd: Crowd) -> Iterator[Signature]:
    cities = list(Petition.objects.filter(parent=campaign).order_by("created_at", "id"))
    for_all = round(number * FOR_THE_CAMPAIGN) if cities else number
    for position, petition in enumerate([campaign, *cities]):
        share, more = divmod(max(0, number - for_all), len(cities) or 1)
        wanted = share + (position <= more) if petition.tie_id else for_all
        texts = {text.language: text for text in petition.texts.order_by("created_at")}
        if texts:
            yield from crowd.signatures(petition, wanted, texts)
