"""Every page of the demo, read as a visitor does: all its words are in the visitor's language.

Words of another language stand there on purpose only, and then carry their `lang`.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from wagtail.models import Page
from wagtail_localize.models import StringTranslation

from campaigns.models import CampaignPage, PetitionPage, TieEvent, UpdatePage
from campaigns.pages import news
from home.models import ContentPage, HomePage
from jobs.worker import drain
from signatures import lifecycle
from signatures.mailboxes import campaign_keys
from signatures.models import Allowance, Signature, Submission
from signatures.signing.tokens import confirm_token, own_token
from tests.conftest import in_the_demo
from tests.signatures.posting import OWN, address, fields
from tests.support.crawling import links
from tests.support.database import Database
from tests.support.factories import confirm_all, new_act
from tests.support.foreign import assert_all_in_their_language, foreign_texts, texts

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LANGUAGES = ("en", "uk")


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, database: Database, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """For the whole module, whose pages are read once."""
    with django_db_blocker.unblock():
        yield from in_the_demo(database)


@pytest.fixture(scope="module")
def pages(demo: None) -> dict[str, dict[str, str]]:
    """The HTML of every page that links lead to, by language and address."""
    return {language: dict(crawl(f"/{language}/")) for language in LANGUAGES}


def crawl(start: str) -> Iterator[tuple[str, str]]:
    """All pages of one language, filtered and sorted ones too, but no filters of filters."""
    client = Client()
    with pytest.MonkeyPatch.context() as patch:
        # So that there is a second page of news.
        patch.setattr(news, "NEWS_PER_PAGE", 1)
        waiting, known = [start], {start}
        while waiting:
            here = waiting.pop()
            response = client.get(here)
            assert response.status_code == 200, here
            yield here, response.content.decode()
            if "html" in response["Content-Type"] and "?" not in here.removesuffix("?q=портл"):
                found = links(here, response.content.decode(), start) - known
                known |= found
                waiting += sorted(found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_that_links_lead_to_is_in_its_language(
    pages: dict[str, dict[str, str]], language: str
) -> None:
    html_of = {here: html for here, html in pages[language].items() if "<html" in html}
    assert len(html_of) > 60
    assert_all_in_their_language(html_of, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_feed_is_in_its_language(pages: dict[str, dict[str, str]], language: str) -> None:
    feeds = {here: xml for here, xml in pages[language].items() if here.endswith("/feed/")}
    assert len(feeds) == 21
    for here, xml in feeds.items():
        feed = BeautifulSoup(xml, "html.parser")
        assert feed.feed is not None
        assert feed.feed["xml:lang"] == language
        words = " ".join(each.get_text() for each in feed.find_all(["title", "summary", "name"]))
        assert not foreign_texts(f'<p lang="{language}">{words}</p>'), here


def test_both_languages_have_the_same_pages(pages: dict[str, dict[str, str]]) -> None:
    english, ukrainian = (
        {here.removeprefix(f"/{language}") for here in pages[language]} for language in LANGUAGES
    )
    assert english == ukrainian


def test_no_sentence_that_was_translated_stands_in_a_ukrainian_page(
    pages: dict[str, dict[str, str]],
) -> None:
    """Not of another alphabet alone: none of the sources' own texts is read there as Ukrainian."""
    sources = {
        plain(each.translation_of.data)
        for each in StringTranslation.objects.select_related("translation_of")
        if each.data != each.translation_of.data
    }
    assert len(sources) > 100
    for here, html in pages["uk"].items():
        # Descriptions name publishers, which are sources of their own.
        read = " ".join(
            text.words for text in texts(html) if text.language == "uk" and text.place != "meta"
        )
        assert not {text for text in sources if text in read}, here


def plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).strip()


