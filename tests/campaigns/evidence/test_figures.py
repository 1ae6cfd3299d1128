"""Whoever tells a figure in an answer or in news is reminded to say where it comes from."""

from typing import Any

import pytest
from wagtail.models import Page

from campaigns.blocks.figures import first_figure
from campaigns.checks import problems
from campaigns.models import CampaignPage, UpdatePage
from tests.support.factories import evidence

SOURCES = [("sources", {"sources": evidence("", "")["sources"]})]


@pytest.mark.parametrize(
    ("language", "text", "figure"),
    [
        ("en", "<p>By the end of May 2022, more than 150 cities</p>", "150"),
        ("en", "In 2022 120 000 left", "120 000"),
        ("en", "1,200.50 dollars", "1,200.50"),
        ("uk", "понад 16\u00a0000 дітей", "16\u00a0000"),
        ("en", "On May 28, 2022 and 4 June, 2022-06-03, in 1988–1990, at 10:30", ""),
        ("uk", "28 травня 2022 року, 24 лютого – 6 квітня, 04.06.2022, з 1988 року", ""),
        ("en", "The 64th Brigade and COVID-19, five of 9", ""),
        ("uk", "солдати 64-ї бригади", ""),
        ("en", '<a href="https://a.example/12345">https://a.example/678</a>', ""),
    ],
)
def test_a_figure_is_a_number_that_is_no_year_and_no_date(
    language: str, text: str, figure: str
) -> None:
    assert first_figure(text, language) == figure


def told(page: Page) -> list[str]:
    return [each.message for each in problems(page) if "source" in each.message]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "sources", "is_told"),
    [("441 people", [], True), ("441 people", SOURCES[0][1]["sources"], False), ("9", [], False)],
)
def test_an_answer_with_a_figure_names_its_source(
    campaign: CampaignPage, answer: str, sources: list[Any], is_told: bool
) -> None:
    question = {"question": "How many?", "answer": f"<p>{answer}</p>", "sources": sources}
    campaign.body = [("questions", {"heading": "Questions", "questions": [question]})]
    found = told(campaign)
    assert any("“How many?”: the answer gives a figure, 441" in each for each in found) is is_told
    assert all(not each.is_severe for each in problems(campaign) if each.message in found)


@pytest.mark.parametrize(
    ("lead", "body", "is_told"),
    [
        ("441 people", [], True),
        ("", [("text", "<p>441 people</p>")], True),
        ("441 people", SOURCES, False),
        ("In May 2022", [("text", "<p>On May 28</p>")], False),
    ],
)
def test_news_with_a_figure_names_its_source(
    campaign: CampaignPage, lead: str, body: list[Any], is_told: bool
) -> None:
    page = UpdatePage(title="News", slug="new", lead=lead, locale=campaign.locale, body=body)
    assert any("The news gives a figure, 441" in each for each in told(page)) is is_told
