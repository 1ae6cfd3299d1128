"""What rendering takes: a city's page beside a plain Wagtail page, many cities beside few."""

import statistics
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from campaigns.models import PetitionPage

FEW, MANY = 50, 500
SIGNATURES = 20_000
ROUNDS = 15
# What a city more may cost, as a share of what each of the first ones costs.
PER_CITY = 1.3
LISTS = {
    "home": "/uk/",
    "the search": "/uk/?q=town",
    "the tracker": "/uk/{campaign}/cities/",
    "an ended city's page": "/uk/{campaign}/{ended}/",
    "a part of the sitemap": "/sitemap.xml?p=1",
    "a page of the public list": "/api/petitions/",
}


def interleaved_ms(*runs: Callable[[], Any]) -> list[float]:
    """Medians of what is done by turns, so that a busy machine is busy for all."""
    times: list[list[float]] = [[] for _run in runs]
    for _round in range(ROUNDS):
        for run, taken in zip(runs, times, strict=True):
            start = time.perf_counter()
            run()
            taken.append((time.perf_counter() - start) * 1000)
    return [statistics.median(taken) for taken in times]


def plain_address(page: "PetitionPage") -> str:
    """Of a plain page, made to say what a city's page says."""
    from django.test import Client
    from plain.models import PlainPage

    from home.models import HomePage

    html = Client(HTTP_HOST="localhost").get(page.url).content.decode()
    before, rest = html.split("</section>", 1)
    copied = PlainPage(
        title=page.title,
        slug="plain",
        locale=page.locale,
        before=before + "</section>",
        after=rest[rest.index('<aside class="petition__side">') :],
    )
    copied.body = [(block.block_type, block.value) for block in page.blocks]
    HomePage.objects.get(locale=page.locale).add_child(instance=copied)
    return str(copied.url)


def against_plain() -> tuple[str, float, float, float]:
    from django.conf import settings
    from django.test import Client

    from campaigns.models import PetitionPage

    # As on a real site: not at every request.
    settings.VERSION_SECONDS = 0.5
    page = PetitionPage.objects.filter(locale__language_code="uk", live=True).first()
    assert page is not None
    address = plain_address(page)
    client = Client(HTTP_HOST="localhost")
    plain = Client(HTTP_HOST="localhost", headers={"X-Plain": "yes"})
    for _time in range(3):
        assert client.get(page.url).status_code == plain.get(address).status_code == 200
    value, floor = interleaved_ms(lambda: client.get(page.url), lambda: plain.get(address))
    return "rendering a city's page, against a plain Wagtail page", value, floor, 1.0


def lists_ms() -> dict[str, float]:
    from django.test import Client

    from campaigns.models import CampaignPage, PetitionPage, TieEvent

    campaign = CampaignPage.objects.get(locale__language_code="uk")
    ended = PetitionPage.objects.filter(
        live=True, petition__tie__events__kind=TieEvent.Kind.ENDED, locale=campaign.locale
    )
    names = {"campaign": campaign.slug, "ended": ended.order_by("path")[0].slug}
    client = Client(HTTP_HOST="localhost")
    addresses = [address.format(**names) for address in LISTS.values()]
    for address in addresses:
        assert client.get(address).status_code == 200, address
    taken = interleaved_ms(*(lambda each=each: client.get(each) for each in addresses))
    return dict(zip(LISTS, taken, strict=True))


def measure() -> list[tuple[str, float, float, float]]:
    """Name, milliseconds, floor and goal; to be run on the demo's database."""
    from django.core.management import call_command

    results = [against_plain()]
    times = []
    for cities in (FEW, MANY):
        call_command("generate_load", cities=cities, signatures=SIGNATURES, stdout=sys.stderr)
        times.append(lists_ms())
    few, many = times
    # Of a list in parts, a part takes no longer once it is full.
    results += [
        (
            f"{name}, a city of {MANY}, against one of {FEW}",
            many[name] / MANY,
            few[name] / FEW,
            PER_CITY,
        )
        for name in LISTS
    ]
    return results
