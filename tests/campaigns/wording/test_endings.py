"""A petition that has won or closed says so everywhere, whatever its closing time."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Petition, PetitionEvent
from dashboard.numbers import with_numbers
from signatures.models import Signature
from signatures.signing.tokens import own_token
from tests.signatures.posting import post
from tests.support.factories import confirmed, make_city_petition
from tests.support.kinds import CityPages, SmallSite


def note(petition: Petition, kind: str) -> None:
    PetitionEvent.objects.create(
        petition=petition,
        kind=kind,
        date=timezone.localdate(),
        source_title="An answer",
        source_publisher="The mayor’s office",
    )


def read(address: str) -> str:
    return Client().get(address).content.decode()


@pytest.mark.parametrize(
    ("language", "won", "goal"),
    [("en", "This petition has won!", "get to"), ("uk", "Вимогу виконано!", "Зберімо")],
)
def test_a_won_petition_thanks_and_asks_nobody_to_sign(
    site: SmallSite, language: str, won: str, goal: str
) -> None:
    page = site["portland"][language]
    make_city_petition(site["campaign"], "Tacoma", "Washington")
    signature = confirmed(page)
    own = f"/{language}/signatures/{own_token(signature)}/"
    assert goal in read(page.url)
    assert "t.me" in read(own)
    note(page.petition, "won")
    shown, refused, owned = read(page.url), post(page, email="new@example.org"), read(own)
    assert refused.status_code == 409
    for words in (shown, refused.content.decode(), owned):
        assert won in words
        assert goal not in words
        assert "t.me" not in words
    assert "sign-email" not in shown
    # Where people can still sign.
    assert f"/{language}/end-ties/tacoma-washington/#sign" in shown
    assert Signature.objects.count() == 1
    assert Client().get(f"/api/petitions/{page.petition_id}/").json()["is_open"] is False


def test_a_campaign_that_has_won_is_over_and_its_cities_go_on(site: SmallSite) -> None:
    campaign, city = site["campaign"]["en"], site["portland"]["en"]
    note(campaign.petition, "won")  # type: ignore[arg-type]
    assert "This petition has won!" in read(campaign.url)
    assert "sign-email" in read(city.url)
    assert post(city).status_code == 303


def test_a_petition_noted_as_closed_is_closed(portland: CityPages) -> None:
    page = portland["uk"]
    note(page.petition, "closed")
    later = timezone.now() + timedelta(days=3)
    for closes_at in (None, later):
        Petition.objects.filter(pk=page.petition_id).update(closes_at=closes_at)
        assert "Цю петицію закрито, підписати її вже не можна." in read(page.url)
        assert post(page).status_code == 409


@pytest.mark.parametrize("kinds", [(), ("launched",), ("closed",), ("won",), ("closed", "won")])
@pytest.mark.parametrize("days", [None, -1, 1])
def test_the_database_says_of_a_state_what_the_petition_says(
    portland: CityPages, kinds: tuple[str, ...], days: int | None
) -> None:
    petition = portland["en"].petition
    closes_at = timezone.now() + timedelta(days=days) if days else None
    Petition.objects.filter(pk=petition.pk).update(closes_at=closes_at)
    for kind in kinds:
        note(petition, kind)
    found = with_numbers(Petition.objects.filter(pk=petition.pk)).get()
    assert found.state_now == found.state()
