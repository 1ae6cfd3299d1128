"""Through every door the same number by its name: people of a campaign, signatures of a city."""

import re

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from campaigns.models import Petition, PetitionPageBase
from signatures.models import Signature
from signatures.signing.tokens import own_token
from tests.support.factories import confirmed
from tests.support.kinds import CityPages, SmallSite

PEOPLE = {"en": "2 people have signed.", "uk": "Підписали 2 людини."}
OF_PORTLAND = {"en": "2 signatures.", "uk": "2 підписи."}
OF_TACOMA = {"en": "1 signature", "uk": "1 підпис"}
ALL_TOGETHER = {
    "en": "Your signature is number 1 on the campaign-wide petition.",
    "uk": "Ваш підпис – номер 1 під загальною петицією.",
}
GOALS = {"en": ("get to 3!", "get to 5!"), "uk": ("Зберімо 3!", "Зберімо 5!")}
CAMPAIGN, PORTLAND = "/{}/end-ties/", "/{}/end-ties/portland-oregon/"


@pytest.fixture
def signed(site: SmallSite, tacoma: CityPages) -> SmallSite:
    """Olena has signed for the campaign and for both cities, Taras for one of them."""
    for page in (site["campaign"]["en"], site["portland"]["en"], tacoma["en"]):
        confirmed(page)
    confirmed(site["portland"]["uk"], "taras@example.org", name="Taras")
    Petition.objects.filter(tie=None).update(goal=3)
    Petition.objects.filter(pk=site["portland"]["en"].petition_id).update(goal=5)
    return site


def words(client: Client, address: str, selector: str = "main") -> str:
    """As a reader reads them: numbers and words on one line."""
    found = BeautifulSoup(client.get(address).content, "html.parser").select(selector)
    return re.sub(r"\s+", " ", " ".join(each.get_text(" ") for each in found))


def percent(client: Client, address: str) -> str:
    bar = BeautifulSoup(client.get(address).content, "html.parser").select_one("progress")
    assert bar
    return str(bar["value"])


def own_address(page: PetitionPageBase, language: str) -> str:
    signature = Signature.objects.filter(petition=page.petition).earliest("confirmed_at")
    return f"/{language}/signatures/{own_token(signature)}/"


@pytest.mark.parametrize("language", ["en", "uk"])
def test_public_doors_tell_it(signed: SmallSite, language: str) -> None:
    visitor = Client()
    campaign, portland = CAMPAIGN.format(language), PORTLAND.format(language)
    for_all, for_one = GOALS[language]
    own = {name: own_address(signed[name]["en"], language) for name in ("campaign", "portland")}
    for address in (f"/{language}/", campaign, own["campaign"]):
        found = words(visitor, address)
        assert PEOPLE[language] in found
        assert for_all in found
    assert ALL_TOGETHER[language] in words(visitor, own["campaign"])
    for address in (portland, own["portland"]):
        found = words(visitor, address)
        assert OF_PORTLAND[language] in found
        assert for_one in found
    assert OF_TACOMA[language] in words(visitor, f"/{language}/", ".city-list")
    assert [percent(visitor, each) for each in (campaign, portland)] == ["66", "40"]
    table = f"{campaign}cities/"
    assert words(visitor, table, "td.number").split() == ["2", "1"]
    assert {"en": "Signatures", "uk": "Підписи"}[language] in words(visitor, table, "thead")


@pytest.mark.parametrize("language", ["en", "uk"])
def test_programs_are_told_both_by_name(signed: SmallSite, language: str) -> None:
    campaign, portland = (str(signed[name]["en"].petition_id) for name in ("campaign", "portland"))
    listed = {each["id"]: each for each in Client().get("/api/petitions/").json()["petitions"]}
    for petition, signatures, people, goal, reached in (
        (campaign, 1, 2, 3, 66),
        (portland, 2, None, 5, 40),
    ):
        address = f"/api/petitions/{petition}/"
        count = Client().get(f"{address}count/?language={language}").json()
        for found in (listed[petition], Client().get(address).json(), count):
            told = (found["signatures"], found.get("people"), found["goal"])
            assert told == (signatures, people, goal)
        assert count["percent"] == reached
        in_words = BeautifulSoup(count["words"], "html.parser").get_text()
        assert in_words == (PEOPLE if people else OF_PORTLAND)[language]


@pytest.mark.parametrize(
    ("language", "people", "signatures"),
    [("en", "2 people", "4 confirmed signatures"), ("uk", "2 людини", "4 підтверджені підписи")],
)
def test_staff_are_told_both_by_name(
    signed: SmallSite, admin: Client, language: str, people: str, signatures: str
) -> None:
    UserProfile.objects.update_or_create(
        user=get_user_model().objects.get(), defaults={"preferred_language": language}
    )
    rows = {row.pk: row for row in admin.get(reverse("petition_list")).context["object_list"]}
    campaign, portland = (rows[signed[name]["en"].petition_id] for name in ("campaign", "portland"))
    assert (campaign.confirmed, campaign.people, campaign.goal_now) == (1, 2, 3)
    assert (portland.confirmed, portland.people, portland.goal_now) == (2, None, 5)
    head = words(admin, reverse("petition_list"), "thead")
    home = words(admin, "/admin/", ".home-panel")
    assert people in home
    assert signatures in home
    for heading in {"en": ("Signatures", "People"), "uk": ("Підписи", "Люди")}[language]:
        assert heading in head
