"""What became of each city's tie, in public."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from campaigns.models import CampaignPage, City, Petition, PetitionEvent, PetitionPage, TieEvent
from campaigns.pages.states import US_STATES
from campaigns.pages.tracker import kilometres
from tests.signatures.posting import OWN, fields
from tests.support.factories import confirmed, make_city_petition
from tests.support.kinds import SmallSite
from translations.languages.collation import sort_key

pytestmark = pytest.mark.both_databases


def end(page: PetitionPage) -> None:
    TieEvent.objects.create(
        tie=page.tie,
        kind="ended",
        date="2023-05-01",
        source_title="Council ends tie",
        source_publisher="A paper",
        source_url="https://news.example/2",
    )


def tracker(query: str = "", language: str = "en") -> str:
    response = Client().get(f"/{language}/end-ties/cities/{query}")
    assert response.status_code == 200
    assert "public" in response["Cache-Control"]
    return response.content.decode()


def listed(html: str) -> list[str]:
    return re.findall(r'<th[^>]* scope="row"><a href="[^"]*">([^<]*)</a>', html)


def test_every_state_has_a_square_of_its_own() -> None:
    assert len(US_STATES) == 51
    assert len({abbreviation for abbreviation, _x, _y in US_STATES.values()}) == 51
    assert len({(x, y) for _abbreviation, x, y in US_STATES.values()}) == 51


def test_the_map_shows_the_states_with_their_status_and_leads_to_their_cities(
    tacoma: dict[str, PetitionPage],
) -> None:
    end(tacoma["en"])
    html = tracker()
    assert 'aria-label="Washington: 1 city (ended)"' in html
    assert 'class="share share--ended"' in html
    assert "?state=washington#table" in html
    assert "style=" not in html
    assert "<script" not in html
    assert 'aria-label="Орегон: 1 місто (чинне)"' in tracker(language="uk")


@pytest.mark.parametrize(
    ("query", "cities"),
    [
        ("", ["Portland, Oregon", "Tacoma, Washington"]),
        ("?status=ended", ["Tacoma, Washington"]),
        ("?status=active", ["Portland, Oregon"]),
        ("?state=oregon", ["Portland, Oregon"]),
        ("?q=такома", ["Tacoma, Washington"]),
        ("?q=PORT+ore", ["Portland, Oregon"]),
        ("?sort=-city", ["Tacoma, Washington", "Portland, Oregon"]),
        ("?sort=-signatures", ["Tacoma, Washington", "Portland, Oregon"]),
        ("?sort=signatures", ["Portland, Oregon", "Tacoma, Washington"]),
        ("?sort=-date", ["Tacoma, Washington", "Portland, Oregon"]),
        ("?sort=status", ["Portland, Oregon", "Tacoma, Washington"]),
        ("?status=nonsense&state=%00&sort=x", ["Portland, Oregon", "Tacoma, Washington"]),
        ("?q=nowhere", []),
    ],
)
def test_the_table_is_filtered_and_sorted_without_scripts(
    tacoma: dict[str, PetitionPage], query: str, cities: list[str]
) -> None:
    confirmed(tacoma["en"])
    end(tacoma["en"])
    html = tracker(query)
    assert listed(html) == cities
    assert '<link rel="canonical" href="http://localhost/en/end-ties/cities/">' in html
    if not cities:
        assert "No city matches “nowhere”" in html


def test_the_tracker_takes_as_many_queries_for_two_cities_as_for_one(site: SmallSite) -> None:
    tracker()
    with CaptureQueriesContext(connection) as one:
        tracker()
    pages = {code: CampaignPage.objects.get(pk=page.pk) for code, page in site["campaign"].items()}
    make_city_petition(pages, "Tacoma", "Washington")
    with CaptureQueriesContext(connection) as two:
        tracker()
    assert len(two) == len(one)


def test_a_city_whose_tie_has_ended_leads_to_the_nearest_open_one(
    site: SmallSite, tacoma: dict[str, PetitionPage]
) -> None:
    portland = site["portland"]["en"]
    signature = confirmed(portland)
    end(portland)
    html = Client().get(portland.url).content.decode()
    assert "The tie between Portland and Khabarovsk has ended." in html
    told = "The sister-city tie between Portland and Khabarovsk has ended."
    assert f'<div class="notice standing standing--ended">\n    <p class="lead">{told}</p>' in html
    assert f'<a href="{tacoma["en"].url}#sign">Tacoma, Washington</a>' in html
    assert 'class="sign-form"' not in html
    assert "Council ends tie" in html
    ukrainian = Client().get(site["portland"]["uk"].url).content.decode()
    assert "побратимство розірвано" in ukrainian.casefold()
    petition = Petition.objects.get(pk=portland.petition_id)
    assert petition.state() == Petition.State.ENDED
    signature.refresh_from_db()
    assert signature.is_confirmed


def test_a_post_to_an_ended_city_gets_the_same_explanation(site: SmallSite) -> None:
    portland = site["portland"]["en"]
    end(portland)
    address = f"/en/petitions/{portland.petition_id}/sign/"
    response = Client().post(address, fields(portland), **OWN)
    assert response.status_code == 409
    assert "has ended." in response.content.decode()
    data = Client().get(f"/api/petitions/{portland.petition_id}/").json()
    assert data["is_open"] is False
    assert data["tie"]["status"] == "ended"


def test_a_reinstated_tie_opens_its_petition_again(site: SmallSite) -> None:
    portland = site["portland"]["en"]
    end(portland)
    TieEvent.objects.create(
        tie=portland.tie,
        kind="reinstated",
        date="2024-01-01",
        source_title="A",
        source_publisher="B",
    )
    assert Petition.objects.get(pk=portland.petition_id).state() == Petition.State.OPEN


def test_a_page_tells_what_has_happened_the_newest_first(site: SmallSite) -> None:
    portland = site["portland"]["en"]
    PetitionEvent.objects.create(
        petition=portland.petition,
        kind="replied",
        date="2023-02-01",
        source_title="A letter",
        source_publisher="The mayor",
    )
    html = Client().get(portland.url).content.decode()
    timeline = html[html.index("timeline-heading") :]
    assert timeline.index("Reply received") < timeline.index("Tie reported as still in force")
    assert "A letter" in timeline


def test_the_nearest_city_is_told_by_distance() -> None:
    portland = City(latitude="45.5152", longitude="-122.6784")
    tacoma = City(latitude="47.2529", longitude="-122.4443")
    assert 190 < kilometres(portland, tacoma) < 197
    assert kilometres(portland, City()) > 1e9


def test_names_are_sorted_by_the_ukrainian_alphabet() -> None:
    names = ["Їжа", "Ґанок", "Гора", "Ирій", "Яр", "Іва", "Євген", "Да"]
    expected = ["Гора", "Ґанок", "Да", "Євген", "Ирій", "Іва", "Їжа", "Яр"]
    assert sorted(names, key=lambda name: sort_key(name, "uk")) == expected


def step(page: PetitionPage, kind: str) -> None:
    PetitionEvent.objects.create(
        petition=page.petition,
        kind=kind,
        date="2026-06-01",
        source_title="The city’s site",
        source_publisher="The city",
    )


LADDER = ["contacted", "delivered", "replied", "hearing"]


@pytest.mark.parametrize("number", range(5))
def test_the_ladder_shows_how_far_each_petition_has_come(
    tacoma: dict[str, PetitionPage], number: int
) -> None:
    # In whatever order they are entered.
    for kind in reversed(LADDER[:number]):
        step(tacoma["en"], kind)
    label = ["not contacted", "contacted", "delivered", "answered", "hearing"][number]
    value = label.replace(" ", "_")
    html = tracker(f"?step={value}&state=washington")
    assert listed(html) == ["Tacoma, Washington"]
    page = Client().get(tacoma["en"].url).content.decode()
    assert re.findall(r'aria-current="step">([^<]+)<', page) == [label]
    assert page.count('class="ladder__reached"') == number
    assert Client().get(f"/api/petitions/{tacoma['en'].petition_id}/").json()["step"] == value
    assert f' class="step" data-label="The petition">{label}</td>' in html
    assert f'aria-label="Washington: 1 city ({label})"' in html
    assert f'class="share share--{value}"' in html
    assert listed(tracker("?step=ended")) == []


@pytest.mark.parametrize("kind", ["suspended", "ended"])
def test_what_became_of_the_tie_ends_the_ladder(tacoma: dict[str, PetitionPage], kind: str) -> None:
    step(tacoma["en"], "hearing")
    end(tacoma["en"])
    TieEvent.objects.filter(tie=tacoma["en"].tie, kind="ended").update(kind=kind)
    assert listed(tracker(f"?step={kind}")) == ["Tacoma, Washington"]
    assert listed(tracker("?sort=-step"))[0] == "Tacoma, Washington"
    assert f'aria-label="Washington: 1 city (tie {kind})"' in tracker("?map=steps")
    assert "?map=steps&amp;state=washington#table" in tracker("?map=steps")
    assert f'aria-label="Washington: 1 city ({kind})"' in tracker("?map=nonsense&step=x")


def test_the_map_that_was_chosen_stays_when_the_table_is_asked_for_more(
    tacoma: dict[str, PetitionPage],
) -> None:
    assert '<input type="hidden" name="map" value="steps">' in tracker("?map=steps")
    assert 'name="map"' not in tracker("")


def test_the_other_map_shows_the_same_cities(tacoma: dict[str, PetitionPage]) -> None:
    step(tacoma["en"], "contacted")
    there = "?q=tacoma&status=active&state=washington&sort=city&map=steps"
    html = tracker("?q=tacoma&status=active&state=washington")
    assert f'href="{escape(there)}#map"' in html
    back = tracker(f"{there}&step=contacted")
    assert listed(back) == ["Tacoma, Washington"]
    assert 'href="?q=tacoma&amp;status=active&amp;state=washington&amp;sort=city#map"' in back
