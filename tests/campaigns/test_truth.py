"""A page says of a tie what is known of it, and asks only for what can be done."""

from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone, translation

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
from campaigns.placeholders import fill
from demo import signers
from demo.content import Item
from demo.management.commands.seed_demo import FOLDER
from tests.support.factories import confirmed, publish
from tests.support.kinds import SmallSite

SAID = {
    "active": "are joined",
    "suspended": {"en": "is suspended", "uk": "призупинено"},
    "ended": {"en": "has ended", "uk": "розірвано"},
    "unknown": {"en": "not known whether", "uk": "невідомо"},
}


def read(address: str) -> BeautifulSoup:
    return BeautifulSoup(Client().get(address).content.decode(), "html.parser")


@pytest.fixture
def joined(site: SmallSite) -> SmallSite:
    """A campaign whose own pattern speaks of a tie that stands."""
    patterns = {
        "en": "{city} and {sister_city} are joined by a tie.",
        "uk": "{city} і {sister_city} пов’язані побратимством.",
    }
    for language, pattern in patterns.items():
        page = CampaignPage.objects.get(pk=site["campaign"][language].pk)
        page.city_lead = pattern
        publish(page)
    return site


def know(site: SmallSite, status: str, day: date | None = date(2022, 3, 1)) -> Tie:
    """Makes this the only thing that is known of Portland's tie."""
    tie: Tie = site["portland"]["en"].tie
    kind = {"active": "reported", "unknown": "reported"}.get(status, status)
    day = None if status == "unknown" else day
    TieEvent.objects.filter(tie=tie).update(kind=kind, date=day)
    return tie


@pytest.mark.parametrize("status", Tie.Status.values)
@pytest.mark.parametrize("language", ["en", "uk"])
def test_only_of_an_active_tie_a_page_says_that_it_stands(
    joined: SmallSite, status: str, language: str
) -> None:
    know(joined, status)
    page = read(f"/{language}/end-ties/portland-oregon/")
    descriptions = [
        page.select("meta[name=description]")[0]["content"],
        page.select("meta[property='og:description']")[0]["content"],
    ]
    stands = {"en": "are joined", "uk": "пов’язані"}[language]
    for text in [*descriptions, page.select("main")[0].get_text()]:
        assert (stands in text) is (status == "active"), text
    told = SAID[status]
    assert descriptions[0].count(told[language] if isinstance(told, dict) else stands) == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "unknown; still in force according to an undated report (A"),
        ("uk", "стан невідомий; за недатованим повідомленням – ще чинне (A"),
    ],
)
def test_a_report_is_not_said_to_have_said_that_nothing_is_known(
    site: SmallSite, language: str, said: str
) -> None:
    know(site, "unknown").events.update(source_title="A")
    facts = read(f"/{language}/end-ties/portland-oregon/").select(".tie figcaption")[0].get_text()
    assert said in " ".join(facts.split())


def test_a_demand_that_is_met_stands_beside_no_tie_that_still_stands(site: SmallSite) -> None:
    tie, petition = know(site, "active"), site["portland"]["en"].petition
    Tie.objects.filter(pk=tie.pk).update(checked_at=timezone.now() - timedelta(days=9))
    source = {"source_title": "A", "source_publisher": "B"}
    day, kind = timezone.localdate(), PetitionEvent.Kind.WON
    PetitionEvent.objects.create(petition=petition, kind=kind, date=day, **source)
    page = read("/en/end-ties/portland-oregon/").select("main")[0]
    facts = page.select(".tie figcaption")[0].get_text()
    assert "unknown; last known: active, March 1, 2022 (" in " ".join(facts.split())
    assert "Nobody has signed." in page.get_text()
    assert "Thank you for" not in page.get_text()
    (row,) = read("/en/end-ties/cities/").select("tbody tr")
    assert row.select(".status--unknown")
    assert not row.select(".status--active")
    assert "Checked on" not in row.get_text()
    api = Client().get(f"/api/petitions/{petition.pk}/").json()
    assert (api["tie"]["status"], api["outcome"]["is_met"]) == ("unknown", True)


