"""What a visitor reads, in both languages."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.test import Client

from campaigns.models import City, CityName, PetitionPage, TextVersion, Tie, TieEvent
from campaigns.placeholders import fill, validate_pattern
from campaigns.records.goals import milestones, next_goal
from signatures.models import Signature
from tests.support.factories import confirmed, make_city_petition, publish, shown
from tests.support.kinds import CityPages, SmallSite


def read(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("reached", "goal"),
    [(0, 200), (199, 200), (200, 500), (500, 1000), (1000, 1500), (1500, 2500), (2500, 5000)]
    + [(5000, 7500), (7500, 10_000), (10_000, 15_000), (15_000, 25_000), (25_000, 35_000)]
    + [(35_000, 50_000), (50_000, 75_000), (75_000, 100_000), (100_000, 150_000)]
    + [(750_000, 1_000_000)],
)
def test_the_goal_steps_up_when_it_is_reached(reached: int, goal: int) -> None:
    assert next_goal(reached) == goal


def test_milestones_are_the_goals_reached() -> None:
    assert milestones(1200) == [200, 500, 1000]


def test_placeholders_are_filled_and_unknown_ones_refused() -> None:
    assert fill("Mayor {of_city}", {"of_city": "of Portland"}) == "Mayor of Portland"
    with pytest.raises(ValidationError, match="of_town"):
        validate_pattern("Mayor {of_town}")


@pytest.mark.parametrize(
    ("language", "heading", "status"),
    [
        ("en", "Mayor of Portland: end the tie with Khabarovsk", "as reported on June 4, 2022"),
        (
            "uk",
            "Мере Портленда, розірвіть звʼязки з\u00a0Хабаровськом",
            "за повідомленням від 4\u00a0червня 2022\u00a0р.",
        ),
    ],
)
def test_a_city_page_speaks_its_language(
    portland: CityPages, language: str, heading: str, status: str
) -> None:
    page = read(portland[language].url)
    assert f'<html lang="{language}">' in page
    assert re.search(rf"<h1>\s*{heading}\s*</h1>", page)
    assert status in page
    assert "The Oregonian" in page
    for other in ("en", "uk"):
        assert (
            f'hreflang="{other}" href="http://localhost/{other}/end-ties/portland-oregon/"' in page
        )
    canonical = (
        f'<link rel="canonical" href="http://localhost/{language}/end-ties/portland-oregon/"'
    )
    assert canonical in page
    assert 'property="og:title"' in page


def test_pages_may_be_kept_by_any_cache_and_set_no_cookie(site: SmallSite) -> None:
    for page in (site["home"]["en"], site["campaign"]["uk"], site["portland"]["en"]):
        response = Client().get(page.url)
        assert "public" in response["Cache-Control"]
        assert "Cookie" not in response.get("Vary", "")
        assert not response.cookies


def test_the_front_door_follows_the_visitors_language(site: SmallSite) -> None:
    for accepted, language in [("uk,en;q=0.5", "uk"), ("fr", "en"), ("", "en"), ("uk-UA", "uk")]:
        response = Client().get("/", headers={"accept-language": accepted})
        assert response["Location"] == f"/{language}/"
        assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize("query", ["portland", "PORT", "орегон", "ПОРТЛЕНД", "Oregon", "хабаров"])
def test_a_city_is_found_in_both_alphabets_and_any_case(portland: CityPages, query: str) -> None:
    for language in ("en", "uk"):
        response = Client().get(f"/{language}/", {"q": query})
        assert f"/{language}/end-ties/portland-oregon/" in response.content.decode()


@pytest.mark.parametrize("query", ["atlantis", "%00", "\0", "%", "_", "'", "x" * 100_000])
def test_a_search_that_fits_nothing_says_so(portland: CityPages, query: str) -> None:
    response = Client().get("/en/", {"q": query})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1 підпис"), (2, "2 підписи"), (5, "5 підписів"), (21, "21 підпис")]
)
def test_ukrainian_plurals(portland: CityPages, number: int, text: str) -> None:
    for each in range(number):
        confirmed(portland["en"], f"person-{each}@example.org")
    home = re.sub(r"<[^>]+>", "", read("/uk/"))
    assert re.search(rf"{text}(?!\w)", home)


def test_the_tracker_lists_every_city(site: SmallSite) -> None:
    make_city_petition(site["campaign"], "Tacoma", "Washington")
    page = read("/uk/end-ties/cities/")
    assert "Такома, Вашингтон" in page
    assert "Портленд, Орегон" in page
    assert "/en/end-ties/cities/" in page


def test_the_newest_event_decides_the_status(portland: CityPages) -> None:
    tie = portland["en"].tie
    assert tie.status == Tie.Status.ACTIVE
    source = {"source_title": "A", "source_publisher": "B"}
    TieEvent.objects.create(tie=tie, kind="suspended", date="2022-07-01", **source)
    TieEvent.objects.create(tie=tie, kind="ended", date="2022-06-30", **source)
    assert Tie.objects.get().status == Tie.Status.SUSPENDED
    tie.events.all().delete()
    TieEvent.objects.create(tie=tie, kind="reported", date=None, **source)
    assert Tie.objects.get().status == Tie.Status.UNKNOWN


def test_a_campaign_edit_reaches_its_city_pages(site: SmallSite) -> None:
    campaign = site["campaign"]["en"]
    campaign.refresh_from_db()
    campaign.city_ask = "Please end it {with_sister_city}."
    publish(campaign)
    assert "Please end it with Khabarovsk." in read(site["portland"]["en"].url)
    words = PetitionPage.objects.get(pk=site["portland"]["en"].pk).words
    assert TextVersion.objects.filter(checksum=words.checksum).exists()


def test_a_petition_has_one_page_per_language(portland: CityPages) -> None:
    twin = PetitionPage(title="Twin", slug="twin", petition=portland["en"].petition)
    twin.locale = portland["en"].locale
    with pytest.raises(ValidationError):
        portland["en"].get_parent().add_child(instance=twin)


def test_a_name_not_yet_translated_shows_in_the_source_language(portland: CityPages) -> None:
    CityName.objects.filter(locale__language_code="uk", city__country="RU").delete()
    page = read("/uk/end-ties/portland-oregon/")
    assert '<b><span lang="en">Khabarovsk</span></b>' in page


def test_comments_show_once_released_and_only_with_the_name(portland: CityPages) -> None:
    confirmed(portland["en"], comment="Shown words", show_name=True)
    confirmed(portland["en"], "b@example.org", comment="Hidden words", name="Hidden Name")
    assert "Shown words" not in read(portland["en"].url)
    Signature.objects.update(comment_state="released")
    assert "Shown words" not in read(portland["en"].url), "its name waits still"
    Signature.objects.update(name_state="released")
    page = read(portland["en"].url)
    assert "Shown words" in page
    assert "Hidden words" not in page
    assert "Hidden Name" not in page


def test_public_json_has_numbers_and_never_a_person(portland: CityPages) -> None:
    shown(portland["en"])
    response = Client().get(f"/api/petitions/{portland['en'].petition_id}/")
    data = response.json()
    assert data["signatures"] == 1
    assert data["tie"]["city"] == {"en": "Portland", "uk": "Портленд"}
    assert "people" not in data
    assert "Neil" not in response.content.decode()
    assert response["Access-Control-Allow-Origin"] == "*"
    again = Client().get(
        f"/api/petitions/{portland['en'].petition_id}/",
        headers={"if-none-match": response["ETag"]},
    )
    assert again.status_code == 304
    listed = Client().get("/api/petitions/").json()["petitions"]
    assert {entry.get("people") for entry in listed} == {None, 1}


def test_the_sitemap_has_both_languages_with_alternates(portland: CityPages) -> None:
    sitemap = read("/sitemap.xml")
    for language in ("en", "uk"):
        assert f"<loc>http://localhost/{language}/end-ties/portland-oregon/</loc>" in sitemap
        assert f'hreflang="{language}"' in sitemap


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Page not found"), ("uk", "Сторінку не знайдено")]
)
def test_a_missing_page_says_so_in_the_visitors_language(
    site: SmallSite, language: str, words: str
) -> None:
    response = Client().get(f"/{language}/missing/")
    assert response.status_code == 404
    assert words in response.content.decode()


def test_a_city_on_a_petition_cannot_be_deleted(portland: CityPages) -> None:
    with pytest.raises(ProtectedError):
        City.objects.all().delete()


@pytest.mark.parametrize("address", ["/en", "/uk/end-ties", "/uk/end-ties/portland-oregon"])
def test_an_address_without_its_last_slash_leads_to_the_page(site: SmallSite, address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 301
    assert response["Location"] == f"{address}/"


@pytest.mark.parametrize(("language", "words"), [("en", "not allowed here"), ("uk", "не можна")])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_page_takes_no_other_method_and_says_so_in_the_visitors_language(
    site: SmallSite, language: str, words: str, method: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    response = getattr(client, method)(f"/{language}/end-ties/")
    assert response.status_code == 403
    assert words in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize("part", ["", "cities/", "news/"])
def test_what_is_shared_is_the_very_page(site: SmallSite, part: str) -> None:
    address = f"/uk/end-ties/{part}"
    page = read(address)
    assert f'<link rel="canonical" href="http://localhost{address}">' in page
    assert f'<meta property="og:url" content="http://localhost{address}">' in page
    assert page.count('property="og:url"') == page.count('property="og:title"') == 1


def test_a_comment_is_marked_with_the_language_it_was_written_in(portland: CityPages) -> None:
    shown(portland["en"], comment="My family")
    assert '<p dir="auto"><span lang="en">My family</span></p>' in read(portland["uk"].url)


def test_a_search_goes_on_in_the_other_language(portland: CityPages) -> None:
    html = read("/en/?q=%22port%3E")
    assert 'href="http://localhost/uk/?q=%22port%3E"' in html
    assert '<link rel="canonical" href="http://localhost/en/">' in html


@pytest.mark.parametrize(
    "address", ["/api/petitions/00000000-0000-4000-8000-000000000000/", "/fr/", "/no-such-page/"]
)
@pytest.mark.parametrize(
    ("language", "words"), [("en", "Page not found"), ("uk", "Сторінку не знайдено")]
)
def test_an_unknown_address_without_a_language_is_nowhere(
    site: SmallSite, address: str, language: str, words: str
) -> None:
    response = Client().get(address, headers={"accept-language": language})
    assert response.status_code == 404
    assert words in response.content.decode()
    assert response["Vary"] == "Accept-Language"
