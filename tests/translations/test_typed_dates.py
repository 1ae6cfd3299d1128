"""Dates that editors type: read as they are meant, or refused, and never turned into today."""

from datetime import UTC, date, datetime

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.admin.telepath import JSContext
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from campaigns.blocks.citations import SourceBlock
from campaigns.blocks.verbatim import PublishedOnBlock
from campaigns.models import Petition
from tests.support.kinds import SmallSite
from translations.dates.typed import date_as_sentence, partial


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("2022", "2022"),
        ("2022-3", "2022-03"),
        ("2022-03", "2022-03"),
        ("2022-03-04", "2022-03-04"),
        ("04.03.2022", "2022-03-04"),
        ("3/24/2022", "2022-03-24"),
    ],
)
def test_a_source_knows_a_day_a_month_or_a_year(typed: str, kept: str) -> None:
    assert PublishedOnBlock(required=False).clean(typed) == kept
    assert partial(kept) == kept


@pytest.mark.parametrize("typed", ["3/4/2022", "March 2022", "2022-13", "31.02.2022", "0000", "x"])
def test_what_is_no_date_is_refused_with_how_to_write_it(typed: str) -> None:
    with pytest.raises(ValidationError) as caught:
        PublishedOnBlock(required=False).clean(typed)
    assert "like 2022-06-04" in caught.value.messages[0]
    assert typed in caught.value.messages[0]


@pytest.mark.parametrize(
    ("kept", "english", "ukrainian"),
    [
        ("2022", "2022", "2022"),
        ("2022-03", "March 2022", "березень 2022"),
        ("2022-03-04", "March 4, 2022", "4\u00a0березня 2022"),
        ("some day", "some day", "some day"),
    ],
)
def test_a_source_tells_its_date_in_the_readers_language(
    kept: str, english: str, ukrainian: str
) -> None:
    assert date_as_sentence(kept) == english
    with translation.override("uk"):
        assert date_as_sentence(kept).lower().startswith(ukrainian)


def test_a_source_shows_its_month() -> None:
    block = SourceBlock()
    value = block.to_python({"title": "T", "publisher": "P", "language": "en", "date": "2022-03"})
    assert "P, March 2022" in block.render(value)


def test_date_fields_are_the_browsers_own() -> None:
    shown = AdminDateInput().render("date", date(2022, 3, 4), {"id": "d"})
    assert 'type="date"' in shown
    assert 'value="2022-03-04"' in shown
    shown = AdminDateTimeInput().render("at", datetime(2022, 3, 4, 9, 30), {"id": "a"})
    assert 'type="datetime-local"' in shown
    assert 'value="2022-03-04T09:30"' in shown
    assert "script" not in shown


def test_they_are_in_blocks_too() -> None:
    packed = str(JSContext().pack(AdminDateInput()))
    assert "wagtail.widgets.Widget" in packed
    assert "AdminDateInput" not in packed


def edit(petition: Petition) -> str:
    return reverse("wagtailsnippets_campaigns_petition:edit", args=[petition.pk])


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/Kyiv"])
def test_a_closing_time_is_written_and_shown_in_the_petitions_own_zone(
    site: SmallSite, admin: Client, zone: str
) -> None:
    petition = site["portland"]["en"].petition
    form = {"closes_at": "2030-06-04T18:00", "time_zone": zone, "events": inline_formset([])}
    admin.post(edit(petition), nested_form_data(form))
    petition.refresh_from_db()
    moment = {"America/Los_Angeles": (5, 1), "Europe/Kyiv": (4, 15)}[zone]
    assert petition.closes_at == datetime(2030, 6, *moment, tzinfo=UTC)
    page = BeautifulSoup(admin.get(edit(petition)).content, "html.parser")
    assert page.select("[name=closes_at]")[0]["value"] == "2030-06-04T18:00"
    listed = admin.get(reverse("wagtailsnippets_campaigns_petition:list")).content.decode()
    assert petition.format_local_time(petition.closes_at) in listed
