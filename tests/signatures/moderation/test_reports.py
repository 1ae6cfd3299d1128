"""Anybody reports a public name or comment; however many do, moderators decide on it once."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import ModelLogEntry

from signatures import lifecycle
from signatures.models import Report, Signature
from signatures.tasks import forget_reports
from tests.signatures.posting import OWN
from tests.support.factories import confirm_change, shown
from tests.support.kinds import CityPages, Response

DESK = "/admin/moderation/?state=reported"


@pytest.fixture
def ann(portland: CityPages) -> Signature:
    return shown(portland["en"], name="Somebody Ann", comment="Buy this now")


def links(pages: CityPages, language: str = "en") -> list[str]:
    html = Client().get(pages[language].url).content.decode()
    found = BeautifulSoup(html, "html.parser").select("a.report")
    return [str(link["href"]) for link in found]


def report(address: str, reason: str = "advertising", **extra: Any) -> Response:
    return Client().post(address, {"reason": reason}, **OWN, **extra)


def reported(moderator: Client) -> list[str]:
    html = moderator.get(DESK).content.decode()
    found = BeautifulSoup(html, "html.parser").select(".desk li")
    return [" ".join(each.get_text().split()) for each in found]


def item(moderator: Client) -> str:
    html = moderator.get(DESK).content.decode()
    box = BeautifulSoup(html, "html.parser").select_one('input[name="item"]')
    assert box
    return str(box["value"])


@pytest.mark.parametrize("language", ["en", "uk"])
def test_each_public_name_and_comment_can_be_reported_in_both_languages(
    portland: CityPages, ann: Signature, language: str
) -> None:
    addresses = links(portland, language)
    assert len(addresses) == 2
    for address, text in zip(addresses, ("Somebody Ann", "Buy this now"), strict=True):
        assert str(ann.pk) not in address
        html = Client().get(address).content.decode()
        assert text in html
        answer = Client().get(report(address).headers["Location"])
        assert (answer.status_code, text in answer.content.decode()) == (200, False)
    assert Report.objects.count() == 2


def test_a_flood_on_one_comment_is_one_entry_with_a_number(
    portland: CityPages, ann: Signature, moderator: Client
) -> None:
    _name, comment = links(portland)
    for reason in ["advertising"] * 30 + ["hatred"] * 5:
        assert report(comment, reason).status_code == 303
    [entry] = reported(moderator)
    assert "Comment (shown): Buy this now" in entry
    assert "Reported 35 times: advertising (30), insult, hatred or threat (5)" in entry
    assert "Somebody Ann" not in entry
    assert "Names and comments that were reported</a>: 1</li>" in (
        moderator.get("/admin/").content.decode()
    )


def test_one_network_counts_once_and_learns_nothing_of_it(
    portland: CityPages, ann: Signature
) -> None:
    _name, comment = links(portland)
    answers = [report(comment, REMOTE_ADDR="203.0.113.7") for _time in range(3)]
    assert {(each.status_code, each.headers["Location"]) for each in answers} == {
        (303, f"{comment}?sent")
    }
    assert report(comment, REMOTE_ADDR="198.51.100.9").status_code == 303
    assert Report.objects.get().number == 2
    many = [report(comment, REMOTE_ADDR="203.0.113.7") for _time in range(40)]
    assert (many[-1].status_code, many[-1].headers["Retry-After"]) == (429, "60")


@pytest.mark.parametrize(
    ("post", "action", "is_public"),
    [
        ({"action": "release"}, "comment_kept", True),
        ({"action": "hide", "reason": "advertising"}, "comment_hidden", False),
    ],
)
def test_what_is_decided_is_logged_and_not_asked_again(
    portland: CityPages,
    ann: Signature,
    moderator: Client,
    post: dict[str, str],
    action: str,
    is_public: bool,
) -> None:
    _name, comment = links(portland)
    report(comment)
    moderator.post(DESK, {**post, "item": item(moderator)})
    entry = ModelLogEntry.objects.get(action__startswith="signatures.")
    assert (entry.action, entry.object_id) == (f"signatures.{action}", str(ann.pk))
    assert ("Buy this now" in Client().get(portland["en"].url).content.decode()) == is_public
    assert report(comment).status_code == (303 if is_public else 404)
    assert reported(moderator) == []
    assert "were reported" not in moderator.get("/admin/").content.decode()


def test_another_text_is_another_matter(
    portland: CityPages, ann: Signature, moderator: Client
) -> None:
    _name, comment = links(portland)
    report(comment)
    confirm_change(ann, comment="Peace")
    assert reported(moderator) == []
    assert report(comment).status_code == 404
    forget_reports()
    assert not Report.objects.exists()


def test_a_report_of_what_is_shown_is_kept_until_somebody_reads_it(
    portland: CityPages, ann: Signature
) -> None:
    for address in links(portland):
        report(address)
    forget_reports()
    assert Report.objects.count() == 2
    lifecycle.withdraw(ann)
    forget_reports()
    assert not Report.objects.exists()


@pytest.mark.parametrize("reason", ["", "asked", "nonsense"])
def test_a_report_needs_one_of_the_reasons(
    portland: CityPages, ann: Signature, reason: str
) -> None:
    answer = report(links(portland)[0], reason)
    assert answer.status_code == 422
    assert not Report.objects.exists()


def test_nothing_is_taken_from_a_foreign_page(portland: CityPages, ann: Signature) -> None:
    answer = Client().post(links(portland)[0], {"reason": "hatred"})
    assert (answer.status_code, Report.objects.exists()) == (403, False)


@pytest.mark.parametrize("tail", ["name/x/", "email/{key}/", "name/{key}x/", "comment/{key}/"])
def test_what_is_not_public_cannot_be_reported_or_read(
    portland: CityPages, ann: Signature, tail: str
) -> None:
    address = f"/en/petitions/{ann.petition_id}/report/{tail.format(key=ann.name_checksum)}"
    assert Client().get(address).status_code == 404
    assert report(address).status_code == 404
