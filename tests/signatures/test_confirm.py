"""Confirming by mail: by button and by code."""

import re
from datetime import timedelta
from email.utils import parseaddr
from typing import Any
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.utils import timezone

from jobs.worker import drain
from signatures.counts import signatures_of
from signatures.models import Allowance, Signature, Suppression
from signatures.signing.allowances import A_DAY
from signatures.signing.tokens import confirm_token, own_token
from tests.conftest import Clock
from tests.signatures.posting import OWN, post
from tests.support.factories import confirmed, make_city_petition, make_submission, shown
from tests.support.kinds import CityPages


def links(text: str) -> list[str]:
    return re.findall(r"http://testserver(/\S+)", text)


def mailed(number: int = -1) -> tuple[str, str, str]:
    """The confirming link, the stop link and the code of a mail."""
    body = str(mail.outbox[number].body)
    confirm, stop = links(body)
    code = re.search(r"\b\d{6}\b", body)
    assert code
    return confirm, stop, code[0]


@pytest.mark.parametrize(
    ("language", "act"),
    [("en", "One tap left: confirm"), ("uk", "Лишився один дотик: підтвердьте")],
)
def test_the_mail_speaks_the_signers_language(portland: CityPages, language: str, act: str) -> None:
    post(portland[language])
    drain()
    message: Any = mail.outbox[0]
    code = mailed()[2]
    assert message.subject.startswith(f"{act}. ")
    assert message.subject.endswith(f" {code[:3]} {code[3:]}")
    assert message.body.startswith(act)
    assert message.to == ["olena@example.org"]
    html = message.alternatives[0][0]
    assert f'<html lang="{language}">' in html
    read = BeautifulSoup(html, "html.parser").select("body")[0].get_text()
    assert read.strip().startswith(act)
    for address in links(message.body):
        assert address.startswith(f"/{language}/signatures/")
        assert address in html
    assert "<img" not in html
    assert "style=" not in html


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_page_names_the_sender_and_the_subject_that_the_mail_has(
    portland: CityPages, language: str
) -> None:
    page = portland[language]
    page.campaign.title = 'Mayors, "act", now: end the ties with every city of the aggressor'
    page.campaign.save_revision().publish()
    shown = Client().get(post(page)["Location"])
    drain()
    message = mail.outbox[0]
    name, address = parseaddr(message.from_email)
    letter = BeautifulSoup(shown.content, "html.parser").select_one("dl.letter")
    assert letter is not None
    sender, subject = (" ".join(each.get_text(" ").split()) for each in letter.select("dd"))
    assert sender == f"{name} {address}"
    assert page.campaign.title.startswith(name.removesuffix("…"))
    assert len(name) <= 64
    assert message.subject.startswith(subject.removesuffix("…"))
    assert page.heading in shown.content.decode()


def test_a_right_code_leaves_no_trace_in_the_tries_of_the_mailbox(portland: CityPages) -> None:
    check = post(portland["en"])["Location"]
    drain()
    code = mailed()[2]
    for _again in range(A_DAY + 1):
        assert Client().post(check, {"code": code}, **OWN).status_code == 303
    assert not Allowance.objects.filter(kind="try", free_at__gt=timezone.now()).exists()


def test_opening_the_links_changes_nothing(portland: CityPages) -> None:
    post(portland["en"])
    drain()
    confirm, stop, _code = mailed()
    for _ in range(3):
        assert Client().get(confirm).status_code == 200
        assert Client().head(confirm).status_code == 200
        assert Client().get(stop).status_code == 200
    assert Signature.objects.get().status == "pending"
    assert not Suppression.objects.exists()


def test_pressing_the_button_confirms_and_again_harmlessly(portland: CityPages) -> None:
    post(portland["en"])
    drain()
    confirm, _stop, _code = mailed()
    for _ in range(2):
        response = Client().post(confirm, **OWN)
        assert response.status_code == 303
        assert Client().get(response["Location"]).status_code == 200
    assert signatures_of(portland["en"].petition) == 1


