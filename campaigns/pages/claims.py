"""The evidence of a campaign: each claim at an address of its own, those about cities by pair."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from django.core.paginator import Page as PaginatorPage
from django.core.paginator import Paginator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext
from wagtail.blocks import BoundBlock, StructValue
from wagtail.models import PageManager
from wagtail.query import PageQuerySet
from wagtail.rich_text import get_text_for_indexing

from campaigns.blocks.citations import KEY_LENGTH, claim_key
from campaigns.pages.city_rows import CityRow, Names, ShownName, address_below
from campaigns.pages.petition_base import below
from campaigns.records.cities import City
from pagecache.holes import Moving, kind

# Of what is told of a claim elsewhere.
LONGEST = 200
# More of them stand in the list of all cities alone.
PAIRS_ON_THE_PAGE = 20
BELOW = "evidence/"
SIDES = ("city", "sister_city")
CITY_COLUMNS = ("id", "key", "region")


class Holder(Protocol):
    """A page whose blocks are claims, among others: a campaign's, or a city's."""

    objects: PageManager
    pk: int
    body: Any
    translation_key: Any
    petition: Any
    last_published_at: datetime | None


class Campaign(Holder, Protocol):
    url: str | None
    full_url: str | None

    @property
    def language(self) -> str: ...
    def cities_below(self) -> PageQuerySet: ...


@dataclass(frozen=True)
class ClaimLink:
    """What leads to a claim, and who says so."""

    address: str
    heading: str
    when: str
    # Each with its language.
    publishers: tuple[tuple[str, str], ...]


def stored_claims(blocks: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A block that was never saved by the editor may be without an id, and so an address."""
    return [block for block in blocks if block["type"] == "evidence" and block.get("id")]


def link_to(block: dict[str, Any], campaign_url: str) -> ClaimLink:
    value = block["value"]
    sources = [item.get("value", item) for item in value.get("sources") or []]
    named = ((source.get("publisher"), source.get("language") or "") for source in sources)
    publishers = dict.fromkeys(each for each in named if each[0])
    return ClaimLink(
        f"{campaign_url}{BELOW}{claim_key(block['id'])}/",
        value.get("heading") or "",
        value.get("when") or "",
        tuple(publishers),
    )


def claims_by_page(campaign: Campaign) -> dict[int, tuple[ClaimLink, ...]]:
    """The claims about each pair, by its city's page."""
    return {row.pk: links for row, links in rows_with_claims(campaign)}


def rows_with_claims(campaign: Campaign) -> Iterator[tuple[Any, tuple[ClaimLink, ...]]]:
    """Cities' pages, in one query, with the claims of the campaign and their own."""
    about = defaultdict(list)
    for block in stored_claims(campaign.body.raw_data):
        about[block["value"].get("city")].append(block)
    about.pop(None, None)
    pages = with_stored_body(campaign.cities_below().live()).filter(
        concerning(about) | Q(stored__contains='"evidence"')
    )
    columns = {
        f"{side}_{column}": F(f"petition__tie__{side}__{column}")
        for side in SIDES
        for column in CITY_COLUMNS
    }
    found = pages.annotate(hidden=F("petition__hidden_blocks"), **columns).order_by()
    for row in found.values_list("pk", "url_path", "hidden", "stored", *columns, named=True):
        both = [*about.get(row.city_id, ()), *about.get(row.sister_city_id, ())]
        inherited = [block for block in both if block["id"] not in row.hidden]
        blocks = [*inherited, *stored_claims(json.loads(row.stored))]
        if blocks:
            yield row, tuple(link_to(block, campaign.url or "") for block in blocks)


def concerning(cities: Iterable[int]) -> Q:
    """The pages of pairs that one of the cities belongs to."""
    return Q(petition__tie__city__in=cities) | Q(petition__tie__sister_city__in=cities)


def with_stored_body(pages: PageQuerySet) -> PageQuerySet:
    return pages.annotate(stored=Cast("body", models.TextField()))


@dataclass(frozen=True)
class PairEvidence:
    url: str
    claims: tuple[ClaimLink, ...]
    city_name: ShownName
    sister_city_name: ShownName


@dataclass(frozen=True)
class CityEvidence:
    """What a campaign's page shows of it."""

    # Only the list of all cities has all of them where it `has_next`.
    pairs: PaginatorPage
    # About cities that are in no pair here.
    others: list[ClaimLink]


def pairs_of(campaign: Campaign) -> list[PairEvidence]:
    rows = list(rows_with_claims(campaign))
    ids = {getattr(row, f"{side}_id") for row, _links in rows for side in SIDES}
    names = Names.of(ids, campaign.language) if rows else None
    return [
        PairEvidence(address_below(campaign, row.url_path), links, *names_in(row, names))
        for row, links in rows
        if names
    ]


def names_in(row: NamedTuple, names: Names) -> Iterator[ShownName]:
    for side in SIDES:
        pk, key, region = (getattr(row, f"{side}_{column}") for column in CITY_COLUMNS)
        yield names.shown(City(pk=pk, key=key, region=region))


