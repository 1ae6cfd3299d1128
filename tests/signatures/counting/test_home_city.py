"""On the campaign's form signers may say in which of its cities they live."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from campaigns.models import CampaignPage, City
from officers_desk.exports.purposes import PURPOSES
from signatures import lifecycle
from signatures.keeping.downloads import all_kept
from signatures.models import Signature, Submission
from signatures.signing.confirming import confirm_submission
from signatures.signing.tokens import confirm_token
from tests.signatures.posting import OWN, address, fields, post
from tests.support.factories import confirm_all, confirmed, make_submission, publish
from tests.support.kinds import CityPages, SmallSite

CHOICES = {
    "en": ["Choose if you live in one of these cities", "Portland, Oregon", "Tacoma, Washington"],
    "uk": ["Виберіть своє місто", "Портленд, Орегон", "Такома, Вашингтон"],
}


def signed(page: CampaignPage, home: str) -> Signature:
    assert post(page, home_city=home).status_code == 303
    confirm_all()
    return Signature.objects.get()


@pytest.mark.parametrize("language", ["en", "uk"])
def test_its_cities_are_offered_by_name_and_none_is_chosen(
    site: SmallSite, tacoma: CityPages, language: str
) -> None:
    html = Client().get(f"/{language}/end-ties/").content
    (select,) = BeautifulSoup(html, "html.parser").select("#sign-home_city")
    assert [option.text for option in select.select("option")] == CHOICES[language]
    assert [option["value"] for option in select.select("option")] == [
        *("", "portland-oregon", "tacoma-washington")
    ]
    assert not select.select("[selected]")
    assert 'name="home_city"' not in Client().get(site["portland"]["en"].url).text


def test_who_lives_where_is_kept_shown_taken_along_and_taken_back(
    campaign: CampaignPage, portland: CityPages
) -> None:
    post(campaign, home_city="portland-oregon")
    submission = Submission.objects.get()
    html = Client().get(f"/en/signatures/{confirm_token(submission)}/confirm/").text
    assert "<dt>You live in</dt>" in html
    assert "Portland, Oregon" in html
    signature = confirm_submission(submission)
    assert signature
    assert signature.home_city == City.objects.get(key="portland-oregon")
    assert all_kept(signature)["home_city"] == "portland-oregon"
    told = {
        name: [str(column.cell(row)) for column in purpose.columns for row in [signature]]
        for name, purpose in PURPOSES.items()
    }
    assert {name for name, cells in told.items() if "portland-oregon" in cells} == {
        *("recipients", "figures", "legal")
    }
    lifecycle.withdraw(signature)
    signature.refresh_from_db()
    assert signature.home_city is None


def test_who_chooses_no_city_signs_as_well(campaign: CampaignPage, portland: CityPages) -> None:
    assert signed(campaign, "").home_city is None


def test_another_city_replaces_it(
    campaign: CampaignPage, portland: CityPages, tacoma: CityPages
) -> None:
    assert signed(campaign, "portland-oregon").home_city
    confirmed(campaign, name="Olena", home_city=City.objects.get(key="tacoma-washington").pk)
    assert Signature.objects.get().home_city == City.objects.get(key="tacoma-washington")


def test_a_city_that_is_no_more_keeps_nobody_from_confirming(campaign: CampaignPage) -> None:
    """The row names the city of the first post alone."""
    city = City.objects.create(key="salem-oregon", region="Oregon", country="US")
    make_submission(campaign)
    later = make_submission(campaign, home_city=city.pk)
    city.delete()
    assert Client().get(f"/en/signatures/{confirm_token(later)}/confirm/").status_code == 200
    signature = confirm_submission(later)
    assert signature
    assert (signature.status, signature.home_city) == (Signature.Status.CONFIRMED, None)


@pytest.mark.parametrize("wrong", ["khabarovsk-khabarovsk-krai", "1", "x" * 10_000])
def test_what_is_none_of_its_cities_is_refused_in_a_sentence(
    campaign: CampaignPage, portland: CityPages, wrong: str
) -> None:
    response = post(campaign, home_city=wrong)
    assert response.status_code == 422
    assert "Please choose a city from the list, or none." in response.content.decode()
    assert not Signature.objects.exists()


def test_what_was_chosen_stands_there_again(campaign: CampaignPage, portland: CityPages) -> None:
    posted = fields(campaign, home_city="portland-oregon", name="")
    html = Client().post(address(campaign), posted, **OWN).content
    (chosen,) = BeautifulSoup(html, "html.parser").select("#sign-home_city [selected]")
    assert chosen["value"] == "portland-oregon"


def test_who_is_not_asked_where_they_live_is_not_asked_for_a_city(
    campaign: CampaignPage, portland: CityPages
) -> None:
    campaign.asks_lives_here = False
    publish(campaign)
    for page in (campaign, portland["en"]):
        html = Client().get(page.url).text
        assert 'name="home_city"' not in html
        assert 'name="lives_here"' not in html
