"""An officer finds a signer by the whole address, and what is done then is on record."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.confirming import PASSWORD as FIELD
from jobs.worker import drain
from officers_desk.forms import CorrectForm, EraseForm, FindForm, HoldForm
from officers_desk.views.desk import SEARCHES
from officers_desk.views.signer import facts_of
from security.models import AuditEntry
from signatures import lifecycle
from signatures.mailboxes import reader_of
from signatures.models import Hold, Signature, Submission, Suppression
from signatures.signing.confirming import confirm_submission, erase_signature
from signatures.signing.tokens import confirm_token, own_token
from tests.accounts.roles import make_other_campaign
from tests.officers_desk.acting import PASSWORD, REASON, Officer
from tests.support.factories import confirmed, make_signature, make_submission, shown
from tests.support.kinds import SmallSite
from tests.support.logins import login
from tests.support.signer import ADDRESS, COMMENT, NAME


def acts() -> list[tuple[str, str]]:
    """On signers; who was given which role is on record, too."""
    found = AuditEntry.objects.exclude(act="user.roles_changed").order_by("pk")
    return list(found.values_list("act", "row"))


def log_text() -> str:
    return repr(list(AuditEntry.objects.values_list()))


def test_all_spellings_of_an_address_find_all_that_it_signed_in_every_campaign(
    site: SmallSite, officer: Officer
) -> None:
    other = make_other_campaign(site)
    mine = {
        confirmed(site["portland"]["en"], ADDRESS).pk,
        make_signature(site["campaign"]["uk"], ADDRESS).pk,
        confirmed(other["en"], ADDRESS).pk,
    }
    confirmed(site["portland"]["en"], f"x{ADDRESS}")
    for spelling in (ADDRESS, ADDRESS.upper(), f"  {ADDRESS} "):
        page = officer.find(spelling).content.decode()
        assert set(re.findall(r"/admin/signers/([0-9a-f-]{36})/", page)) == {
            str(key) for key in mine
        }
    assert ("signer.searched", str(min(mine))) in acts()


def test_a_part_of_an_address_finds_nobody(site: SmallSite, officer: Officer) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS)
    local, _sign, domain = ADDRESS.partition("@")
    for typed in (local, f"@{domain}", f"{local[:-1]}@{domain}", f"*@{domain}", f"%@{domain}"):
        response = officer.find(typed)
        assert str(signature.pk) not in response.content.decode(), typed


def test_an_address_stays_out_of_addresses_sessions_and_the_log(
    site: SmallSite, officer: Officer
) -> None:
    confirmed(site["portland"]["en"], ADDRESS, name=NAME)
    response = officer.find(ADDRESS)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert (
        officer.client.get(f"/admin/signers/?email={ADDRESS}").content.decode().count(ADDRESS) == 0
    )
    assert ADDRESS not in repr(dict(officer.client.session.items()))
    assert ADDRESS not in log_text()
    assert NAME not in log_text()


def test_who_tries_many_addresses_is_told_to_wait(site: SmallSite, officer: Officer) -> None:
    statuses = [
        officer.find("nobody@example.org").status_code for _n in range(SEARCHES.at_once + 1)
    ]
    assert statuses == [200] * SEARCHES.at_once + [429]


def test_what_is_not_there_is_answered_in_a_sentence(site: SmallSite, officer: Officer) -> None:
    assert "Nothing is kept for this address" in officer.find("nobody@example.org").content.decode()
    gone = Signature()
    answers = [officer.see(gone)]
    answers += [
        officer.act(gone, act) for act in ("correct", "erase", "hold", "lift", "resend", "download")
    ]
    for answer in answers:
        assert answer.status_code == 404
        assert "nothing to export" in answer.content.decode()


def test_all_that_is_kept_is_seen_and_the_seeing_is_on_record(
    site: SmallSite, officer: Officer
) -> None:
    signature = confirmed(
        site["portland"]["en"], ADDRESS, name=NAME, comment=COMMENT, postcode="972"
    )
    make_signature(site["portland"]["en"], ADDRESS, name=NAME, comment="Sent later.")
    page = officer.see(signature).content.decode()
    for kept in (ADDRESS, NAME, COMMENT, "972", "Sent later.", "I agree."):
        assert kept in page, kept
    assert own_token(signature) not in page
    assert ("signer.seen", str(signature.pk)) in acts()
    assert '<td class="title">Opened</td>' in officer.see(signature).content.decode()


def test_the_desk_speaks_to_officers_not_to_signers(site: SmallSite, officer: Officer) -> None:
    answers = {"lives_here": True, "discreet": True, "comment": COMMENT}
    signature = confirmed(site["portland"]["en"], ADDRESS, **answers)
    make_signature(site["portland"]["en"], ADDRESS, lives_here=False)
    told = dict(facts_of(signature))
    assert (told["Lives in this city"], told["Safety mode"]) == ("Yes", "Yes")
    page = officer.see(signature).content.decode()
    assert page.count("Lives in this city") >= 2, "what waits, too"
    labels = re.findall(r"<dt>(.*?)</dt>", page)
    for form in (CorrectForm(signature=signature), HoldForm(), EraseForm(), FindForm()):
        for field in form.fields.values():
            labels += [field.label, field.help_text, field.error_messages.get("required", "")]
    assert len(labels) > 30
    assert [label for label in labels if re.search(r"\b(you|your|I|my)\b", str(label), re.I)] == []
    fields = CorrectForm(signature=signature).fields
    assert {field.widget.attrs["autocomplete"] for field in fields.values()} == {"off"}


def test_a_correction_is_stored_and_waits_for_a_moderator_again(
    site: SmallSite, officer: Officer
) -> None:
    signature = shown(site["portland"]["en"], ADDRESS, name=NAME, comment=COMMENT)
    values = {"name": "Олена Нова", "country": "PL", "postcode": "00-950", "language": "uk"}
    officer.act(signature, "correct", comment=COMMENT, **values)
    before = signature.name_key
    signature.refresh_from_db()
    assert (signature.name, str(signature.country), signature.postcode) == (
        "Олена Нова",
        "PL",
        "00-",
    )
    assert signature.language == "uk"
    assert signature.name_key != before
    assert (signature.name_state, signature.comment_state) == ("waiting", "released")
    entry = AuditEntry.objects.get(act="signer.corrected")
    assert entry.reason == f"name, country, postcode, language: {REASON}"
    # The same person, signing again, is known by the corrected name.
    again = confirmed(site["portland"]["en"], ADDRESS, name="Олена Нова", country="PL")
    assert again.pk == signature.pk


ERASED = ("erased", "erased by the signer")
OWN = {"name": "Iryna Nova", "country": "UA", "language": "en", "comment": ""}


@pytest.mark.parametrize("act", [*ERASED, "withdrawn", "renewed", "none"])
def test_what_was_mailed_before_a_correction_goes_on_being_the_same_persons(
    site: SmallSite, officer: Officer, act: str
) -> None:
    page = site["portland"]["en"]
    first = make_submission(page, ADDRESS, name=NAME)
    signature = confirm_submission(first)
    assert signature is not None
    second = make_submission(page, ADDRESS, name=NAME, comment="Sent again.")
    another = make_submission(page, ADDRESS, name="Somebody Else")
    officer.act(signature, "correct", **OWN)
    signature.refresh_from_db()
    match act:
        case "erased":
            officer.act(signature, "erase", is_sure="on")
        case "erased by the signer":
            erase_signature(signature)
        case "withdrawn":
            lifecycle.withdraw(signature)
        case "renewed":
            officer.act(signature, "renew-links")
    for submission in (first, second):
        Client().post(
            f"/en/signatures/{confirm_token(submission)}/confirm/",
            headers={"sec-fetch-site": "same-origin"},
        )
    counted = 0 if act in ("withdrawn", *ERASED) else 1
    assert Signature.objects.confirmed().filter(petition=page.petition).count() == counted
    assert not Submission.objects.filter(pk__in=[first.pk, second.pk]).exists() or counted
    assert Signature.objects.filter(petition=page.petition, name=NAME).count() == 0
    # Who shares the mailbox is left alone.
    assert Submission.objects.filter(pk=another.pk).exists()


def test_what_nobody_confirmed_is_not_corrected(site: SmallSite, officer: Officer) -> None:
    """The link that was mailed confirms what stood in the form."""
    signature = make_signature(site["portland"]["en"], ADDRESS, name=NAME)
    assert (
        "Nobody has confirmed it yet"
        in officer.client.post(
            f"/admin/signers/{signature.pk}/correct/", {**OWN, "reason": REASON}, follow=True
        ).text
    )
    signature.refresh_from_db()
    assert signature.name == NAME


def test_a_corrected_name_is_not_told_as_the_reason(site: SmallSite, officer: Officer) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS, name=NAME)
    values = {"name": "Iryna Nova", "country": "UA", "language": "en", "comment": ""}
    answer = officer.act(signature, "correct", **values, reason="She is called Iryna Nova now.")
    assert answer.status_code == 422
    assert "Iryna" not in log_text()


def test_a_mailbox_is_never_changed(site: SmallSite, officer: Officer) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS, name=NAME)
    values = {"name": NAME, "country": "UA", "language": "en", "comment": "", "postcode": ""}
    officer.act(signature, "correct", email="other@example.org", mailbox_key="x", **values)
    signature.refresh_from_db()
    assert signature.email == ADDRESS
    page = officer.client.get(f"/admin/signers/{signature.pk}/correct/").content.decode()
    assert "cannot be changed" in page


@pytest.mark.parametrize("act", ["correct", "erase", "hold", "download"])
@pytest.mark.parametrize("reason", ["", f"for {NAME}", f"wrote {ADDRESS}", "x\uff20y"])
def test_nothing_is_done_without_a_reason_or_with_the_person_in_it(
    site: SmallSite, officer: Officer, act: str, reason: str
) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS, name=NAME)
    until = timezone.localdate() + timedelta(days=9)
    values = {"name": "Other", "country": "PL", "language": "en", "is_sure": "on", "until": until}
    response = officer.act(signature, act, **{**values, "reason": reason})
    assert response.status_code in (302, 422)
    assert acts() == []
    assert not Hold.objects.exists()
    signature.refresh_from_db()
    assert signature.name == NAME


def test_erasing_leaves_nothing_but_the_number_in_the_log(
    site: SmallSite, officer: Officer
) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS, name=NAME, comment=COMMENT)
    make_signature(site["portland"]["en"], ADDRESS, name=NAME, comment=COMMENT)
    officer.find(ADDRESS)
    officer.see(signature)
    officer.act(signature, "erase")
    assert Signature.objects.filter(pk=signature.pk).exists(), "it was not confirmed"
    officer.act(signature, "erase", is_sure="on")
    assert not Signature.objects.filter(pk=signature.pk).exists()
    assert not Submission.objects.exists()
    assert acts()[-1] == ("signer.erased", str(signature.pk))
    for canary in (ADDRESS, NAME, COMMENT):
        assert canary not in log_text()
    assert "Nothing is kept" in officer.find(ADDRESS).content.decode()


def test_the_mail_that_the_state_calls_for_is_sent_again(site: SmallSite, officer: Officer) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS)
    pending = make_signature(site["campaign"]["uk"], "second@example.org")
    drain()
    mail.outbox.clear()
    Submission.objects.update(mailed_at=timezone.now() - timedelta(hours=1))
    officer.act(signature, "resend")
    officer.act(pending, "resend")
    drain()
    bodies = {message.to[0]: str(message.body) for message in mail.outbox}
    assert own_token(signature) in bodies[ADDRESS]
    assert "/confirm/" in bodies["second@example.org"]
    assert [act for act, _row in acts()] == ["signer.mailed", "signer.mailed"]


def test_a_mailbox_gets_no_more_mails_a_day_by_the_desk(site: SmallSite, officer: Officer) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS)
    drain()
    mail.outbox.clear()
    for _n in range(8):
        officer.act(signature, "resend")
    drain()
    assert len(mail.outbox) <= 5
    assert mail.outbox


def test_who_asked_for_silence_is_not_written_to(site: SmallSite, officer: Officer) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS)
    drain()
    mail.outbox.clear()
    Suppression.objects.create(mailbox_key=reader_of(ADDRESS))
    officer.act(signature, "resend")
    drain()
    assert mail.outbox == []


DOORS = ("", "correct/", "erase/", "hold/", "lift/", "resend/", "download/")


@pytest.mark.parametrize("role", ["", "editor", "moderator", "translator"])
def test_no_other_role_reads_or_changes_anything_by_any_door(
    site: SmallSite, officer: Officer, role: str
) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS, name=NAME, comment=COMMENT)
    places = {"editor": "end-ties", "translator": "uk"}
    client = login(role, places.get(role, "")) if role else Client()
    until = timezone.localdate() + timedelta(days=9)
    data = {"reason": REASON, FIELD: PASSWORD, "is_sure": "on", "until": until, "email": ADDRESS}
    values = {**data, "name": "Other", "country": "PL", "language": "en"}
    pages = [f"/admin/signers/{signature.pk}/{door}" for door in DOORS]
    pages += ["/admin/signers/", "/admin/signers/holds/", "/admin/signers/log/"]
    for page in pages:
        for answer in (client.get(page), client.post(page, values)):
            assert answer.status_code in (302, 403, 405), page
            told = answer.content.decode()
            assert not [each for each in (ADDRESS, NAME, COMMENT) if each in told], page
    drain()
    signature.refresh_from_db()
    assert (signature.name, signature.status) == (NAME, "confirmed")
    assert acts() == []
    assert not Hold.objects.exists()
