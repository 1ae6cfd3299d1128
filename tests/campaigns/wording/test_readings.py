"""Editors and translators see what one pattern makes of every city, before it is published."""

from typing import Any

from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import CampaignPage, CityName, Petition, PetitionPage, TieEvent
from campaigns.pages.readings import standing_of
from tests.support.factories import make_city_petition, publish
from tests.support.kinds import SmallSite
from tests.support.logins import login
from tests.support.translating import fill
from translations.submission import submit


def look(client: Client, campaign: CampaignPage, **asked: str) -> list[list[str]]:
    """The rows of the table: the city with what it is taken to be, then each language's text."""
    answer = client.get(f"/admin/wording/{campaign.pk}/", asked)
    assert answer.status_code == 200
    table = BeautifulSoup(answer.content.decode(), "html.parser").select("table.listing tbody tr")
    return [
        [" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in table
    ]


def draft(page: CampaignPage, **texts: Any) -> None:
    for name, value in texts.items():
        setattr(page, name, value)
    page.save_revision()


def test_a_draft_is_read_for_every_city_before_anybody_else_sees_it(
    admin: Client, site: SmallSite, campaign: CampaignPage
) -> None:
    make_city_petition(site["campaign"], "Tacoma", "Washington")
    draft(campaign, city_heading="New words {in_city}")
    portland, tacoma = look(admin, campaign)
    assert portland[1].startswith("New words in Portland")
    assert tacoma[1].startswith("New words in Tacoma")
    assert "New words" not in Client().get(site["portland"]["en"].url).content.decode()


def test_each_status_and_state_reads_as_a_page_in_it_will(
    admin: Client, campaign: CampaignPage
) -> None:
    words = {"status": "suspended", "state": "any", "heading": "Keep it shut, {city}"}
    draft(campaign, city_heading="Act, {city}", city_words=[("words", words)])
    rows = look(admin, campaign, status="each")
    assert [row[0].rpartition("Khabarovsk ")[2] for row in rows] == [
        "active",
        "suspended",
        "ended",
        "unknown",
    ]
    assert [row[1].partition(" Edit")[0] for row in rows][:2] == [
        "Act, Portland",
        "Keep it shut, Portland",
    ]
    assert not any("Act," in row[1] for row in rows[1:])
    (won,) = look(admin, campaign, state="won")
    assert "Act," not in won[1]


def test_three_planted_faults_are_marked_where_they_are(
    admin: Client, site: SmallSite, campaign: CampaignPage
) -> None:
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")
    CityName.objects.filter(city=tacoma["uk"].tie.city, locale__language_code="uk").delete()
    draft(
        campaign,
        city_heading="Stand up in {in_city}"
        + ", as long as the war against Ukraine goes on and nobody is called to account for it",
    )
    ukrainian = CampaignPage.objects.get(pk=site["campaign"]["uk"].pk)
    draft(ukrainian, city_heading="Мер в Вашингтоні, не {of_city}")
    rows = look(admin, campaign)
    assert all("Said twice: “in in”." in row[1] for row in rows)
    assert all("characters, and 100 fit." in row[1] for row in rows)
    assert all("“в Вашингтоні” reads better as “у Вашингтоні”." in row[2] for row in rows)
    assert ["has no name in this language yet" in row[2] for row in rows] == [False, True]
    assert len(look(admin, campaign, marked="on", language="en")) == 2
    draft(campaign, city_heading="Stand up {in_city}")
    assert look(admin, campaign, marked="on", language="en") == [["No cities match."]]


def test_a_form_that_a_name_lacks_is_marked_where_a_pattern_needs_it(
    admin: Client, site: SmallSite, campaign: CampaignPage
) -> None:
    sister = site["portland"]["uk"].tie.sister_city
    CityName.objects.filter(city=sister, locale__language_code="uk").update(with_form="")
    ukrainian = CampaignPage.objects.get(pk=site["campaign"]["uk"].pk)
    sentence = "has no form for {with_sister_city} yet"
    for pattern, is_marked in (
        ("Рвіть {with_sister_city}", True),
        ("Рвіть із {sister_city}", False),
    ):
        draft(ukrainian, city_heading=pattern)
        ((_city, _english, told),) = look(admin, campaign)
        assert (sentence in told) is is_marked


def test_a_pattern_that_is_not_translated_yet_is_marked(
    admin: Client, site: SmallSite, campaign: CampaignPage
) -> None:
    ukrainian = CampaignPage.objects.get(pk=site["campaign"]["uk"].pk)
    campaign.city_heading = "ENGLISH heading {of_city}"
    publish(campaign)
    submit(campaign, ukrainian.locale)
    ((_city, _english, waiting),) = look(admin, campaign)
    assert "Not translated yet." in waiting
    fill(ukrainian)
    ((_city, _english, done),) = look(admin, campaign)
    assert done.startswith("УКРАЇНСЬКЕ heading")
    assert "Not translated" not in done


def test_translators_see_it_and_strangers_do_not(site: SmallSite, campaign: CampaignPage) -> None:
    assert look(login("translator", "uk"), campaign)
    assert Client().get(f"/admin/wording/{campaign.pk}/").status_code == 302


def test_nonsense_in_the_address_shows_headings_as_they_stand(
    admin: Client, campaign: CampaignPage
) -> None:
    plain = look(admin, campaign)
    assert look(admin, campaign, text="x", status="x", state="x", language="x", p="x") == plain
    assert look(admin, campaign, q="nowhere") == [["No cities match."]]
    assert look(admin, campaign, q="ПОРТЛЕНД".lower()) == plain
    assert look(admin, campaign, q="portl") == plain


def test_more_cities_are_no_more_queries(
    admin: Client, site: SmallSite, campaign: CampaignPage
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            look(admin, campaign, status="each", text="description")
        return len(found)

    queries()
    one = queries()
    make_city_petition(site["campaign"], "Tacoma", "Washington")
    assert queries() == one


def test_an_ended_tie_leaves_no_petition_open_to_look_at() -> None:
    assert standing_of("ended", "open").state == Petition.State.ENDED
    assert standing_of("ended", "won").state == Petition.State.WON


def test_what_is_not_asked_for_is_taken_as_it_stands(
    admin: Client, site: SmallSite, campaign: CampaignPage
) -> None:
    petition = site["portland"]["en"].petition
    source = {"source_title": "Report", "source_publisher": "Paper"}
    TieEvent.objects.create(tie=petition.tie, kind="suspended", date="2024-01-01", **source)
    Petition.objects.filter(pk=petition.pk).update(is_paused=True)
    ((closed, *_),) = look(admin, campaign, state="closed")
    assert "suspended, closed" in closed
    ((unknown, *_),) = look(admin, campaign, status="unknown")
    assert "unknown, paused" in unknown


def test_a_translator_sees_what_waits_in_one_language_and_in_every_text(
    admin: Client, site: SmallSite, campaign: CampaignPage
) -> None:
    ukrainian = CampaignPage.objects.get(pk=site["campaign"]["uk"].pk)
    campaign.city_lead = "ENGLISH lead {of_city}"
    publish(campaign)
    submit(campaign, ukrainian.locale)
    shown = {"text": "each", "language": "uk", "marked": "on", "q": "портленд"}
    rows = look(admin, ukrainian, **shown)
    assert any("Lead" in city and "Not translated yet." in text for city, text in rows)
    both = admin.get(f"/admin/wording/{ukrainian.pk}/").context["languages"]
    assert [page.language for page in both] == ["en", "uk"]


def test_a_citys_preview_shows_the_campaigns_draft(
    admin: Client, site: SmallSite, campaign: CampaignPage
) -> None:
    draft(campaign, city_heading="New words {in_city}")
    page = PetitionPage.objects.get(pk=site["portland"]["en"].pk)
    shown = page.make_preview_request(preview_mode="open").content.decode()
    assert "<h1>New words in Portland</h1>" in shown