def evidence_about_cities(campaign: Campaign) -> CityEvidence:
    """In two queries."""
    pairs = sorted(pairs_of(campaign), key=lambda pair: pair.city_name.order)
    paired = {link for pair in pairs for link in pair.claims}
    about = [
        link_to(block, campaign.url or "")
        for block in stored_claims(campaign.body.raw_data)
        if block["value"].get("city")
    ]
    others = [link for link in about if link not in paired]
    return CityEvidence(Paginator(pairs, PAIRS_ON_THE_PAGE).page(1), others)


def nearest_first(inherited: list[Any], own: list[Any]) -> list[Any]:
    """Blocks of a city's page, its claims at the first one's place, those about the city first."""
    blocks = [*inherited, *own]
    claims = [block for block in blocks if block.block_type == "evidence"]
    if not claims:
        return blocks
    place = blocks.index(claims[0])
    claims.sort(key=lambda claim: claim not in own and claim.city is None)
    rest = [block for block in blocks if block not in claims]
    return [*rest[:place], *claims, *rest[place:]]


def with_claims(rows: list[CityRow], found: dict[int, tuple[ClaimLink, ...]]) -> list[CityRow]:
    return [replace(row, claims=found[row.pk]) if row.pk in found else row for row in rows]


@dataclass(frozen=True)
class FoundClaim:
    """A claim, and the page whose block it is: its campaign's, or a city's."""

    block: BoundBlock
    holder: Holder

    @property
    def value(self) -> StructValue:
        return self.block.value

    def address(self, campaign: Campaign) -> str:
        return f"{campaign.full_url}{BELOW}{claim_key(self.block.id)}/"

    @property
    def description(self) -> str:
        """What search engines and shared links tell of it; nothing that readers are warned of."""
        value, told = self.value, ""
        if not value["content_warning"]:
            told = get_text_for_indexing(value["what_happened"].source)
        publishers = "; ".join(dict.fromkeys(source["publisher"] for source in value["sources"]))
        source = gettext("According to: %(publishers)s") % {"publishers": publishers}
        return " · ".join(filter(None, (value["when"], Truncator(told).chars(LONGEST), source)))

    def languages(self) -> list[str]:
        """Those in which the claim is live."""
        pages = type(self.holder).objects.filter(translation_key=self.holder.translation_key)
        here = with_stored_body(pages.live()).filter(stored__contains=str(self.block.id))
        return list(here.values_list("locale__language_code", flat=True))

    def pairs(self, city_pages: PageQuerySet) -> PageQuerySet:
        """The pages of the cities that the claim concerns, where it is about any and not hidden."""
        if self.holder.petition.tie_id:
            return city_pages.filter(pk=self.holder.pk)
        city = self.value["city"]
        if city is None:
            return city_pages.none()
        pages = city_pages.filter(concerning([city.pk]))
        hidden = pages.order_by().values_list("pk", "petition__hidden_blocks")
        return pages.exclude(pk__in=[pk for pk, blocks in hidden if self.block.id in blocks])


def find_claim(campaign: Campaign, key: str) -> FoundClaim | None:
    if len(key) < KEY_LENGTH:
        # It names none, and is found in the middle of many.
        return None
    held = with_stored_body(campaign.cities_below().live()).filter(stored__contains=f'"{key}')
    return claim_in(campaign, key) or next(
        filter(None, (claim_in(page, key) for page in held)), None
    )


def addresses_below(campaign: Campaign) -> dict[str, datetime | None]:
    """Of all claims of a campaign and of its cities, with when their pages were published."""
    cities = with_stored_body(campaign.cities_below().live()).filter(stored__contains='"evidence"')
    rows = cities.order_by("path").values_list("stored", "last_published_at")
    bodies = [(json.loads(stored), published) for stored, published in rows]
    found: dict[str, datetime | None] = {}
    for body, published in [(campaign.body.raw_data, campaign.last_published_at), *bodies]:
        for block in stored_claims(body):
            found.setdefault(f"{BELOW}{claim_key(block['id'])}/", published)
    return found


def in_sitemap(
    campaign_url: dict[str, Any], part: str, live: dict[str, dict[str, datetime | None]], own: str
) -> dict[str, Any]:
    """The entry of a claim, beside those of its translations; `live` holds what languages have."""
    url = below(campaign_url, part)
    said = [each for each in url["alternates"] if part in live.get(each["lang_code"], ())]
    return {**url, "alternates": said, "lastmod": live[own][part]}


def claim_in(page: Holder, key: str) -> FoundClaim | None:
    for number, block in enumerate(page.body.raw_data):
        if block["type"] == "evidence" and claim_key(block.get("id")) == key:
            return FoundClaim(page.body[number], page)
    return None


def today(_moving: Moving, time_zone: str) -> str:
    return timezone.localdate(timezone=ZoneInfo(time_zone)).isoformat()


@kind(stamp=today)
def day_of_reading(_moving: Moving, time_zone: str) -> str:
    """On a page that is kept, too."""
    return date_format(timezone.localdate(timezone=ZoneInfo(time_zone)), "DATE_FORMAT")
