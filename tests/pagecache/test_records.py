"""An edit of one city leaves the pages of the others as they are, and nothing else does."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from campaigns.models import (
    CampaignPage,
    City,
    CityName,
    Petition,
    PetitionEvent,
    PetitionPage,
    Tie,
    TieEvent,
    UpdatePage,
)
from cms.settings import shown
from pagecache.models import Change
from pagecache.records import MOST_ROWS, Statement
from pagecache.versions import Counted
from tests.pagecache.browser import CITY, Process, commit
from tests.pagecache.ways import CITY_UK, WAYS, WHEN, edit, event, won
from tests.support.factories import make_city_petition, publish
from tests.support.kinds import SmallSite

TACOMA, TACOMA_UK = "/en/end-ties/tacoma-washington/", "/uk/end-ties/tacoma-washington/"
OTHERS = [TACOMA, TACOMA_UK]
ADDRESSES = [
    *OTHERS,
    *(CITY, CITY_UK, "/en/", "/uk/", "/en/end-ties/", "/en/end-ties/cities/"),
    *(f"{CITY}news/", "/en/end-ties/feed/", "/api/petitions/", "/sitemap.xml"),
]


@pytest.fixture
def two_cities(kept_site: SmallSite) -> SmallSite:
    tacoma = make_city_petition(kept_site["campaign"], "Tacoma", "Washington")
    commit()
    return {**kept_site, "tacoma": tacoma}


def petition_of(site: SmallSite) -> Petition:
    return Petition.objects.get(pk=site["portland"]["en"].petition_id)


def save(row: Model, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


def publish_with_events(site: SmallSite) -> None:
    """As the petition's form does."""
    petition = petition_of(site)
    petition.events = [PetitionEvent(kind="delivered", date="2024-02-03")]
    petition.save()


# Doors by which one city alone is changed.
OF_ONE: dict[str, Callable[[SmallSite], object]] = {
    "its page": lambda site: edit(site["portland"]["en"], own_heading="A new heading"),
    "its translation": lambda site: edit(site["portland"]["uk"], own_ask="Нове прохання."),
    "its slug": lambda site: save(
        PetitionPage.objects.get(pk=site["portland"]["uk"].pk), seo_title="Another title"
    ),
    "an end of its page": lambda site: PetitionPage.objects.get(
        pk=site["portland"]["en"].pk
    ).unpublish(),
    "its goal": lambda site: save(petition_of(site), goal=4321),
    "its pause": lambda site: Petition.objects.filter(pk=petition_of(site).pk).update(
        is_paused=True
    ),
    "its events": publish_with_events,
    "its victory": won,
    "its tie": lambda site: save(site["portland"]["en"].tie, since=1999),
    "a report on its tie": event("suspended"),
    "an end of its tie": event("ended"),
    "a report taken back": lambda site: site["portland"]["en"].tie.events.get().delete(),
    "its name": lambda site: save(CityName.objects.get(name="Portland"), name="Portland!"),
    "its place": lambda site: save(City.objects.get(key="portland-oregon"), latitude=45),
}


def another_city(site: SmallSite) -> object:
    return make_city_petition(site["campaign"], "Portland", "Maine")


def news(site: SmallSite) -> None:
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    campaign.add_child(instance=UpdatePage(title="Some news", slug="some", locale=campaign.locale))
    publish(UpdatePage.objects.get())


def move_report(site: SmallSite) -> None:
    tie = Tie.objects.get(petitions=site["tacoma"]["en"].petition)
    save(TieEvent.objects.exclude(tie=tie).get(), tie=tie)


# And those by which others are changed too.
OF_MORE: dict[str, Callable[[SmallSite], object]] = {
    **{f"in general: {name}": way for name, (way, *_told) in WAYS.items()},
    "another city": another_city,
    "news": news,
    "a report on another tie": move_report,
    "the sister city of both": lambda site: save(
        CityName.objects.get(name="Khabarovsk"), name="Khabarovsk!"
    ),
    "the campaign's petition": lambda site: save(
        petition_of(site).campaign, is_closed_for_good=True
    ),
    "a page's end": lambda site: PetitionPage.objects.get(pk=site["portland"]["en"].pk).delete(),
    "a move": lambda site: Page.objects.get(pk=site["portland"]["en"].pk).move(
        site["campaign"]["en"], "first-child"
    ),
}


@pytest.mark.parametrize("door", [*OF_ONE, *OF_MORE])
def test_after_any_change_every_page_says_what_it_would_say_anew(
    two_cities: SmallSite, here: Process, door: str
) -> None:
    for address in ADDRESSES:
        here.get(address)
    {**OF_ONE, **OF_MORE}[door](two_cities)
    commit()
    before = len(here.rendered)
    kept = {address: here.get(address).text for address in ADDRESSES}
    rendered = here.rendered[before:]
    for address, text in kept.items():
        anew = Client().get(address, HTTP_HOST="testserver").content.decode()
        assert WHEN.sub("", text) == WHEN.sub("", anew), address
    if door in OF_ONE:
        assert rendered == [address for address in ADDRESSES if address not in OTHERS]


