"""What was sent is a proposal: it confirms itself and nothing else, whoever sends what later."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from campaigns.models import PetitionPageBase
from jobs.worker import drain
from signatures import lifecycle, tasks
from signatures.models import Signature, Submission
from signatures.signing import confirming, due
from signatures.signing.tokens import confirm_token, find_submission, own_token
from tests.conftest import Clock
from tests.signatures.posting import OWN, post
from tests.support.factories import (
    confirmed,
    in_status,
    make_signature,
    make_submission,
    shape_form,
    shown,
)
from tests.support.kinds import CityPages, Response, SmallSite

pytestmark = pytest.mark.django_db
MINE: dict[str, Any] = {"name": "Olena", "country": "UA", "question__text": "Mine."}
# What a stranger may try to have confirmed instead.
THEIRS = [
    {"country": "US"},
    {"lives_here": "on"},
    {"question__text": "Theirs"},
    {"discreet": "on"},
    {"country": "US", "comment": "Theirs.", "show_name": "on"},
]
STATES = ("nothing", "pending", "confirmed", "withdrawn", "invalidated")


def links() -> list[str]:
    """The confirming links of all mails, in their order."""
    return [
        link
        for message in mail.outbox
        for link in re.findall(r"http://testserver(/\S+/confirm/)", str(message.body))
    ]


def content() -> dict[str, Any]:
    signature = Signature.objects.get()
    return {name: getattr(signature, name) for name in (*confirming.CONTENT, "status")}


def press(link: str) -> Response:
    return Client().post(link, **OWN)


def bring_to(page: PetitionPageBase, state: str) -> None:
    """A signature with my mailbox and my name in that state, of other content than `MINE`."""
    if state == "pending":
        make_submission(page, name="Olena", country="PL")
        drain()
    elif state != "nothing":
        signature = confirmed(page, name="Olena", country="PL")
        if state == "withdrawn":
            lifecycle.withdraw(signature)
        else:
            Signature.objects.filter(pk=signature.pk).update(**in_status(state))
    mail.outbox.clear()


@pytest.mark.parametrize("theirs", THEIRS, ids=lambda theirs: "-".join(theirs))
def test_a_mailed_link_confirms_what_stood_in_the_form_whatever_is_sent_later(
    site: SmallSite, theirs: dict[str, Any]
) -> None:
    shape_form(site, "text")
    page = site["portland"]["en"]
    post(page, **MINE)
    drain()
    post(page, **{**MINE, **theirs})
    drain()
    mine, changed = links()
    assert press(mine).status_code == 303
    assert (content()["answers"], str(content()["country"])) == ({"_text": "Mine."}, "UA")
    assert content()["lives_here"] is content()["discreet"] is False
    before = content()
    post(page, **{**MINE, **theirs})
    drain()
    assert content() == before, "nor does it change what is confirmed"
    assert press(changed).status_code == 303
    after = content()
    assert after != before, "unless its own link is pressed"
    assert press(mine).status_code == 303
    assert content() == after, "and the first has done its work"


def test_a_link_that_was_pressed_takes_nothing_back_that_the_signer_chose_since(
    portland: CityPages,
) -> None:
    page = portland["en"]
    post(page, **MINE)
    drain()
    [link] = links()
    own = press(link)["Location"]
    Client().post(own, {"action": "display", "show_name": "on", "comment": "More."}, **OWN)
    html = Client().get(link).content.decode()
    assert "Your signature is confirmed" in html
    assert "The form was sent again" not in html
    assert "Counted now is" not in html
    assert '<form method="post"><button' not in html
    press(link)
    assert (content()["show_name"], content()["comment"]) == (True, "More.")
    Client().post(own, {"action": "withdraw"}, **OWN)
    assert Client().get(link).status_code == 404
    assert press(link).status_code == 404
    assert Signature.objects.get().status == "withdrawn"


def test_what_nobody_confirmed_yet_is_shown_as_a_change_after_one_that_was(
    portland: CityPages,
) -> None:
    page = portland["en"]
    post(page, **MINE)
    drain()
    press(links()[0])
    post(page, **{**MINE, "country": "US"})
    drain()
    html = Client().get(links()[1]).content.decode()
    assert "This would change your signature" in html
    assert "Ukraine" in html
    assert "United States" in html


@pytest.mark.parametrize("state", STATES)
def test_no_post_touches_a_signature_in_any_state(portland: CityPages, state: str) -> None:
    page = portland["en"]
    bring_to(page, state)
    rows = list(Signature.objects.values())
    for changes in THEIRS:
        post(page, **{**MINE, **changes})
        drain()
    if state != "nothing":
        assert list(Signature.objects.values()) == rows


@pytest.mark.parametrize("state", STATES)
def test_the_page_shows_all_that_will_count_in_any_state(site: SmallSite, state: str) -> None:
    shape_form(site, "text")
    page = site["portland"]["en"]
    bring_to(page, state)
    post(page, **MINE, show_name="on", lives_here="on")
    drain()
    [link] = links()
    html = Client().get(link).content.decode()
    button = '<form class="step__act" method="post"><button' in html
    assert button == (state != "invalidated")
    if button:
        for words in ("Olena", "Mine.", "Ukraine", "You live in this city", "nothing about you"):
            assert words in html
        assert ("Poland" in html) == (state == "confirmed"), "what would be replaced"
    response = press(link)
    assert response.status_code == (303 if button else 200)
    assert content()["status"] == ("confirmed" if button else state)
    if button:
        assert content()["answers"] == {"_text": "Mine."}
        assert "Your signature is confirmed" in Client().get(link).content.decode()


def test_confirming_a_change_keeps_the_time_and_a_released_comment(portland: CityPages) -> None:
    first = shown(portland["en"], comment="Words.")
    again = confirmed(portland["en"], comment="Words.", country="US")
    assert (again.pk, again.confirmed_at) == (first.pk, first.confirmed_at)
    assert (again.comment_state, str(again.country)) == ("released", "US")
    assert confirmed(portland["en"], comment="Other words.").comment_state == "waiting"
    assert confirmed(portland["en"], comment="").comment_state == "none"


@pytest.mark.parametrize("change", [{"is_paused": True}, {"closes_at": "2026-01-01T00:00Z"}])
def test_where_nobody_may_sign_nothing_is_confirmed_or_changed(
    portland: CityPages, change: dict[str, Any]
) -> None:
    page = portland["en"]
    kept = confirmed(page, "b@example.org", name="Taras")
    changing = make_submission(page, "b@example.org", name="Taras", country="US")
    pending = make_submission(page)
    type(page.petition).objects.filter(pk=page.petition_id).update(**change)
    for submission in (pending, changing):
        response = press(f"/en/signatures/{confirm_token(submission)}/confirm/")
        assert "cannot be signed now" in response.content.decode()
    assert list(Signature.objects.confirmed()) == [kept]
    assert str(Signature.objects.get(pk=kept.pk).country) == "UA"


def test_a_mailed_link_without_its_end_leads_on(portland: CityPages) -> None:
    submission = make_submission(portland["en"])
    here = f"/en/signatures/{confirm_token(submission)}/"
    assert Client().get(here)["Location"] == f"{here}confirm/"
    assert press(f"{here}confirm/").status_code == 303
    own = f"/en/signatures/{own_token(submission.signature)}/"
    assert Client().get(here)["Location"] == own
    assert Client().post(own, {"action": "withdraw"}, **OWN).status_code == 303
    assert Client().get(here).status_code == 404


def test_strangers_cannot_keep_the_real_person_out_of_a_mailbox(portland: CityPages) -> None:
    page = portland["en"]
    for name in ("Fake", "False"):
        post(page, name=name)
    drain()
    for name in ("Olena", "Taras"):
        post(page, name=name)
        drain()
        assert press(links()[-1]).status_code == 303
    names = Signature.objects.confirmed().order_by("seat").values_list("name", flat=True)
    assert list(names) == ["Olena", "Taras"]


def comments() -> list[list[str]]:
    """What each mail's links would propose as a comment, mail by mail."""
    told = []
    for message in mail.outbox:
        tokens = re.findall(r"/signatures/([^/\s]+)/confirm/", str(message.body))
        found = [find_submission(token) for token in tokens]
        told.append([each.proposal["comment"] for each in found if each])
    return told


