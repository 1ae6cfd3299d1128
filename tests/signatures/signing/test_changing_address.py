"""A mistyped address is changed on the page that says where to look, with nothing typed again."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.core import mail
from django.test import Client

from campaigns.models import Petition, PetitionPageBase
from jobs.worker import drain
from security import limits
from signatures.form.sign_form import SignForm
from signatures.models import Submission
from signatures.signing.tokens import Ticket
from tests.conftest import Clock
from tests.signatures.posting import OWN, post
from tests.support.kinds import CityPages, Response

pytestmark = pytest.mark.django_db
TYPED: dict[str, Any] = {
    "name": "Олена",
    "comment": "Досить.",
    "postcode": "OX1 2JD",
    "lives_here": "on",
    "show_name": "on",
}


def check_of(page: PetitionPageBase, **typed: Any) -> str:
    return str(post(page, email="olena@typo.example", **(TYPED | typed))["Location"])


def change(check: str, email: str, **more: Any) -> Response:
    return Client().post(check, {"email": email, **more}, **OWN)


def change_form(html: bytes) -> Tag | None:
    return BeautifulSoup(html, "html.parser").select_one("details.change")


def sealed(check: str) -> str:
    return check.split("/")[-2]


def test_all_that_was_typed_is_sent_to_the_right_address(portland: CityPages) -> None:
    check = check_of(portland["uk"])
    first = Submission.objects.get()
    response = change(check, "olena@example.org")
    assert response.status_code == 303
    assert response["Location"].startswith(f"/uk/petitions/{portland['uk'].petition_id}/check/")
    second = Submission.objects.exclude(pk=first.pk).get()
    assert second.details == {**first.details, "email": "olena@example.org"}
    assert (second.text_id, second.language) == (first.text_id, first.language)
    # What went to the wrong one is left to expire.
    assert Submission.objects.filter(pk=first.pk, created_at=first.created_at).exists()
    drain()
    assert {to for message in mail.outbox for to in message.to} == {
        "olena@typo.example",
        "olena@example.org",
    }


def test_the_page_shows_nothing_of_what_was_typed(portland: CityPages) -> None:
    html = Client().get(check_of(portland["en"])).content.decode()
    assert not [value for value in (*TYPED.values(), "olena@") if value != "on" and value in html]


def test_a_ticket_is_equally_long_whatever_was_typed(portland: CityPages) -> None:
    page = portland["en"]
    long = {"name": "Ї" + "ї" * 39, "comment": "ї" * 500}
    checks = [check_of(page, **typed) for typed in ({}, {"comment": ""}, long)]
    checks.append(post(page, email=f"a@{'b' * 60}.example")["Location"])
    assert len({len(check) for check in checks}) == 1
    # By far within what servers and browsers take.
    assert len(checks[0]) < 3000
    for check in checks:
        assert change_form(Client().get(check).content)


def test_what_is_too_long_to_be_sealed_is_typed_again_on_the_page(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = check_of(portland["en"])
    monkeypatch.setattr(SignForm, "typed", lambda self: {"comment": ["ї" * 2000]})
    check = check_of(portland["en"])
    assert len(check) == len(usual)
    html = Client().get(check).content
    assert change_form(html) is None
    assert f'href="{portland["en"].url}"'.encode() in html


def test_what_is_no_address_and_what_looks_mistyped_is_said_there(portland: CityPages) -> None:
    check = check_of(portland["en"])
    for email in ("", "no address", "olena@gmial.com"):
        response = change(check, email)
        form = change_form(response.content)
        assert response.status_code == 422
        assert form is not None
        assert form.has_attr("open")
        assert form.select_one("[aria-invalid=true]")
        choices = [button["value"] for button in form.select("[name=email_choice]")]
        assert choices == (["olena@gmail.com", email] if "@" in email else [])
    assert change(check, "olena@example.org", nothing="x").status_code == 422
    assert Submission.objects.count() == 1
    taken = change(check, "olena@gmial.com", email_choice="olena@gmial.com")
    assert taken.status_code == 303
    assert Submission.objects.latest("created_at").details["email"] == "olena@gmial.com"


def test_it_is_a_new_post_in_all_that_can_refuse_one(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = portland["en"]
    check = check_of(page)

    def full(*_arguments: Any) -> None:
        raise limits.FullError(1)

    with monkeypatch.context() as patched:
        patched.setattr("signatures.views.sign.sign", full)
        refused = change(check, "olena@example.org")
    assert refused.status_code == 429
    assert refused["Retry-After"]
    foreign = Client().post(check, {"email": "olena@example.org"})
    assert foreign.status_code == 403
    # In the other language nobody has read these words.
    unread = change(check.replace("/en/", "/uk/"), "olena@example.org")
    assert unread.status_code == 422
    assert 'value="Олена"' in unread.content.decode()
    assert portland["uk"].words.checksum in unread.content.decode()
    Petition.objects.filter(pk=page.petition_id).update(is_paused=True)
    closed = change(check, "olena@example.org")
    assert closed.status_code == 409
    assert "your signature was not taken" in closed.content.decode()
    assert Submission.objects.count() == 1


def test_the_words_that_were_read_are_signed_though_others_stand_there_now(
    portland: CityPages,
) -> None:
    page = portland["en"]
    check = check_of(page)
    page.own_heading = "Another wording"
    page.save_revision().publish()
    assert change(check, "olena@example.org").status_code == 303
    first, second = Submission.objects.order_by("created_at")
    assert second.text_id == first.text_id
    assert second.text.title != "Another wording"


def test_after_an_hour_nobody_gets_anything_of_what_was_typed(
    portland: CityPages, clock: Clock
) -> None:
    check = check_of(portland["en"])
    clock.go_on(hours=1, seconds=1)
    assert change_form(Client().get(check).content) is None
    # Who has found the address in a browser's history could read it in an answer, or in a mail.
    for address in (check, check.replace("/en/", "/uk/")):
        answer = change(address, "stranger@example.org")
        assert answer.status_code == 422
        assert "Олена" not in answer.content.decode()
    assert Submission.objects.count() == 1


def test_it_ends_with_the_ticket_and_opens_no_other_petition(
    portland: CityPages, clock: Clock
) -> None:
    check = check_of(portland["en"])
    ticket = Ticket.open(sealed(check))
    assert ticket is not None
    assert ticket.typed["name"] == ["Олена"]
    assert "email" not in ticket.typed
    elsewhere = check.replace(
        str(portland["en"].petition_id), str(portland["en"].campaign.petition_id)
    )
    assert change(elsewhere, "olena@example.org").status_code == 404
    clock.go_on(days=7, seconds=1)
    assert change(check, "olena@example.org").status_code == 404
    assert Submission.objects.count() == 1