def tie_ended(site: SmallSite) -> None:
    told = {"date": "2024-02-03", "source_title": "Minutes", "source_publisher": "City"}
    TieEvent.objects.create(tie=site["tacoma"]["en"].tie, kind="ended", **told)


@pytest.mark.parametrize(
    "stop",
    [
        tie_ended,
        lambda site: save(site["tacoma"]["en"].petition, is_paused=True),
        lambda site: save(
            site["tacoma"]["en"].petition, opens_at=timezone.now() + timedelta(days=1)
        ),
    ],
    ids=["ended", "paused", "not yet open"],
)
def test_a_city_where_nobody_can_sign_lists_others_and_so_hears_of_all(
    two_cities: SmallSite, here: Process, stop: Callable[[SmallSite], None]
) -> None:
    stop(two_cities)
    City.objects.update(latitude=45, longitude=-122)
    commit()
    assert "Portland" in here.get(TACOMA).text
    save(petition_of(two_cities), is_paused=True)
    commit()
    assert not here.is_kept(TACOMA)
    assert "Portland" not in here.get(TACOMA).text


def test_a_city_that_leads_to_another_hears_of_all(two_cities: SmallSite, here: Process) -> None:
    call = {"heading": "Next", "button": "Go", "page": two_cities["portland"]["en"]}
    edit(two_cities["tacoma"]["en"], body=[("call_to_action", call)])
    commit()
    assert f'href="{CITY}"' in here.get(TACOMA).text
    edit(two_cities["portland"]["en"], slug="portland")
    commit()
    assert 'href="/en/end-ties/portland/"' in here.get(TACOMA).text


@pytest.mark.parametrize("label", sorted(shown.labels(shown.SHOWN)))
def test_a_row_of_any_other_table_is_about_everything(label: str, db: None) -> None:
    """And so is one of a city that is not there, or that a statement names in another way."""
    model = apps.get_model(label)
    table, key = model._meta.db_table, model._meta.pk.column
    for sql, parameters in (
        (f'UPDATE "{table}" SET "x" = %s WHERE "{table}"."{key}" = %s', [1, None]),
        (f'UPDATE "{table}" SET "x" = %s', [1]),
        (f'UPDATE "{table}" SET "x" = %s WHERE "{table}"."x" = %s', [1, 1]),
        (f'UPDATE "{table}" SET "x" = (SELECT 1 WHERE "{table}"."{key}" = %s)', [None]),
        (f'DELETE FROM "{table}" WHERE NOT ("{table}"."{key}" = %s)', [None]),
        (f'INSERT INTO "{table}" ("x") VALUES (%s), (%s)', [1, 1]),
    ):
        statement = Statement(sql, parameters, "default")
        statement.look()
        assert not statement.records(), sql


def test_a_statement_about_many_is_about_everything(two_cities: SmallSite) -> None:
    keys = [Tie.objects.earliest("pk").pk] * MOST_ROWS
    for more in (0, 1):
        names = ", ".join(["%s"] * (MOST_ROWS + more))
        sql = f'DELETE FROM "campaigns_tie" WHERE "campaigns_tie"."id" IN ({names})'
        statement = Statement(sql, [*keys, *keys[:more]], "default")
        statement.look()
        assert bool(statement.records()) == (not more)


def test_in_one_transaction_a_record_is_told_once_and_everything_instead_of_more(
    two_cities: SmallSite,
) -> None:
    before = Change.objects.count()
    with transaction.atomic():
        for since in (1980, 1981):
            save(two_cities["portland"]["en"].tie, since=since)
        assert Change.objects.count() == before + 1
        Tie.objects.update(since=1982)
        save(two_cities["tacoma"]["en"].tie, since=1983)
    told = Change.objects.order_by("pk").values_list("record", flat=True)[before:]
    assert list(told) == [f"tie {two_cities['portland']['en'].tie.pk}", ""]


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ((5, {}), (5, {}), []),
        ((5, {}), (6, {"tie 1": 1}), ["tie 1"]),
        ((5, {"tie 1": 1}), (7, {"tie 1": 2, "tie 2": 1}), ["tie 1", "tie 2"]),
        ((5, {"tie 1": 1}), (5, {}), []),
        ((5, {}), (6, {}), None),
        ((5, {}), (7, {"tie 1": 1}), None),
        # Folded before it was seen, so that nobody knows what it was about.
        ((5, {"tie 1": 2}), (7, {"tie 1": 2}), None),
        # Another database.
        ((5, {}), (3, {"tie 1": 1}), None),
    ],
)
def test_only_changes_that_name_records_are_about_these_alone(
    before: tuple[int, dict[str, int]],
    after: tuple[int, dict[str, int]],
    moved: list[str] | None,
) -> None:
    first, second = (Counted({"pages": number}, told) for number, told in (before, after))
    assert second.moved_since(first) == moved