@pytest.mark.parametrize("status", ["active", "ended"])
def test_in_the_demo_nobody_signed_what_could_never_be_signed(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    monkeypatch.setattr(signers, "CAMPAIGN_SIGNATURES", 3)
    monkeypatch.setattr(signers, "MOST_IN_A_CITY", 3)
    know(site, status)
    signers.sign(site["campaign"]["en"], Item.read(FOLDER / "signers.yaml", ()))
    petition = Petition.objects.get(pk=site["portland"]["en"].petition_id)
    assert petition.signatures.exists() is (status == "active")


def make_city(site: SmallSite, key: str, status: str) -> PetitionPage:
    """Another city of the campaign, whose tie has this status."""
    first = site["portland"]["en"]
    city = City.objects.create(key=key, region="Oregon", country="US")
    CityName.english(city, key.title()).save()
    tie = Tie.objects.create(city=city, sister_city=first.tie.sister_city)
    kind = {"active": "reported", "unknown": "reported"}.get(status, status)
    TieEvent.objects.create(
        tie=tie,
        kind=kind,
        date=None if status == "unknown" else date(2022, 3, 1),
        source_title="A",
        source_publisher="B",
    )
    petition = Petition.objects.create(parent=first.petition.parent, tie=tie, time_zone="UTC")
    page = PetitionPage(title=key, slug=key, locale=first.locale, petition=petition)
    CampaignPage.objects.get(pk=site["campaign"]["en"].pk).add_child(instance=page)
    return page


def test_where_a_tie_has_ended_only_ties_that_stand_are_named(site: SmallSite) -> None:
    for status in Tie.Status.values:
        make_city(site, f"{status}ville", status)
    know(site, "ended")
    notice = read("/en/end-ties/portland-oregon/").select(".notice")[0]
    assert [link.get_text() for link in notice.select("li a")] == ["Activeville, Oregon"]


BEGAN = date(2025, 5, 10)
# What happens to a tie and its petition, in days since the petition began (None: nobody knows).
HAPPENED: dict[str, list[tuple[str, int | None]]] = {
    "nothing": [],
    "delivered only": [("delivered", 3)],
    "ended before": [("ended", -30), ("delivered", 3)],
    "told again since": [("ended", -30), ("ended", 40)],
    "ended on the day": [("ended", 0), ("delivered", 0), ("replied", 0)],
    "ended after a day": [("ended", 1)],
    "ended": [("delivered", 3), ("delivered", 9), ("replied", 19), ("ended", 21), ("replied", 30)],
    "ended anew": [("ended", -30), ("reinstated", -10), ("ended", 5), ("ended", 8)],
    "reinstated": [("ended", 5), ("reinstated", 8)],
    "nobody knows when": [("ended", None), ("delivered", 3)],
    "met": [("suspended", 2), ("delivered", 3), ("won", 5)],
    "met, and ended": [("won", 5), ("ended", 8)],
    "met, but had ended": [("ended", -30), ("won", 5)],
    "met, ended some day": [("ended", None), ("won", 5)],
    "met before": [("won", -3)],
    "launched earlier": [("launched", -20), ("launched", 0), ("ended", -10)],
    "launched later": [("launched", 20), ("ended", 10)],
}
TOLD = {
    "ended before": "The tie had ended before this petition began.",
    "ended on the day": "The tie ended on the day this petition began. The petition was delivered "
    "that same day. The reply came that same day.",
    "ended after a day": "The tie ended 1 day after this petition began.",
    "ended": "The tie ended 21 days after this petition began. The petition had been delivered "
    "18 days earlier. The reply had come 2 days earlier.",
    "nobody knows when": "The tie has ended; the date is not known.",
    "met": "The demand was met 5 days after this petition began. The petition had been delivered "
    "2 days earlier.",
    "launched earlier": "The tie ended 10 days after this petition began.",
    "launched later": "The tie had ended before this petition began.",
    "met before": "The demand had been met before this petition began.",
}
MET = {"ended on the day", "ended after a day", "ended", "ended anew", "launched earlier"} | {
    each for each in HAPPENED if each.startswith("met") and each not in ("met before",)
} - {"met, but had ended"}


def happen(site: SmallSite, name: str) -> Petition:
    petition = site["portland"]["en"].petition
    at_noon = datetime(2025, 5, 10, 19, tzinfo=UTC)
    Petition.objects.filter(pk=petition.pk).update(opens_at=at_noon)
    TieEvent.objects.filter(tie=petition.tie).delete()
    for kind, days in HAPPENED[name]:
        day = None if days is None else BEGAN + timedelta(days=days)
        details = {"kind": kind, "date": day, "source_title": "A", "source_publisher": "B"}
        if kind in TieEvent.Kind:
            TieEvent.objects.create(tie=petition.tie, **details)
        else:
            PetitionEvent.objects.create(petition=petition, **details)
    return Petition.objects.get(pk=petition.pk)


@pytest.mark.both_databases
@pytest.mark.parametrize("name", HAPPENED)
def test_only_what_came_since_a_petition_began_is_claimed(site: SmallSite, name: str) -> None:
    outcome = happen(site, name).outcome
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    (city,) = campaign.city_rows()
    assert city.outcome == outcome
    assert city.is_won is (name in MET)
    counts = campaign.outcomes()
    assert (counts.met, counts.before) == (city.is_won, bool(outcome and outcome.came_before))
    if name in TOLD:
        assert outcome
        assert outcome.told == TOLD[name]


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("name", ["ended before", "ended"])
def test_what_came_before_is_told_apart_everywhere_and_thanks_nobody(
    site: SmallSite, name: str, language: str
) -> None:
    page = site["portland"][language]
    confirmed(page)
    petition = happen(site, name)
    outcome = petition.outcome
    assert outcome
    campaign = f"/{language}/end-ties/"
    with translation.override(language):
        sentence = outcome.told
    city = read(page.url)
    assert sentence in " ".join(city.select("main")[0].get_text().split())
    thanks = {"en": "Thank you", "uk": "Дякуємо"}[language]
    assert (thanks in city.select("main")[0].get_text()) is outcome.is_met
    assert sentence in Client().get(f"{page.url}feed/").content.decode()
    assert sentence in read(f"{campaign}cities/").select("td")[1].get_text()
    assert bool(read(f"{campaign}cities/?status=won").select("tbody th")) is outcome.is_met
    assert bool(read(f"{campaign}cities/").select(".tile .share--won")) is outcome.is_met
    for address in (f"/{language}/", campaign):
        found = read(address).select(".acted, .outcomes")
        assert [bool(each.select("a")) for each in found] == [outcome.is_met]
    data = Client().get(f"/api/petitions/{petition.pk}/").json()["outcome"]
    assert data["told"][language] == sentence
    assert (data["is_met"], data["came_before"]) == (outcome.is_met, outcome.came_before)
    assert data["days_since"]["delivery"] == (18 if outcome.is_met else None)


@pytest.mark.parametrize("over", ["ended", "closed", "paused"])
def test_no_call_asks_to_sign_where_nobody_can(site: SmallSite, over: str) -> None:
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    call = {"heading": "A call", "text": "", "button": "Sign now", "page": None}
    elsewhere = {**call, "heading": "Read on", "page": site["home"]["en"]}
    campaign.body = [("call_to_action", call), ("call_to_action", elsewhere)]
    publish(campaign)
    address = "/en/end-ties/portland-oregon/"
    assert len(read(address).select(".call")) == 2
    petitions = Petition.objects.filter(pk=site["portland"]["en"].petition_id)
    if over == "ended":
        know(site, "ended")
    elif over == "closed":
        petitions.update(closes_at=timezone.now())
    else:
        petitions.update(is_paused=True)
    assert [each.get_text() for each in read(address).select(".call h2")] == ["Read on"]


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("{sister_city}, {sister_region}", "Moscow"),
        (
            "{city}, {state}, and {sister_city}, {sister_region}, are",
            "Eugene, Oregon, and Moscow are",
        ),
        ("{city} ({state}) і {sister_city} ({sister_region}) є", "Eugene (Oregon) і Moscow є"),
        ("End it with {sister_city} in {sister_region} now", "End it with Moscow now"),
        ("{city} in {state}, {sister_city} у {sister_region}", "Eugene in Oregon, Moscow"),
        ("{sister_city}. {sister_region}", "Moscow. Moscow"),
    ],
)
def test_a_region_of_the_same_name_is_said_once(pattern: str, told: str) -> None:
    names = {
        "city": "Eugene",
        "state": "Oregon",
        "sister_city": "Moscow",
        "sister_region": "Moscow",
    }
    assert fill(pattern, names) == told


@pytest.mark.django_db
def test_a_city_of_that_kind_is_said_once_in_lists() -> None:
    moscow = City.objects.create(key="moscow-moscow", region="Moscow", country="RU")
    assert str(moscow) == "Moscow, RU"
    CityName.english(moscow, "Moscow").save()
    named = City.objects.prefetch_related("names__locale").get(pk=moscow.pk)
    assert str(named) == "Moscow, RU"


@pytest.mark.parametrize(
    ("zone", "is_won"), [("America/Los_Angeles", True), ("America/New_York", True), ("UTC", False)]
)
def test_a_day_is_one_where_the_petition_is(site: SmallSite, zone: str, is_won: bool) -> None:
    page = PetitionPage.objects.get(pk=site["portland"]["en"].pk)
    opened = datetime(2026, 3, 1, 3, tzinfo=UTC)
    Petition.objects.filter(pk=page.petition_id).update(opens_at=opened, time_zone=zone)
    TieEvent.objects.create(
        tie=page.tie, kind="ended", date="2026-02-28", source_title="A", source_publisher="B"
    )
    [city] = CampaignPage.objects.get(pk=site["campaign"]["en"].pk).city_rows()
    assert city.is_won is is_won
