"""Whatever becomes of a tie and a petition, no page, feed, list or mail speaks against it."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone, translation

from campaigns.models import CampaignPage, Petition, PetitionEvent, PetitionPage, Tie, TieEvent
from campaigns.records.standings import STATES
from signatures.signing import emails
from signatures.signing.due import Due, sent_from
from tests.support.factories import make_submission, publish
from tests.support.kinds import SmallSite

GENERAL = {
    "en": {
        "city_heading": "Mayor {of_city}: end the tie {with_sister_city}",
        "city_lead": "{city} and {sister_city} are joined by a tie. Sign now.",
        "city_share": "Will you sign for {city}?",
    },
    "uk": {
        "city_heading": "Мере {of_city}, розірвіть звʼязки {with_sister_city}",
        "city_lead": "{city} і {sister_city} пов’язані побратимством. Підпишіть.",
        "city_share": "Підпишете за {city}?",
    },
}
# What is said of a tie that stands; and what asks to sign, or to get to a goal.
STANDS = {"en": ["are joined", "Mayor of Portland: end"], "uk": ["пов’язані", "Мере Портленда"]}
ASKS = {
    "en": ["Sign now", "Sign the petition", "What we ask", "get to"],
    "uk": ["Підпишіть", "Підписати петицію", "Про що ми просимо", "Зберімо"],
}
TOLD = {
    "suspended": {"en": "is suspended", "uk": "призупинено"},
    "ended": {"en": "has ended", "uk": "розірвано"},
    "unknown": {"en": "not known whether", "uk": "невідомо"},
    "won": {"en": "has won", "uk": "Вимогу виконано"},
    "closed": {"en": "is closed", "uk": "закрито"},
    "paused": {"en": "is paused", "uk": "призупинено"},
    "not_yet_open": {"en": "cannot be signed yet", "uk": "ще не можна підписати"},
}


@pytest.fixture
def general(site: SmallSite) -> SmallSite:
    """A campaign whose patterns speak of a tie that stands, and ask to sign."""
    for language, patterns in GENERAL.items():
        page = CampaignPage.objects.get(pk=site["campaign"][language].pk)
        for name, pattern in patterns.items():
            setattr(page, name, pattern)
        call = {"heading": "A call", "text": "", "button": ASKS[language][0], "page": None}
        page.body = [("call_to_action", call)]
        publish(page)
    return site


def stand(page: PetitionPage, status: str, state: str) -> Petition:
    """Makes this what is known of the tie, and what became of the petition."""
    kind = {"active": "reported", "unknown": "reported"}.get(status, status)
    day = None if status == "unknown" else date(2022, 3, 1)
    TieEvent.objects.filter(tie=page.tie).update(kind=kind, date=day)
    now = timezone.now()
    changes: dict[str, dict[str, Any]] = {
        "not_yet_open": {"opens_at": now + timedelta(days=1)},
        "paused": {"is_paused": True},
    }
    Petition.objects.filter(pk=page.petition_id).update(**changes.get(state, {"goal": None}))
    if state in ("closed", "won"):
        PetitionEvent.objects.create(
            petition=page.petition,
            kind=state,
            date=timezone.localdate(),
            source_title="A decree",
            source_publisher="The mayor",
        )
    return Petition.objects.get(pk=page.petition_id)


def read(address: str) -> BeautifulSoup:
    return BeautifulSoup(Client().get(address).content.decode(), "html.parser")


def told_outside(page: BeautifulSoup) -> list[str]:
    names = ("meta[name=description]", "meta[property='og:description']")
    return [str(page.select(name)[0]["content"]) for name in names]


@pytest.mark.parametrize("state", [state for state, _label in STATES[1:]])
@pytest.mark.parametrize("status", Tie.Status.values)
def test_nothing_is_claimed_against_the_record(general: SmallSite, status: str, state: str) -> None:
    english = general["portland"]["en"]
    submission = make_submission(english)
    petition = stand(english, status, state)
    is_open = petition.state() == Petition.State.OPEN
    assert is_open is (state == "open" and status != "ended")
    data = Client().get(f"/api/petitions/{petition.pk}/").json()
    for language in ("en", "uk"):
        address = f"/{language}/end-ties/portland-oregon/"
        page, feed = read(address), Client().get(f"{address}feed/").content.decode()
        shown = " ".join(page.select("main")[0].get_text(" ").split())
        outside = told_outside(page)
        heading = " ".join(page.select("h1")[0].get_text().split())
        titles = [
            heading,
            page.select("title")[0].get_text(),
            page.select("meta[property='og:title']")[0]["content"],
            data["title"][language],
        ]
        everything = [shown, feed, *outside, *map(str, titles)]
        lead, end = STANDS[language]
        stands = status == "active"
        assert any(end in each for each in everything) is (stands and state != "won")
        assert all(each.startswith(heading) for each in map(str, titles))
        assert any(lead in each for each in everything) is (stands and is_open)
        for ask in ASKS[language]:
            assert any(ask in each for each in everything) is is_open, ask
        reason = state if state == "won" else "ended" if status == "ended" else state
        for of in {reason if not is_open else "", "" if reason == "won" else status}:
            if of in TOLD and not (of == status and reason == "ended" and of != "ended"):
                for each in [shown, *outside]:
                    assert TOLD[of][language] in each, (of, each)
        with translation.override(language):
            [due] = sent_from([submission.mailbox])[submission.mailbox]
            mail = emails.render(Due("x", submission.mailbox, [due]))
        assert bool(re.search(r"\b\d{6}\b", str(mail.body))) is is_open


def test_what_happened_stands_at_the_top_with_its_source(general: SmallSite) -> None:
    page = general["portland"]["en"]
    stand(page, "active", "won")
    top = read(page.url).select(".petition__head .standing")[0].get_text(" ")
    for each in ("This petition has won!", "Demand met", "A decree", "The mayor", "All cities"):
        assert each in top


@pytest.mark.parametrize("state", ["closed", "won", "not_yet_open"])
def test_a_campaign_has_words_of_its_own(general: SmallSite, state: str) -> None:
    page = CampaignPage.objects.get(pk=general["campaign"]["en"].pk)
    page.search_description = "Sign now."
    page.state_words = [("words", {"state": "won", "heading": "It is done", "lead": "All of it."})]
    publish(page)
    stand_alone = {
        "closed": {"closes_at": timezone.now()},
        "not_yet_open": {"opens_at": timezone.now() + timedelta(days=1)},
    }
    if state == "won":
        PetitionEvent.objects.create(
            petition=page.petition,
            kind="won",
            date=timezone.localdate(),
            source_title="A decree",
            source_publisher="The mayors",
        )
    else:
        Petition.objects.filter(pk=page.petition_id).update(**stand_alone[state])
    shown = read(page.url)
    outside = told_outside(shown)
    assert shown.select("h1")[0].get_text() == ("It is done" if state == "won" else page.title)
    assert all("All of it." in each for each in outside) is (state == "won")
    for each in [shown.select("main")[0].get_text(), read("/en/").get_text(), *outside]:
        assert "Sign now" not in each
        assert "Read and sign" not in each


def test_a_pattern_that_a_language_lacks_is_told_neutrally_in_it(general: SmallSite) -> None:
    page = CampaignPage.objects.get(pk=general["campaign"]["en"].pk)
    words = {"status": "suspended", "state": "any", "lead": "{city} waits.", "heading": ""}
    page.city_words = [("words", words)]
    publish(page)
    stand(general["portland"]["en"], "suspended", "open")
    assert told_outside(read("/en/end-ties/portland-oregon/")) == ["Portland waits."] * 2
    [told, _same] = told_outside(read("/uk/end-ties/portland-oregon/"))
    assert told.startswith("Побратимство Портленда з Хабаровськом призупинено")
