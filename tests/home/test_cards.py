"""The card of a petition's page: what it says, when it is drawn anew, and where it is found."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import PageViewRestriction

from campaigns.models import CampaignPage, CityName, Petition, PetitionPage, TieEvent
from cards import tasks
from cards.content import Content, contents, milestone_told
from cards.drawing import draw
from cards.models import Card
from jobs.models import Job
from jobs.worker import drain
from tests.support.factories import make_city_petition, publish
from tests.support.kinds import CityPages, SmallSite

CITY = "/{}/end-ties/portland-oregon/"


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    tasks.looker.seen = None
    yield
    for card in Card.objects.all():
        default_storage.delete(card.file)


def said(language: str, numbers: dict[str, int] | None = None) -> dict[str, Content]:
    """By petition."""
    return {each.petition: each for each in contents(numbers or {}) if each.language == language}


def city_card(pages: CityPages, language: str = "en", **numbers: int) -> Content:
    return said(language, numbers)[str(pages[language].petition_id)]


def tie_event(page: PetitionPage, kind: str) -> None:
    TieEvent.objects.create(
        tie=page.tie, kind=kind, date=timezone.localdate(), source_title="T", source_publisher="P"
    )


def look() -> None:
    tasks.look()
    drain()


def shown(language: str, path: str = CITY) -> tuple[str, str]:
    """The address and the words of the card that a page names."""
    html = Client().get(path.format(language)).content.decode()
    [address] = re.findall(r'property="og:image" content="([^"]*)"', html)
    [alt] = re.findall(r'property="og:image:alt" content="([^"]*)"', html)
    assert 'property="og:image:width" content="1200"' in html
    assert 'name="twitter:card" content="summary_large_image"' in html
    return address.removeprefix("http://localhost"), alt


def test_it_says_what_its_page_says(portland: CityPages) -> None:
    for language in ("en", "uk"):
        found = city_card(portland, language)
        page = PetitionPage.objects.get(pk=portland[language].pk)
        assert found.heading == page.heading
        assert found.summary == ""
        assert [name for name, _region in found.cities] == [
            page.city_name.name,
            page.sister_city_name.name,
        ]
        assert found.site == page.get_parent().get_parent().title
    assert city_card(portland).call == "Sign the petition"


@pytest.mark.parametrize("kind", ["suspended", "ended"])
def test_it_tells_how_the_tie_stands(portland: CityPages, kind: str) -> None:
    before = city_card(portland)
    tie_event(portland["en"], kind)
    after = city_card(portland)
    assert (before.status, after.status) == ("active", kind)
    assert after.summary == PetitionPage.objects.get(pk=portland["en"].pk).summary
    assert bool(after.call) == (kind == "suspended")
    assert after.digest != before.digest


def test_it_asks_nobody_to_sign_what_cannot_be_signed(portland: CityPages) -> None:
    Petition.objects.filter(pk=portland["en"].petition_id).update(is_paused=True)
    found = city_card(portland)
    assert found.call == ""
    assert "paused" in found.summary


def test_a_milestone_is_passed_before_it_is_told(
    portland: CityPages, campaign: CampaignPage
) -> None:
    petition, key = portland["en"].petition, str(portland["en"].petition_id)
    assert [milestone_told(petition, {key: number}) for number in (0, 200, 201, 500)] == [
        "",
        "",
        "More than 200 signatures",
        "More than 200 signatures",
    ]
    of_campaign = campaign.petition
    assert of_campaign
    people = {str(campaign.petition_id): 9, f"{campaign.petition_id}:people": 1_001}
    assert milestone_told(of_campaign, people) == "More than 1,000 people have signed"


def test_it_is_drawn_in_both_scripts(portland: CityPages) -> None:
    for language in ("en", "uk"):
        picture = Image.open(BytesIO(draw(vars(city_card(portland, language)))))
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert len(picture.convert("RGB").getcolors(2**20) or []) > 20


def test_signs_of_the_designs_language_are_only_signs(portland: CityPages) -> None:
    signs = '#panic("x") \\u{41} @a $x$ <a> *b* `c` ]})" // /* -- ~ #'
    card = vars(city_card(portland))
    words = dict.fromkeys(("site", "heading", "summary", "milestone", "call"), signs)
    cities = ((signs, signs), (signs, signs))
    assert Image.open(BytesIO(draw(card | words | {"cities": cities}))).size == (1200, 630)


def test_a_languages_code_may_name_its_region(portland: CityPages) -> None:
    assert draw(vars(city_card(portland)) | {"language": "pt-br"})


def test_the_longest_words_stay_on_it(portland: CityPages) -> None:
    """What cannot be drawn would raise; what is too long is set smaller."""
    CityName.objects.update(name="W" * 60, region="W" * 60)
    PetitionPage.objects.update(own_heading="W" * 250)
    found = vars(city_card(portland)) | {"summary": "W" * 170}
    assert Image.open(BytesIO(draw(found))).size == (1200, 630)


def test_a_name_that_the_fonts_lack_is_not_drawn(portland: CityPages) -> None:
    CityName.objects.filter(locale=portland["en"].locale).update(name="بورتلاند")
    assert not city_card(portland).can_be_drawn
    look()
    assert not Card.objects.filter(petition=portland["en"].petition, language="en").exists()


def test_until_it_is_drawn_the_campaigns_stands_for_it(portland: CityPages) -> None:
    wordless, _alt = shown("en")
    assert wordless.endswith("share.png")
    for petition in (portland["en"].petition.parent_id, portland["en"].petition_id):
        tasks.draw_card.call(petition=str(petition), language="en")
        address, alt = shown("en")
        assert address.startswith(f"/cards/en/{petition}/")
        response = Client().get(address)
        assert response["Content-Type"] == "image/png"
        assert "immutable" in response["Cache-Control"]
        assert alt == said("en")[str(petition)].alt
    assert shown("en", "/{}/")[0] == shown("en", "/{}/end-ties/")[0]


def test_what_is_published_has_it_drawn_anew(
    portland: CityPages, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    look()
    assert Card.objects.count() == 4
    first, _alt = shown("en")
    old = Card.objects.get(petition=portland["en"].petition, language="en").file
    page = PetitionPage.objects.get(pk=portland["en"].pk)
    page.own_heading = "Say it aloud"
    publish(page)
    tasks.looker.seen = None
    with django_capture_on_commit_callbacks(execute=True):
        look()
    second, alt = shown("en")
    assert first != second
    assert alt.startswith("Say it aloud")
    # Whoever shared the old one is shown the new.
    assert Client().get(first)["Location"] == second
    assert not default_storage.exists(old)


def test_what_has_not_changed_is_not_drawn_again(portland: CityPages) -> None:
    look()
    tasks.looker.seen = None
    tasks.look()
    assert not Job.objects.exists()


def test_each_card_is_asked_for_once(portland: CityPages) -> None:
    tasks.look()
    assert Job.objects.count() == 4
    # Those that have failed wait for somebody to look at them.
    Job.objects.update(error="builtins.OSError")
    tasks.looker.seen = None
    tasks.look()
    assert Job.objects.count() == 4


def test_a_page_that_nobody_sees_has_none(portland: CityPages) -> None:
    look()
    address, _alt = shown("uk")
    portland["uk"].unpublish()
    assert "/cards/uk/" in Client().get(address)["Location"], "before the worker looks"
    tasks.looker.seen = None
    look()
    assert not Card.objects.filter(petition=portland["uk"].petition, language="uk").exists()
    assert "/cards/uk/" in Client().get(address)["Location"], "the campaign's"


def test_of_what_only_some_may_read_no_card_is_given_away(portland: CityPages) -> None:
    look()
    addresses = [shown("en")[0], shown("en", "/{}/end-ties/")[0]]
    PageViewRestriction.objects.create(page=portland["en"].campaign, restriction_type="login")
    for address in addresses:
        assert Client().get(address)["Location"].endswith("share.png")


def test_what_no_petition_has_leads_nowhere(site: SmallSite) -> None:
    assert Client().get(f"/cards/en/{site['home']['en'].translation_key}/0.png").status_code == 404


def asked() -> int:
    with CaptureQueriesContext(connection) as queries:
        list(contents({}))
    return len(queries)


def test_more_cities_ask_no_more(
    portland: CityPages, campaign_pages: dict[str, CampaignPage]
) -> None:
    # Once for what a process asks no more.
    asked()
    few = asked()
    make_city_petition(campaign_pages, "Tacoma", "Washington")
    assert asked() == few