def test_a_foreign_page_cannot_press_the_button(portland: CityPages) -> None:
    confirm = f"/en/signatures/{confirm_token(make_submission(portland['en']))}/confirm/"
    response = Client().post(confirm, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert signatures_of(portland["en"].petition) == 0


def test_the_code_leads_to_the_button_that_confirms(portland: CityPages) -> None:
    check = post(portland["en"])["Location"]
    drain()
    _confirm, _stop, code = mailed()
    response = Client().post(check, {"code": f" {code[:3]} {code[3:]} "}, **OWN)
    assert response.status_code == 303
    assert response["Location"].endswith("/confirm/")
    assert "Olena" in Client().get(response["Location"]).content.decode()
    assert signatures_of(portland["en"].petition) == 0
    Client().post(response["Location"], **OWN)
    assert signatures_of(portland["en"].petition) == 1


def test_five_wrong_codes_close_the_code_for_a_day_and_never_the_link(
    portland: CityPages, clock: Clock
) -> None:
    check = post(portland["en"])["Location"]
    drain()
    confirm, _stop, code = mailed()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(A_DAY):
        assert Client().post(check, {"code": wrong}, **OWN).status_code == 422
    clock.go_on(hours=23, minutes=59)
    refused = Client().post(check, {"code": code}, **OWN)
    assert refused.status_code == 422
    assert "until tomorrow" in refused.content.decode()
    assert Client().get(confirm).status_code == 200
    clock.go_on(minutes=2)
    assert Client().post(check, {"code": code}, **OWN)["Location"] == confirm
    assert Client().post(confirm, **OWN).status_code == 303


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "1" * 100_000])
def test_what_is_no_code_costs_no_try(portland: CityPages, typed: str) -> None:
    check = post(portland["en"])["Location"]
    assert Client().post(check, {"code": typed}, **OWN).status_code == 422
    assert not Allowance.objects.filter(kind="try").exists()


def test_forged_foreign_used_up_and_expired_links_are_all_alike(
    portland: CityPages, clock: Clock
) -> None:
    signature = confirmed(portland["en"])
    own, pending = own_token(signature), make_submission(portland["en"], "b@example.org")
    expired = confirm_token(pending)
    check = post(portland["en"])["Location"]
    other = make_city_petition_for_another(portland)
    erased = confirmed(portland["en"], "c@example.org")
    gone = own_token(erased)
    erased.delete()
    clock.go_on(days=7, seconds=1)
    tokens = [
        "nonsense",
        f"{own[:-4]}AAAA",
        "A" * 64,
        expired,
        gone,
        own_token(pending.signature),
    ]
    tails = ("", "confirm/", "stop/", "download/")
    addresses = [f"/en/signatures/{token}/{tail}" for token in tokens for tail in tails]
    fresh = post(portland["en"], email="d@example.org")["Location"]
    addresses += [f"/en/signatures/{own}/confirm/", check, fresh[:-6] + "AAAAA/"]
    addresses += [fresh.replace(str(portland["en"].petition_id), str(other))]
    replies = [Client().get(address) for address in addresses]
    assert {reply.status_code for reply in replies} == {404}
    words = {
        re.sub(r"/(signatures|petitions)/[^\"]*", "", reply.content.decode()) for reply in replies
    }
    assert len(words) == 1
    assert "seven days" in words.pop()


def make_city_petition_for_another(portland: CityPages) -> UUID:
    campaign = {"en": portland["en"].campaign, "uk": portland["uk"].campaign}
    return make_city_petition(campaign, "Tacoma", "Washington")["en"].petition_id