def in_every_state(language: str) -> dict[str, Any]:
    """What no link leads to: answers to posts, pages of signers, errors."""
    client = Client()
    page = PetitionPage.objects.filter(locale__language_code=language).order_by("pk")[0]
    campaign = CampaignPage.objects.get(locale__language_code=language)
    other = PetitionPage.objects.filter(locale__language_code=language).order_by("pk")[1]
    name = {"en": "Mary Field", "uk": "Марія Поле"}[language]
    shown = {
        "nothing": client.get(f"/{language}/nothing/"),
        "search": client.get(f"/{language}/?q=портл"),
        "no city": client.get(f"/{language}/?q=123"),
        "no row": client.get(f"{campaign.url}cities/?q=123"),
        "form with errors": client.post(address(page), {}, **OWN),
        "mistyped": client.post(address(page), fields(page, email="a@gmial.com"), **OWN),
        "foreign form": client.post(address(page), fields(page)),
    }
    entry = fields(page, name=name, email="mary@example.org")
    check = client.post(address(page), entry, **OWN)["Location"]
    shown["check"] = client.get(check)
    shown["wrong code"] = client.post(check, {"code": "12"}, **OWN)
    shown["mail again"] = client.post(check, {"again": "1"}, **OWN)
    submission = Submission.objects.get(signature__petition=page.petition, language=language)
    link = f"/{language}/signatures/{confirm_token(submission)}/"
    for step in ("confirm/", "stop/"):
        shown[step] = client.get(link + step)
    own = client.post(f"{link}confirm/", **OWN)["Location"]
    shown["confirmed"] = client.get(own)
    shown["confirm again"] = client.get(f"{link}confirm/")
    drain()
    other_words = fields(page, name=name, email="mary@example.org", country="US", show_name="on")
    client.post(address(page), other_words, **OWN)
    changed = Submission.objects.get(signature__petition=page.petition, is_waiting=True)
    changing = f"/{language}/signatures/{confirm_token(changed)}/"
    shown["would change"] = client.get(f"{changing}confirm/")
    shown["renewed"] = client.post(own, {"action": "renew"}, **OWN)
    own = f"/{language}/signatures/{own_token(Signature.objects.get(pk=changed.signature_id))}/"
    client.post(own, {"action": "withdraw"}, **OWN)
    shown["withdrawn"] = client.get(own)
    discreet = fields(page, name=name, email="mary@example.org", discreet="on")
    shown["public in safety mode"] = client.post(
        address(page), {**discreet, "show_name": "on"}, **OWN
    )
    client.post(address(page), discreet, **OWN)
    again = Submission.objects.get(signature=changed.signature_id)
    link = f"/{language}/signatures/{confirm_token(again)}/"
    shown["discreet, confirm"] = client.get(f"{link}confirm/")
    own = client.post(f"{link}confirm/", **OWN)["Location"]
    shown["discreet"] = client.get(own)
    mistyped = {"email": "mary@gmial.com"}
    shown["links, mistyped"] = client.post(f"/{language}/my-signatures/", mistyped, **OWN)
    shown["links asked for"] = client.get(f"/{language}/my-signatures/?asked")
    act = new_act()
    lifecycle.invalidate(Signature.objects.filter(pk=changed.signature_id), act)
    shown["invalidated"] = client.get(own)
    shown["invalidated, confirm"] = client.get(f"{link}confirm/")
    lifecycle.undo(act, None)
    type(page.petition).objects.filter(pk=page.petition_id).update(is_paused=True)
    shown["paused, confirm"] = client.get(f"{link}confirm/")
    type(page.petition).objects.filter(pk=page.petition_id).update(is_paused=False)
    for _each in range(6):
        shown["no tries left"] = client.post(check, {"code": "000000"}, **OWN)
    shown["stopped"] = client.post(f"{link}stop/", **OWN)
    shown["gone"] = client.get(link)
    shown["erased"] = client.post(own, {"action": "erase"}, **OWN)
    now = timezone.now()
    for state, change in (
        ("paused", {"is_paused": True}),
        ("closed", {"is_paused": False, "closes_at": now}),
        ("not yet open", {"closes_at": None, "opens_at": now + timedelta(days=1)}),
    ):
        type(page.petition).objects.filter(pk=other.petition_id).update(**change)
        shown[state] = client.get(other.url)
    type(page.petition).objects.filter(pk=other.petition_id).update(opens_at=None)
    event = TieEvent.objects.create(
        tie=other.tie, kind="ended", date=now.date(), source_title="A vote", source_publisher="B"
    )
    shown["ended"] = client.get(other.url)
    event.delete()
    return shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_a_signature_and_a_petition_is_told_in_the_language(
    demo: None, language: str
) -> None:
    shown = in_every_state(language)
    assert_all_in_their_language(
        {state: response.content.decode() for state, response in shown.items()}, language
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_mails_are_in_the_language_of_the_page_that_was_signed(demo: None, language: str) -> None:
    page = CampaignPage.objects.get(locale__language_code=language)
    name = {"en": "Mary Field", "uk": "Марія Поле"}[language]
    mail.outbox.clear()
    for _each in range(2):
        Client().post(address(page), fields(page, name=name, email="m@example.org"), **OWN)
        drain()
    confirm_all()
    other = PetitionPage.objects.filter(locale__language_code=language).order_by("pk")[1]
    for signed in (page, other):
        changed = fields(signed, name=name, email="m@example.org", country="US")
        Client().post(address(signed), changed, **OWN)
    drain()
    assert len(mail.outbox) == 3
    Client().post(f"/{language}/my-signatures/", {"email": "m@example.org"}, **OWN)
    drain()
    theirs = Signature.objects.filter(mailbox_key__in=campaign_keys("m@example.org"))
    assert theirs.update(show_name=False, discreet=True)
    Client().post(f"/{language}/my-signatures/", {"email": "m@example.org"}, **OWN)
    drain()
    assert len(mail.outbox) == 5
    Allowance.objects.all().delete()
    Client().post(address(page), fields(page, name="Mary", email="m@example.org"), **OWN)
    drain()
    assert len(mail.outbox) == 6
    discreet = {"en": ["Your link", "Your code"], "uk": ["Ваше посилання", "Ваш код"]}
    assert [message.subject for message in mail.outbox[-2:]] == discreet[language]
    for message in mail.outbox:
        assert isinstance(message, EmailMultiAlternatives)
        assert_all_in_their_language({"mail": str(message.alternatives[0][0])}, language)
        plain_text = f"{message.subject} {message.body}"
        assert not foreign_texts(f'<p lang="{language}">{plain_text}</p>')


CAMPAIGN = "end-sister-city-ties/"
PORTLAND = f"{CAMPAIGN}portland-oregon/"


@pytest.mark.parametrize(
    ("model", "slug", "addresses"),
    [
        (HomePage, None, ["", "about/", PORTLAND]),
        (
            CampaignPage,
            "end-sister-city-ties",
            [CAMPAIGN, f"{CAMPAIGN}cities/", f"{CAMPAIGN}news/", f"{CAMPAIGN}feed/"],
        ),
        (PetitionPage, "portland-oregon", [PORTLAND, f"{PORTLAND}news/", f"{PORTLAND}feed/"]),
        (UpdatePage, "president-speaks-to-mayors", [f"{CAMPAIGN}president-speaks-to-mayors/"]),
        (ContentPage, "about", ["about/"]),
    ],
)
def test_an_address_not_yet_translated_names_the_page_and_leads_to_it(
    demo: None, model: type[Page], slug: str | None, addresses: list[str]
) -> None:
    pages = model.objects.filter(locale__language_code="uk")
    (pages.get(slug=slug) if slug else pages.get()).unpublish()
    client = Client()
    listed = client.get("/sitemap.xml").content.decode()
    for path in addresses:
        response = client.get(f"/uk/{path}")
        assert response.status_code == 200, path
        assert response["X-Robots-Tag"] == "noindex"
        assert "Ще не вашою мовою" in response.content.decode()
        assert_all_in_their_language({path: response.content.decode()}, "uk")
        document = BeautifulSoup(response.content.decode(), "html.parser")
        link = document.select_one(f'main a[href="/en/{path}"]')
        assert link is not None
        assert (link["lang"], link["hreflang"]) == ("en", "en")
        assert link.get_text().strip()
        assert client.get(str(link["href"])).status_code == 200
        assert f"/uk/{path}</loc>" not in listed
    assert f"/en/{addresses[0]}</loc>" in listed
