"""Everybody can see how a petition's number came to be, and count it anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from campaigns.models import Delivery, Petition, PetitionEvent, PetitionPage
from integrity.models import HourlyIntegrity
from integrity.published.counting import refresh_integrity
from integrity.tasks import tell_integrity
from signatures import lifecycle
from signatures.keeping.rounds import close_round
from signatures.models import ExpiredNumber, Invalidation, Signature
from tests.support.factories import confirmed, make_signature
from tests.support.kinds import CityPages

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(page: PetitionPage, client: Client | None = None) -> dict[str, Any]:
    answer = (client or Client()).get(f"/api/petitions/{page.petition_id}/integrity/")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def sign(page: PetitionPage, number: int, since: int = 0) -> list[Signature]:
    return [confirmed(page, f"{page.language}{since + each}@example.org") for each in range(number)]


def found_invalid(rows: list[Signature], reason: str) -> Invalidation:
    act = Invalidation.objects.create(reason=reason)
    lifecycle.invalidate(Signature.objects.filter(pk__in=[row.pk for row in rows]), act)
    return act


@pytest.fixture
def signed(portland: CityPages) -> CityPages:
    """Of each kind a number of its own."""
    rows = sign(portland["en"], 34) + sign(portland["uk"], 12)
    held, invalid, withdrawn = rows[:2], rows[2:13], rows[13]
    lifecycle.hold(Signature.objects.filter(pk__in=[row.pk for row in held]))
    found_invalid(invalid, "automated")
    lifecycle.withdraw(withdrawn)
    for number in range(3):
        make_signature(portland["en"], f"p{number}@example.org")
    day = {"petition": portland["en"].petition, "day": NOON.date(), "language": "en"}
    ExpiredNumber.objects.create(**day, number=5)
    ExpiredNumber.objects.create(**day, reason="automated", number=2)
    refresh_integrity(NOON)
    return portland


def test_the_json_tells_what_became_of_all(signed: CityPages) -> None:
    day = signed["en"].petition.local_time(timezone.now()).date()
    assert told(signed["en"]) == {
        "confirmed": 32,
        "in_review": 2,
        "pending": 3,
        "expired": 5,
        "withdrawn": 1,
        "invalidated": {"automated": 13},
        "by_day": {str(day): 32},
        "by_language": {"en": 20, "uk": 12},
        "recounted_at": "2026-03-02T12:00:00Z",
        "deliveries": [],
    }


def test_every_published_total_can_be_counted_anew(signed: CityPages) -> None:
    """From the addresses that everybody can read, and they lead to all of them."""
    client = Client()
    listed = client.get("/api/petitions/").json()["petitions"]
    assert {each["signatures"] for each in listed} == {0, 32}
    for each in listed:
        found = client.get(f"/api/petitions/{each['id']}/integrity/").json()
        assert found["confirmed"] == each["signatures"]
        assert sum(found["by_day"].values()) == sum(found["by_language"].values())
        assert sum(found["by_day"].values()) == found["confirmed"]
        html = client.get(f"/en/petitions/{each['id']}/integrity/").content.decode()
        shown = [int(dd.get_text()) for dd in BeautifulSoup(html, "html.parser").select("dd")]
        numbers = ("confirmed", "in_review", "pending", "expired", "withdrawn")
        assert shown == [*(found[name] for name in numbers), sum(found["invalidated"].values())]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_petition_leads_to_the_page_and_the_page_to_the_data(
    signed: CityPages, language: str
) -> None:
    page = signed[language]
    address = f"/{language}/petitions/{page.petition_id}/integrity/"
    assert f'href="{address}"' in Client().get(page.url).content.decode()
    answer = Client().get(address)
    html = answer.content.decode()
    document = BeautifulSoup(html, "html.parser")
    assert f'href="{page.url}"' in html
    assert f'href="/api/petitions/{page.petition_id}/integrity/"' in html
    links = {
        str(link["hreflang"]): str(link["href"]) for link in document.select("head [hreflang]")
    }
    assert links[language].endswith(address)
    assert set(links) >= {"en", "uk"}
    assert not answer.cookies


def test_it_is_counted_once_an_hour(signed: CityPages) -> None:
    sign(signed["en"], 1, since=90)
    assert refresh_integrity(NOON + HOUR - timedelta(seconds=1)) == 0
    assert told(signed["en"])["confirmed"] == 32
    assert refresh_integrity(NOON + HOUR) == Petition.objects.count()
    found = told(signed["en"])
    assert (found["confirmed"], found["recounted_at"]) == (33, "2026-03-02T13:00:00Z")
    assert found["by_language"] == {"en": 21, "uk": 12}, "and of a language nobody learns"


def test_an_undone_invalidation_is_undone_here_too(signed: CityPages) -> None:
    act = found_invalid(sign(signed["uk"], 10, since=50), "duplicate")
    refresh_integrity(NOON + HOUR)
    assert told(signed["en"])["invalidated"] == {"automated": 13, "duplicate": 10}
    lifecycle.undo(act, None)
    lifecycle.undo(act, None)
    refresh_integrity(NOON + 2 * HOUR)
    found = told(signed["en"])
    assert (found["confirmed"], found["invalidated"]) == (42, {"automated": 13})


def test_what_was_handed_over_is_told_with_its_code_and_versions(signed: CityPages) -> None:
    page = signed["en"]
    events = PetitionEvent.objects
    handed = events.create(petition=page.petition, kind="delivered", date=NOON.date())
    events.create(petition=page.petition, kind="delivered", date=NOON.date() + timedelta(days=7))
    made = Delivery.objects.create(
        petition=page.petition,
        event=handed,
        totals={"signatures": 32, "versions": {page.words.checksum: 32}},
        **dict.fromkeys(("counted_at", "ready_at", "handed_at"), NOON),
    )
    versions = {page.words.checksum: 32}
    assert told(page)["deliveries"] == [
        {"date": "2026-03-02", "code": made.code, "signatures": 32, "versions": versions},
        {"date": "2026-03-09", "code": None, "signatures": None, "versions": {}},
    ]
    html = Client().get(f"/uk/petitions/{page.petition_id}/integrity/").content.decode()
    assert f'href="/uk/deliveries/{made.code}/"' in html
    assert "32 підписи" in html


def test_another_round_is_counted_from_its_beginning(signed: CityPages) -> None:
    petition = Petition.objects.get(pk=signed["en"].petition_id)
    close_round(petition, timezone.now())
    petition.reopened_at = timezone.now()
    petition.save()
    sign(signed["uk"], 2, since=70)
    refresh_integrity(NOON + HOUR)
    found = told(signed["en"])
    numbers = ("confirmed", "in_review", "pending", "expired", "withdrawn")
    assert [found[name] for name in numbers] == [2, 0, 3, 0, 0]
    assert (found["invalidated"], found["by_language"]) == ({}, {"other": 2})


def test_before_the_first_count_nothing_is_told(portland: CityPages) -> None:
    found = told(portland["en"])
    assert (found["confirmed"], found["by_day"], found["recounted_at"]) == (None, {}, None)
    html = Client().get(f"/en/petitions/{portland['en'].petition_id}/integrity/").content.decode()
    assert "has not been counted yet" in html
    assert tell_integrity() == Petition.objects.count()
    assert told(portland["en"])["confirmed"] == 0


def test_a_petition_that_nobody_can_see_has_no_such_page(signed: CityPages) -> None:
    petition = signed["en"].petition_id
    signed["uk"].unpublish()
    assert Client().get(f"/uk/petitions/{petition}/integrity/").status_code == 404
    assert Client().get(f"/en/petitions/{petition}/integrity/").status_code == 200
    signed["en"].unpublish()
    for address in (
        f"/en/petitions/{petition}/integrity/",
        f"/api/petitions/{petition}/integrity/",
    ):
        assert Client().get(address).status_code == 404


def test_counting_asks_as_often_however_many_have_signed(
    signed: CityPages, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    HourlyIntegrity.objects.all().delete()
    petitions = Petition.objects.count()
    with django_assert_num_queries(3 + 2 * petitions):
        refresh_integrity(NOON)