def test_a_ticket_ends_after_seven_days(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = post(portland["en"])["Location"]
    later = timezone.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert Client().get(check).status_code == 404


@pytest.mark.parametrize(("days", "status", "count"), [(6.99, 303, 1), (7.01, 404, 0)])
def test_a_link_confirms_for_seven_days_from_its_mail(
    portland: CityPages, clock: Clock, days: float, status: int, count: int
) -> None:
    post(portland["en"])
    clock.go_on(days=5)
    drain()
    clock.go_on(days=days)
    assert Client().post(mailed()[0], **OWN).status_code == status
    assert signatures_of(portland["en"].petition) == count


def test_never_write_to_me_again_is_obeyed(portland: CityPages) -> None:
    post(portland["en"])
    drain()
    stop = mailed()[1]
    assert Client().post(stop, **OWN).status_code == 200
    assert not Signature.objects.exists()
    assert post(portland["en"]).status_code == 303
    drain()
    assert len(mail.outbox) == 1


def test_withdrawing_lowers_the_count_at_once_and_signing_again_is_possible(
    portland: CityPages,
) -> None:
    signature = confirmed(portland["en"])
    own = f"/en/signatures/{own_token(signature)}/"
    assert Client().post(own, {"action": "withdraw"}, **OWN).status_code == 303
    assert signatures_of(portland["en"].petition) == 0
    confirmed(portland["en"])
    assert signatures_of(portland["en"].petition) == 1


def test_the_display_choice_can_be_changed(portland: CityPages) -> None:
    signature = shown(portland["en"])
    own = f"/en/signatures/{own_token(signature)}/"
    page = portland["en"]
    assert "Neil-Шевченко" in Client().get(page.url).content.decode()
    Client().post(own, {"action": "display"}, **OWN)
    assert "Neil-Шевченко" not in Client().get(page.url).content.decode()
    Client().post(own, {"action": "display", "show_name": "on"}, **OWN)
    assert "Neil-Шевченко" in Client().get(page.url).content.decode()


def test_saving_the_choice_says_what_holds_now(portland: CityPages) -> None:
    own = f"/en/signatures/{own_token(confirmed(portland['en']))}/"
    for choice, told in (({"show_name": "on"}, "may be shown"), ({}, "is not shown")):
        response = Client().post(own, {"action": "display", **choice}, **OWN)
        shown = Client().get(response["Location"].partition("#")[0]).content.decode()
        assert f"Saved: your name {told}." in shown


def test_erasing_takes_two_steps_and_the_first_says_what_will_be_gone(portland: CityPages) -> None:
    own = f"/en/signatures/{own_token(confirmed(portland['en']))}/"
    html = Client().get(own).content.decode()
    folded = html.partition('<details class="erase">')[2].partition("</details>")[0]
    assert 'value="erase"' in folded
    assert "the link to this page will stop working" in folded
    assert html.count('value="erase"') == 1


def test_erasing_leaves_nothing_and_the_link_dies(portland: CityPages) -> None:
    signature = confirmed(portland["en"])
    own = f"/en/signatures/{own_token(signature)}/"
    assert Client().post(own, {"action": "erase"}, **OWN).status_code == 200
    assert not Signature.objects.exists()
    assert Client().get(own).status_code == 404


def test_the_download_holds_what_is_kept(portland: CityPages) -> None:
    signature = confirmed(portland["en"], comment="For my family.")
    make_submission(portland["en"], comment="For my friends.")
    kept = Client().get(f"/en/signatures/{own_token(signature)}/download/").json()
    assert kept["email"] == "olena@example.org"
    assert kept["comment"] == "For my family."
    assert [each["comment"] for each in kept["submissions"]] == [
        "",
        "For my friends.",
    ]


def test_personal_pages_are_kept_by_no_cache(portland: CityPages) -> None:
    signature = confirmed(portland["en"])
    own, link = own_token(signature), confirm_token(make_submission(portland["en"]))
    for path in (f"{own}/", f"{own}/download/", f"{link}/", f"{link}/confirm/", f"{link}/stop/"):
        reply = Client().get(f"/en/signatures/{path}")
        assert "no-store" in reply["Cache-Control"]
        assert "noindex" in reply["X-Robots-Tag"]


def test_a_hundred_submits_for_one_address_send_five_mails_at_most(portland: CityPages) -> None:
    for number in range(100):
        # The door is the same for all; behind it stands what counts.
        if number % 10:
            make_submission(portland["en"])
        else:
            post(portland["en"])
            drain()
    assert len(mail.outbox) == 5


def test_a_confirmed_mailbox_is_told_so_and_gets_no_code(portland: CityPages) -> None:
    signature = confirmed(portland["en"])
    post(portland["en"], name=signature.name)
    drain()
    message: Any = mail.outbox[0]
    assert message.subject.startswith("You have already signed")
    assert not re.search(r"\b\d{6}\b", message.body)
    assert own_token(signature) in message.body
