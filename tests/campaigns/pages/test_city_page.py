"""A city's page as its readers see it: the tie as a figure, its blocks and news in their order."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client

from campaigns.models import PetitionEvent, PetitionPage, Tie, UpdatePage
from campaigns.pages.claims import nearest_first
from campaigns.templatetags.languages import unbroken
from tests.support.factories import evidence, publish, shown
from tests.support.kinds import CityPages

NAMES = {
    "city": SimpleNamespace(name="Portland", region="Oregon", language="en"),
    "sister": SimpleNamespace(name="Moscow", region="Moscow", language="en"),
}


def read(page: PetitionPage) -> BeautifulSoup:
    return BeautifulSoup(Client().get(page.url).content.decode(), "html.parser")


def figure(**changes: Any) -> BeautifulSoup:
    html = render_to_string("components/tie_figure.html", NAMES | changes)
    return BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize("small", [False, True])
def test_a_tie_looks_different_in_each_status_and_says_it_in_words(small: bool) -> None:
    found = {status: figure(status=status, small=small) for status in Tie.Status}
    drawn = {str(each.select_one("svg").decode_contents()) for each in found.values()}  # type: ignore[union-attr]
    assert len(drawn) == len(Tie.Status)
    for status, each in found.items():
        words = each.get_text(" ", strip=True)
        assert str(status.label) in words
        assert "Portland" in words
        assert words.count("Moscow") == 1


def test_a_year_has_no_separator_in_the_figure() -> None:
    assert "since 1988" in figure(status=Tie.Status.ACTIVE, since=1988).get_text()
    # Above a line that is cut it would read as the year of the cut.
    assert "since" not in figure(status=Tie.Status.ENDED, since=1988).get_text()


@pytest.mark.parametrize(
    ("written", "set_as"),
    [
        ("побратимство з Іжевськом", "побратимство з\u00a0Іжевськом"),
        ("І, якщо є, то ще й у Сочі", "І, якщо є, то\u00a0ще\u00a0й\u00a0у\u00a0Сочі"),
        ("Лонг-Біч не чекає", "Лонг-Біч не\u00a0чекає"),
        ("To a city in Oregon", "To a city in Oregon"),
        ("<b> & з кимось", "&lt;b&gt; &amp; з\u00a0кимось"),
    ],
)
def test_no_line_of_a_ukrainian_heading_ends_with_a_preposition(written: str, set_as: str) -> None:
    assert unbroken(written) == set_as


class Block:
    def __init__(self, kind: str, city: str | None = None) -> None:
        self.block_type, self.city = kind, city


def test_evidence_stands_together_and_begins_with_what_is_about_the_city() -> None:
    text, quote, own_text = Block("text"), Block("quote"), Block("text")
    general, about, own = Block("evidence"), Block("evidence", "Tula"), Block("evidence")
    found = nearest_first([text, general, quote, about], [own, own_text])
    assert found == [text, about, own, general, quote, own_text]
    assert nearest_first([text], [quote]) == [text, quote]


def test_news_and_events_are_one_list_the_newest_first(portland: CityPages) -> None:
    page = PetitionPage.objects.get(pk=portland["en"].pk)
    for title, day in (("Older", date(2023, 1, 1)), ("Newer", date(2025, 1, 1))):
        news = UpdatePage(title=title, slug=title.lower(), locale=page.locale, date=day)
        PetitionPage.objects.get(pk=page.pk).add_child(instance=news)
        publish(news)
    kind = PetitionEvent.Kind.DELIVERED
    PetitionEvent.objects.create(petition=page.petition, kind=kind, date=date(2024, 1, 1))
    told = [each.get_text(" ", strip=True) for each in read(page).select(".timeline > ol > li")]
    assert [each.partition(", ")[2][:4] for each in told] == ["2025", "2024", "2023", "2022"]
    assert "Newer" in told[0]
    assert "Petition delivered" in told[1]


def test_who_signed_in_the_readers_language_comes_first(portland: CityPages) -> None:
    for number, language in enumerate(("uk", "en", "uk")):
        shown(portland[language], f"{number}@example.org", name=f"{language} {number}")
    for language in ("en", "uk"):
        names = [each.get_text() for each in read(portland[language]).select(".signers strong")]
        assert [name[:2] for name in names] == sorted(
            ["en", "uk", "uk"], key=lambda each: each != language
        )


def test_the_sixth_claim_and_all_after_it_are_folded(portland: CityPages) -> None:
    page = PetitionPage.objects.get(pk=portland["en"].pk)
    page.body = [("evidence", evidence(f"Claim {number}", "")) for number in range(40)]
    publish(page)
    soup = read(page)
    assert len(soup.select(".dockets > .docket")) == 5
    assert len(soup.select(".dockets details .docket")) == 35


def test_a_reason_runs_in_with_its_text_as_a_sentence(portland: CityPages) -> None:
    page = PetitionPage.objects.get(pk=portland["en"].pk)
    reasons = [("Sports drew the line", "<p>So.</p>"), ("Why not?", "<p>So.</p>")]
    page.body = [("reason", {"heading": each, "text": text}) for each, text in reasons]
    publish(page)
    headings = [each.get_text() for each in read(page).select("ol.reasons > li h3")]
    assert headings == ["Sports drew the line.", "Why not?"]
