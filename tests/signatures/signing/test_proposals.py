"""What may stay empty is proposed by a post, and counts once its signer has saved it."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from campaigns.models import PetitionPageBase
from jobs.worker import drain
from signatures import lifecycle, tasks
from signatures.models import Signature, Submission
from signatures.signing.confirming import confirm_submission
from signatures.signing.tokens import confirm_token, own_token
from tests.conftest import Clock
from tests.signatures.posting import OWN, post
from tests.support.factories import confirm_all, confirmed, in_status, make_submission, shape_form
from tests.support.kinds import CityPages, Response, SmallSite

pytestmark = pytest.mark.django_db
SENT: dict[str, Any] = {
    "comment": "My words.",
    "postcode": "97201",
    "show_name": "on",
    "question__text": "School № 1",
    "question__choice": "news",
    "question__yes_no": "no",
}
STORED = {"_text": "School № 1", "_choice": "news", "_yes_no": False}


def own(signature: Signature) -> str:
    return f"/en/signatures/{own_token(signature)}/"


def read(signature: Signature) -> BeautifulSoup:
    return BeautifulSoup(Client().get(own(signature)).content, "html.parser")


def save(signature: Signature, **chosen: Any) -> Response:
    response = Client().post(own(signature), {"action": "display", **chosen}, **OWN)
    signature.refresh_from_db()
    return response


def signed(page: PetitionPageBase) -> Signature:
    assert post(page, **SENT).status_code == 303
    confirm_all()
    return Signature.objects.get()


def test_a_proposal_is_shown_to_its_signer_and_counts_once_it_is_saved(site: SmallSite) -> None:
    shape_form(site)
    page = site["portland"]["en"]
    signature = signed(page)
    held = (signature.comment, signature.postcode, signature.show_name, signature.answers)
    assert held == ("", "", False, {})
    assert signature.comment_state == "none"
    html = read(signature)
    assert "not saved yet" in html.text
    shown = {str(field["name"]): field for field in html.select("[id^=own-][name]")}
    assert shown["comment"].text.strip() == "My words."
    assert shown["postcode"]["value"] == "972"
    assert shown["question__text"]["value"] == "School № 1"
    assert not shown["show_name"].has_attr("checked")
    chosen = [(field["name"], field["value"]) for field in html.select("[type=radio][checked]")]
    assert chosen == [("question__choice", "news"), ("question__yes_no", "no")]
    answer = save(signature, **SENT)
    assert answer["Location"].endswith("?saved#shown")
    held = (signature.comment, signature.postcode, signature.show_name, signature.answers)
    assert held == ("My words.", "972", True, STORED)
    assert (signature.name_state, signature.comment_state) == ("waiting", "waiting")
    assert Submission.objects.get().proposal == {}, "it is decided on"
    assert "not saved yet" not in read(signature).text


def test_who_saves_something_else_is_asked_no_more(portland: CityPages) -> None:
    signature = signed(portland["en"])
    save(signature, comment="", postcode="")
    assert (signature.comment, signature.postcode, signature.show_name) == ("", "", False)
    assert "My words." not in read(signature).decode()


def test_what_a_post_leaves_out_stays_as_it_is(site: SmallSite) -> None:
    shape_form(site)
    signature = confirmed(site["portland"]["en"], comment="Kept.", postcode="972", answers=STORED)
    save(signature, show_name="on")
    held = (signature.comment, signature.postcode, signature.show_name, signature.answers)
    assert held == ("Kept.", "972", True, STORED)
    save(signature, comment="", question__choice="", question__text="")
    held = (signature.comment, signature.postcode, signature.show_name, signature.answers)
    assert held == ("", "972", False, {"_yes_no": False})


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize(
    ("name", "value"),
    [("comment", "x" * 501), ("comment", "nul\0"), ("postcode", "<b>"), ("question__choice", "x")],
)
def test_what_cannot_be_saved_comes_back_with_its_message(
    site: SmallSite, language: str, name: str, value: str
) -> None:
    shape_form(site)
    signature = confirmed(site["portland"][language], comment="Kept.")
    address = f"/{language}/signatures/{own_token(signature)}/"
    sent = {"action": "display", "question__text": "Typed", name: value}
    response = Client().post(address, sent, **OWN)
    html = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 422
    assert html.select(f"#errors a[href='#own-{name}']")
    assert html.select(f"#own-{name}[aria-invalid=true]")
    assert "Ensure" not in html.text
    assert html.select("#own-question__text[value=Typed]")
    signature.refresh_from_db()
    assert (signature.comment, signature.answers) == ("Kept.", {})


def test_who_signs_again_keeps_what_was_chosen(site: SmallSite) -> None:
    shape_form(site, "text")
    page = site["portland"]["en"]
    person: dict[str, Any] = {"name": "Olena", "comment": "Words.", "show_name": True}
    first = confirmed(page, postcode="972", answers=STORED, **person)
    post(page, country="US", question__text="Another school", comment="Theirs.")
    confirm_all()
    first.refresh_from_db()
    assert (str(first.country), first.comment, first.postcode) == ("US", "Words.", "972")
    assert first.show_name
    assert first.answers == {**STORED, "_text": "Another school"}
    post(page, country="US", question__text="Another school", discreet="on")
    confirm_all()
    first.refresh_from_db()
    assert (first.discreet, first.show_name) == (True, False)


def test_nobody_takes_over_what_another_chose_from_the_same_mailbox(portland: CityPages) -> None:
    page = portland["en"]
    for name in ("Olena", "Taras"):
        confirmed(page, name=name, comment=f"Of {name}.", show_name=True)
    third = confirm_submission(make_submission(page, name="Ivan"))
    assert third is not None
    assert (third.name, third.comment, third.show_name) == ("Ivan", "", False)


def test_what_a_stranger_proposes_is_shown_to_nobody(portland: CityPages) -> None:
    signature = confirmed(portland["en"], name="Olena")
    post(portland["en"], country="US", comment="Theirs.")
    drain()
    assert "Theirs." not in read(signature).decode()
    link = f"/en/signatures/{confirm_token(Submission.objects.latest('created_at'))}/confirm/"
    assert "Theirs." not in Client().get(link).content.decode()


def test_what_nobody_saves_goes_with_what_was_sent(portland: CityPages, clock: Clock) -> None:
    signature = signed(portland["en"])
    clock.go_on(days=7, seconds=1)
    tasks.delete_unconfirmed()
    assert not Submission.objects.exists()
    assert "My words." not in read(signature).decode()


@pytest.mark.parametrize("status", ["withdrawn", "invalidated"])
def test_nothing_is_added_to_what_does_not_count(portland: CityPages, status: str) -> None:
    signature = confirmed(portland["en"])
    if status == "withdrawn":
        lifecycle.withdraw(signature)
    else:
        Signature.objects.update(**in_status(status))
    assert not read(signature).select("[name=comment]")
    assert save(signature, comment="More.").status_code == 303
    assert signature.comment == ""


def test_a_form_that_is_sent_back_shows_what_was_proposed(portland: CityPages) -> None:
    page = post(portland["en"], country="", comment="My words.", show_name="on").content.decode()
    assert "My words." in page
    assert re.search(r'name="show_name"[^>]* checked', page)
    assert 'name="postcode"' not in page