def test_whoever_posts_first_keeps_no_later_post_from_its_own_mail(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does whoever posts often: the first stays and the newest, each in a mail of its own."""
    monkeypatch.setattr(due, "WAITING", 3)
    page = portland["en"]
    for comment in ("Theirs.", *[f"{number}" for number in range(6)], "Mine."):
        post(page, comment=comment)
    for _again in range(3):
        post(page, comment="Mine.")
    drain()
    assert comments() == [["Theirs."], ["5"], ["Mine."]]
    assert press(links()[-1]).status_code == 303
    assert Signature.objects.get().proposal == {"comment": "Mine."}


@pytest.mark.parametrize("theirs", ["Olena", "M One"], ids=["same name", "other names"])
def test_strangers_do_not_push_a_post_out_of_its_place(
    portland: CityPages, clock: Clock, theirs: str
) -> None:
    """Nor when both seats are theirs, and the day's mails are used up."""
    page = portland["en"]
    for name in (theirs, "M Two"):
        post(page, name=name, comment="first")
    mine = make_submission(page, name="Olena", comment="Mine.")
    for number in range(due.WAITING - 2):
        clock.go_on(seconds=1)
        post(page, name=theirs, comment=f"{number}")
    due.let_few_wait(mine.mailbox)
    assert Submission.objects.filter(pk=mine.pk).exists()


def test_a_mail_has_one_link_for_each_petition(site: SmallSite) -> None:
    campaign, city = site["campaign"]["en"], site["portland"]["en"]
    for page, comment in ((city, "A"), (campaign, "B"), (city, "C"), (campaign, "D")):
        post(page, comment=comment)
    drain()
    assert comments() == [["A", "B"], ["C", "D"]]


def test_the_same_sent_twice_is_one_submission_that_both_pages_ask_for(
    portland: CityPages, clock: Clock
) -> None:
    checks = [post(portland["en"])["Location"] for _twice in range(2)]
    drain()
    assert len(links()) == Submission.objects.count() == 1
    for check in checks:
        clock.go_on(minutes=2)
        Client().post(check, {"again": "1"}, **OWN)
        drain()
    assert len(set(links())) == 1
    assert len(links()) == 3


def test_what_was_mailed_is_asked_for_again_while_another_waits(
    portland: CityPages, clock: Clock
) -> None:
    page = portland["en"]
    check = post(page, comment="Mine.")["Location"]
    drain()
    clock.go_on(minutes=2)
    for comment in ("1", "2", "3", "4"):
        clock.go_on(seconds=1)
        post(page, comment=comment)
    Client().post(check, {"again": "1"}, **OWN)
    drain()
    assert comments() == [["Mine."], ["Mine."], ["1"], ["2"], ["3"]]


def test_who_erases_leaves_what_another_sent_from_the_same_mailbox(portland: CityPages) -> None:
    page = portland["en"]
    mine, other = [confirmed(page, name=name) for name in ("Olena", "Taras")]
    waiting = make_submission(page, name="Ivan")
    change = make_submission(page, name="Olena", comment="More.")
    drain()
    assert waiting.signature_id == other.pk
    for signature in (other, mine):
        kept = Client().get(f"/en/signatures/{own_token(signature)}/download/").json()
        assert {each["name"] for each in kept["submissions"]} == {signature.name}
        address = f"/en/signatures/{own_token(signature)}/"
        assert Client().post(address, {"action": "erase"}, **OWN).status_code == 200
    assert list(Submission.objects.all()) == [waiting], "of the erased nothing is left"
    assert not Submission.objects.filter(pk=change.pk).exists()
    assert Signature.objects.get().status == "pending"
    assert press(f"/en/signatures/{confirm_token(waiting)}/confirm/").status_code == 303
    assert Signature.objects.confirmed().get().name == "Ivan"


def test_who_erases_takes_along_what_they_sent_to_another_seat(portland: CityPages) -> None:
    """Three names, two seats: the first one's posts may hang on a seat that is another's now."""
    page = portland["en"]
    first, more = [make_submission(page, name="Anna", comment=each) for each in ("1", "2")]
    make_submission(page, name="Boris")
    carl = make_submission(page, name="Carl")
    drain()
    confirming.confirm_submission(carl)
    signature = confirming.confirm_submission(first)
    assert signature is not None
    more.refresh_from_db()
    assert more.signature_id != signature.pk
    own = f"/en/signatures/{own_token(signature)}/"
    kept = Client().get(f"{own}download/").json()
    assert {each["comment"] for each in kept["submissions"]} == {"1", "2"}
    Client().post(own, {"action": "erase"}, **OWN)
    names = {each.details["name"] for each in Submission.objects.all()}
    assert names == {"Boris", "Carl"}
    assert Client().get(f"/en/signatures/{confirm_token(more)}/confirm/").status_code == 404


def test_whoever_shares_a_mailbox_is_not_replaced_by_the_other(portland: CityPages) -> None:
    """Both were sent to a seat that nobody had confirmed."""
    page = portland["en"]
    for name in ("Fake", "False"):
        make_submission(page, name=name)
    drain()
    olena = make_submission(page, name="Olena")
    drain()
    taras = make_submission(page, name="Taras")
    assert olena.signature_id == taras.signature_id
    seats = [
        confirming.confirm_submission(Submission.objects.get(pk=each.pk)) for each in (olena, taras)
    ]
    assert [each and (each.seat, each.name) for each in seats] == [(0, "Olena"), (1, "Taras")]


def test_a_code_opens_nothing_that_is_confirmed(portland: CityPages) -> None:
    page = portland["en"]
    checks = [post(page)["Location"]]
    drain()
    code = re.search(r"\b\d{6}\b", str(mail.outbox[0].body))
    assert code
    opened = Client().post(checks[0], {"code": code[0]}, **OWN)
    assert press(opened["Location"]).status_code == 303
    checks.append(post(page)["Location"])
    for check in checks:
        refused = Client().post(check, {"code": code[0]}, **OWN)
        assert refused.status_code == 422
        assert "Olena" not in refused.content.decode()
    lifecycle.withdraw(Signature.objects.get())
    assert Client().post(checks[0], {"code": code[0]}, **OWN).status_code == 422


def test_i_did_not_sign_this_removes_it_and_leaves_what_counts_and_what_else_waits(
    site: SmallSite,
) -> None:
    page, other = site["portland"]["en"], site["campaign"]["en"]
    kept = confirmed(other)
    first = make_submission(page)
    drain()
    second = make_submission(page, comment="Mine.")
    stop = f"/en/signatures/{confirm_token(first)}/stop/"
    assert Client().post(stop, **OWN).status_code == 200
    assert list(Submission.objects.filter(signature__petition=page.petition)) == [second]
    assert Signature.objects.filter(petition=page.petition).exists()
    assert press(f"/en/signatures/{confirm_token(second)}/confirm/").status_code == 303
    assert Signature.objects.get(pk=kept.pk).is_confirmed
    sent = len(mail.outbox)
    post(page, comment="Another.")
    drain()
    assert len(mail.outbox) == sent


def test_what_nobody_confirms_goes_after_seven_days_and_what_counts_stays(
    portland: CityPages, clock: Clock
) -> None:
    page = portland["en"]
    kept = confirmed(page, "kept@example.org")
    late = make_signature(page, "late@example.org")
    make_signature(page, "never@example.org")
    clock.go_on(days=6)
    Submission.objects.filter(signature=late).update(is_waiting=False, mailed_at=clock.now)
    clock.go_on(days=1, seconds=1)
    tasks.delete_unconfirmed()
    assert set(Signature.objects.all()) == {kept, late}
    clock.go_on(days=6)
    tasks.delete_unconfirmed()
    assert list(Signature.objects.all()) == [kept]
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_confirm_withdraw_and_sign_at_once_each_finds_a_whole_signature(
    transactional_site: SmallSite,
) -> None:
    page = transactional_site["portland"]["en"]
    tokens = []
    for country in ("UA", "US", "PL"):
        tokens.append(confirm_token(make_submission(page, name="Olena", country=country)))
        drain()
    acts = [("confirm", token) for token in tokens] + [("post", ""), ("forget", "")]

    def act(number_and_act: tuple[int, tuple[str, str]]) -> int:
        _number, (kind, token) = number_and_act
        try:
            if kind == "confirm":
                return press(f"/en/signatures/{token}/confirm/").status_code
            if kind == "post":
                return post(page).status_code
            confirming.forget_unclaimed(Signature.objects.all())
            return 303
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        codes = set(pool.map(act, product(range(5), acts)))
    assert codes == {303}
    signature = Signature.objects.get()
    assert signature.is_confirmed
    assert str(signature.country) in {"UA", "US", "PL"}
    assert Submission.objects.filter(confirmed_at__isnull=False).count() == 3


def test_unconfirmed_signatures_that_are_signed_anew_are_not_forgotten(
    portland: CityPages, clock: Clock
) -> None:
    make_signature(portland["en"])
    clock.go_on(days=7, seconds=1)
    Submission.objects.expired().delete()
    assert post(portland["en"]).status_code == 303
    tasks.delete_unconfirmed()
    assert Submission.objects.get().signature == Signature.objects.get()
    drain()
    assert press(links()[0]).status_code == 303


def test_seven_days_are_those_of_the_last_mail(portland: CityPages, clock: Clock) -> None:
    check = post(portland["en"])["Location"]
    drain()
    clock.go_on(days=6)
    Client().post(check, {"again": "1"}, **OWN)
    drain()
    assert len(mail.outbox) == 2
    assert links()[0] == links()[1], "it is the same link"
    clock.go_on(days=7)
    clock.go_on(seconds=-1)
    assert press(links()[0]).status_code == 303
