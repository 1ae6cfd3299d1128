"""What a mail shows of the tie, and how it begins."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.utils import timezone, translation
from django.utils.translation import gettext

from campaigns.models import CityName, Petition, Tie, TieEvent
from jobs.worker import drain
from tests.support.factories import make_city_petition, make_submission
from tests.support.kinds import SmallSite

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SOURCE = {"source_title": "A source", "source_publisher": "A paper"}


def mailed() -> tuple[str, BeautifulSoup]:
    drain()
    message: Any = mail.outbox[-1]
    return str(message.body), BeautifulSoup(message.alternatives[0][0], "html.parser")


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_tie_is_drawn_and_told_as_the_page_tells_it(site: SmallSite, language: str) -> None:
    page = site["portland"][language]
    tie = page.tie
    Tie.objects.update(since=1988)
    TieEvent.objects.filter(tie=tie).delete()
    for kind in (None, "reported", "suspended", "stale"):
        if kind == "stale":
            Petition.objects.update(check_days=1)
            Tie.objects.update(checked_at=timezone.now() - timedelta(days=30))
        elif kind:
            TieEvent.objects.create(tie=tie, kind=kind, date=timezone.localdate(), **SOURCE)
        petition = Petition.objects.with_names().get(pk=page.petition_id)
        status = petition.told_status
        assert status
        make_submission(page)
        body, html = mailed()
        assert html.select_one(f".tie--{status}")
        names = [name.get_text() for name in html.select(".tied strong")]
        assert names == [page.city_name.name, page.sister_city_name.name]
        with translation.override(language):
            told = f"{gettext('The tie')}: {status.label}"
            since = gettext("since %(year)s") % {"year": 1988}
        assert f"{names[0]} – {names[1]}, {since}\n{told}\n" in body
        assert html.select(".tied td")[-1].get_text().strip() == told
        assert html.select(".since")[0].get_text() == since
    assert petition.told_status == Tie.Status.UNKNOWN
    assert petition.tie
    assert petition.tie.status != Tie.Status.UNKNOWN


def test_a_campaigns_mail_has_no_tie(site: SmallSite) -> None:
    make_submission(site["campaign"]["en"])
    _body, html = mailed()
    assert not html.select(".tie")


def test_a_name_that_is_not_translated_says_in_what_it_is(site: SmallSite) -> None:
    make_submission(site["portland"]["uk"])
    CityName.objects.filter(locale__language_code="uk", city__key="portland-oregon").delete()
    _body, html = mailed()
    names = [(name.get_text(), name["lang"]) for name in html.select(".tied strong")]
    assert names == [("Portland", "en"), ("Хабаровськ", "uk")]


def test_several_petitions_are_counted_in_the_subject_and_come_from_their_campaign(
    site: SmallSite,
) -> None:
    tacoma: Any = make_city_petition(site["campaign"], "Tacoma", "Washington")
    for page in (site["portland"]["en"], tacoma["en"]):
        make_submission(page)
    drain()
    message = mail.outbox[-1]
    assert message.subject == "One tap left for each of 2 petitions: confirm"
    assert site["campaign"]["en"].title in message.from_email
