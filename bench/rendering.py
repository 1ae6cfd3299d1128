"""What rendering takes: a city's page beside a plain Wagtail page."""

import json
import re
import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plain.models import PlainPage

    from campaigns.models import PetitionPage

ROUNDS = 40
# Of the words on a city's page, hints of the form that a plain page says otherwise.
MOST_MISSING = 0.1


def interleaved_ms(*runs: Callable[[], Any]) -> list[float]:
    """Medians of what is done by turns, so that a busy machine is busy for all."""
    times: list[list[float]] = [[] for _run in runs]
    for _round in range(ROUNDS):
        for run, taken in zip(runs, times, strict=True):
            start = time.perf_counter()
            run()
            taken.append((time.perf_counter() - start) * 1000)
    return [statistics.median(taken) for taken in times]


def plain_pages(page: "PetitionPage") -> list["PlainPage"]:
    """Plain pages that say in each language what a city's page says, with as much news."""
    from django.test import Client

    made: list[PlainPage] = []
    for each in page.get_translations(inclusive=True).live().order_by("-pk"):
        html = Client(HTTP_HOST="localhost").get(each.url).content.decode()
        key = {"translation_key": made[0].translation_key} if made else {}
        made.append(plain_page(each, html, **key))
    return made


def plain_page(page: "PetitionPage", html: str, **values: Any) -> "PlainPage":
    """A plain page that says what a city's page says, whose HTML is given."""
    from plain.models import PlainPage

    from home.models import HomePage

    copied = PlainPage(
        title=page.heading,
        slug="plain",
        locale=page.locale,
        who=page.starter,
        to=page.recipient,
        lead=page.summary,
        facts=part_of(html, '<figure class="tie', "</figure>"),
        ask=page.demand,
        events=part_of(html, '<section class="timeline"', "</section>"),
        links=part_of(html, f'<p><a href="{page.campaign.url}">', "</p>"),
        consent=page.consent,
        petition=page.petition,
        body=body_of(page),
        **values,
    )
    HomePage.objects.get(locale=page.locale).add_child(instance=copied)
    for update in page.newest_updates():
        news = {
            "title": update.title,
            "slug": update.slug,
            "lead": update.lead,
            "date": update.date,
        }
        words = {"who": "", "to": "", "ask": "", "consent": "", "petition": page.petition}
        copied.add_child(instance=PlainPage(locale=page.locale, **news, **words))
    return copied


def body_of(page: "PetitionPage") -> str:
    from django.core.serializers.json import DjangoJSONEncoder

    blocks = [block.bound.get_prep_value() for block in page.blocks]
    return json.dumps(blocks, cls=DjangoJSONEncoder)


def part_of(html: str, start: str, end: str) -> str:
    _before, found, rest = html.partition(start)
    return found + rest.partition(end)[0] + end if found else ""


def words_of(html: bytes) -> set[str]:
    text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", html.decode(), flags=re.DOTALL)
    return set(re.findall(r"\w{3,}", text))


def against_plain() -> tuple[str, float, float, float]:
    from django.conf import settings
    from django.test import Client
    from plain.urls import plain_client

    from campaigns.models import PetitionPage

    # As on a real site: not at every request.
    settings.VERSION_SECONDS = 0.5
    page = PetitionPage.objects.filter(locale__language_code="uk", live=True).first()
    assert page is not None
    address = next(each.url for each in plain_pages(page) if each.locale == page.locale)
    client, plain = Client(HTTP_HOST="localhost"), plain_client()
    for _time in range(3):
        ours, theirs = client.get(page.url), plain.get(address)
        assert ours.status_code == theirs.status_code == 200
    missing = words_of(ours.content) - words_of(theirs.content)
    assert len(missing) < MOST_MISSING * len(words_of(ours.content)), sorted(missing)
    value, floor = interleaved_ms(lambda: client.get(page.url), lambda: plain.get(address))
    return "rendering a city's page, against a plain Wagtail page", value, floor, 1.0


def measure() -> list[tuple[str, float, float, float]]:
    """Name, milliseconds, floor and goal; to be run on the demo's database."""
    return [against_plain()]
