"""News of a petition: on its page, on a page of their own, in a feed, in each language."""

from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from campaigns.models import CampaignPage, PetitionPage, UpdatePage
from tests.support.editor import edit
from tests.support.factories import make_city_petition, publish
from tests.support.kinds import SmallSite
from translations.submission import publish as publish_newest
from translations.submission import submit, translate

ATOM = "{http://www.w3.org/2005/Atom}"


def add(parent: Page, title: str, day: int = 1, **changes: Any) -> UpdatePage:
    parent = type(parent).objects.get(pk=parent.pk)
    page = UpdatePage(
        title=title,
        slug=changes.pop("slug", title.lower().replace(" ", "-")),
        locale=parent.locale,
        date=date(2024, 1, day),
        lead=f"The lead of {title} & more.",
        **changes,
    )
    page.body = [("text", "<p>Its text.</p>")]
    parent.add_child(instance=page)
    return publish(page)


def read(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_newest_news_stand_on_the_petitions_page(site: SmallSite) -> None:
    campaign = site["campaign"]["en"]
    for day in range(1, 6):
        add(campaign, f"News {day}", day)
    page = read(campaign.url)
    assert [day for day in range(1, 6) if f"News {day}" in page] == [3, 4, 5]
    assert page.index("News 5") < page.index("News 4")
    everything = read(f"{campaign.url}news/")
    assert all(f"News {day}" in everything for day in range(1, 6))


def test_a_campaigns_news_are_its_cities_too_and_not_the_reverse(site: SmallSite) -> None:
    campaign, portland = site["campaign"]["en"], site["portland"]["en"]
    add(campaign, "Of all cities")
    add(portland, "Of Portland")
    assert "Of Portland" not in read(campaign.url)
    for address in (portland.url, f"{portland.url}news/", f"{portland.url}feed/"):
        text = read(address)
        assert "Of all cities" in text
        assert "Of Portland" in text


def test_news_speak_the_language_of_their_page(site: SmallSite) -> None:
    english = add(site["portland"]["en"], "Heard in council")
    ukrainian = UpdatePage(title="Розглянула рада", slug=english.slug, date=english.date)
    ukrainian.locale = site["portland"]["uk"].locale
    ukrainian.lead = "Рада розглянула петицію."
    ukrainian.body = english.body
    translated = translate(english, ukrainian, ukrainian.locale)
    assert translated.live
    assert translated.date == english.date
    assert translated.get_parent().pk == site["portland"]["uk"].pk
    page = read("/uk/end-ties/portland-oregon/heard-in-council/")
    assert '<html lang="uk">' in page
    assert "Рада розглянула петицію." in page
    assert 'hreflang="en" href="http://localhost/en/end-ties/portland-oregon/heard' in page
    assert "Heard in council" not in read("/uk/end-ties/portland-oregon/news/")
    sitemap = read("/sitemap.xml")
    for language in ("en", "uk"):
        address = f"http://localhost/{language}/end-ties/portland-oregon/heard-in-council/"
        assert f"<loc>{address}</loc>" in sitemap


@pytest.mark.parametrize(("language", "title"), [("en", "News:"), ("uk", "Новини:")])
def test_the_feed_is_atom_in_the_pages_language(site: SmallSite, language: str, title: str) -> None:
    page = site["portland"][language]
    add(page, "First", 1)
    add(page, "Second", 2)
    response = Client().get(f"{page.url}feed/")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "public" in response["Cache-Control"]
    root = ElementTree.fromstring(response.content)
    assert root.tag == f"{ATOM}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    assert root.findtext(f"{ATOM}title", "").startswith(title)
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    home = f"http://localhost/{language}/end-ties/portland-oregon/"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"alternate": home, "self": f"{home}feed/"}
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Second", "First"]
    assert entries[0].findtext(f"{ATOM}id") == f"{home}second/"
    assert entries[0].findtext(f"{ATOM}published") == "2024-01-02T00:00:00-08:00"
    assert entries[0].findtext(f"{ATOM}summary") == "The lead of Second &amp; more."


def test_pages_name_their_feed(site: SmallSite) -> None:
    news = add(site["portland"]["en"], "First")
    feed = 'href="http://localhost/en/end-ties/portland-oregon/feed/"'
    for address in (site["portland"]["en"].url, f"{site['portland']['en'].url}news/", news.url):
        assert f'type="application/atom+xml" title="News" {feed}' in read(address)


def test_a_feed_without_news_is_valid_too(site: SmallSite) -> None:
    root = ElementTree.fromstring(Client().get(f"{site['campaign']['en'].url}feed/").content)
    assert root.findtext(f"{ATOM}updated")
    assert not root.findall(f"{ATOM}entry")


def test_drafts_and_restricted_news_show_nowhere(site: SmallSite) -> None:
    campaign = site["campaign"]["en"]
    add(campaign, "Taken down").unpublish()
    hidden = add(campaign, "For members")
    hidden.view_restrictions.create(restriction_type="login")
    for address in (campaign.url, f"{campaign.url}news/", f"{campaign.url}feed/"):
        assert "Taken down" not in read(address)
        assert "For members" not in read(address)


@pytest.mark.parametrize("slug", ["news", "feed", "cities"])
def test_news_do_not_take_an_address_that_leads_elsewhere(site: SmallSite, slug: str) -> None:
    with pytest.raises(ValidationError, match="leads elsewhere"):
        add(site["campaign"]["en"], "Title", slug=slug)


def test_news_cost_as_many_queries_when_there_are_many(site: SmallSite) -> None:
    portland = site["portland"]["en"]
    for number in range(3):
        add(portland, f"News {number}")
    read(f"{portland.url}news/")
    with CaptureQueriesContext(connection) as few:
        read(f"{portland.url}news/")
    for number in range(3, 12):
        add(portland, f"News {number}")
    with CaptureQueriesContext(connection) as many:
        read(f"{portland.url}news/")
    assert len(many) == len(few)


def test_publishing_around_news_keeps_the_tree_whole(site: SmallSite, admin: Client) -> None:
    portland = PetitionPage.objects.get(pk=site["portland"]["en"].pk)
    news = add(portland, "First")
    edit(admin, PetitionPage.objects.get(pk=portland.pk), "publish", own_ask="Another ask.")
    edit(admin, news, "publish", lead="Another lead.")
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    make_city_petition({"en": campaign, "uk": site["campaign"]["uk"]}, "Tacoma", "Washington")
    publish_newest(CampaignPage.objects.get(pk=campaign.pk))
    assert Page.find_problems() == ([], [], [], [], [])
    assert "Another lead." in read(news.url)
    assert "Another ask." in read(portland.url)


def test_news_wait_for_their_translators_as_a_draft(site: SmallSite) -> None:
    news = add(site["portland"]["en"], "First")
    locale = site["portland"]["uk"].locale
    submit(news, locale).save_target(publish=False)
    assert not news.get_translation(locale).live
    assert "First" not in read("/uk/end-ties/portland-oregon/")


def test_an_item_leads_to_the_form_by_one_button(site: SmallSite) -> None:
    page = add(site["campaign"]["en"], "A vote")
    form = f'href="{site["campaign"]["en"].url}#sign"'
    assert read(page.url).count(form) == 1
    page.body = [("call_to_action", {"heading": "Add your voice", "button": "Sign now"})]
    publish(page)
    assert read(page.url).count(form) == 1
