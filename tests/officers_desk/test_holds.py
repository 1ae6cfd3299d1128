"""A legal hold keeps one signature, for a while, and nobody else's."""

from datetime import timedelta

import pytest
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from jobs.registry import chores
from officers_desk.tasks import end_holds
from security.models import AuditEntry
from signatures.keeping.retention import kept_until
from signatures.models import Hold, Signature
from signatures.signing.confirming import erase_signature
from signatures.signing.legal_holds import LONGEST
from signatures.signing.tokens import own_token
from signatures.tasks import anonymise, delete_unconfirmed
from tests.conftest import Clock
from tests.officers_desk.acting import REASON, Officer
from tests.support.factories import confirmed, make_signature
from tests.support.kinds import SmallSite
from tests.support.signer import ADDRESS, NAME


def hold(officer: Officer, signature: Signature, days: int = 100) -> Hold:
    # A session lasts a day.
    officer.client.force_login(officer.user)
    until = timezone.localdate() + timedelta(days=days)
    response = officer.act(signature, "hold", until=until.isoformat())
    assert response.status_code == 302, response.content.decode()
    return Hold.objects.get(signature=signature)


def test_a_hold_has_a_reason_an_end_and_an_entry_in_the_log(
    site: SmallSite, officer: Officer
) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS, name=NAME)
    held = hold(officer, signature)
    assert held.reason == REASON
    entry = AuditEntry.objects.get(act="hold.placed")
    assert (entry.row, entry.by) == (str(signature.pk), officer.user.pk)
    listed = officer.client.get("/admin/signers/holds/").content.decode()
    assert REASON in listed
    day = date_format(timezone.localtime(held.until))
    assert day in listed
    for told in (officer.see(signature).text, officer.client.get("/admin/signers/log/").text):
        assert f"{day}: {REASON}" in told, "each day in one way"
    assert NAME not in listed
    assert ADDRESS not in listed


@pytest.mark.parametrize("days", [-1, LONGEST.days + 1, 4000])
def test_a_hold_ends_within_half_a_year(site: SmallSite, officer: Officer, days: int) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS)
    until = timezone.localdate() + timedelta(days=days)
    assert officer.act(signature, "hold", until=until.isoformat()).status_code == 422
    assert not Hold.objects.exists()


def test_it_keeps_one_signer_on_the_day_when_all_others_are_made_unknown(
    clock: Clock, site: SmallSite, officer: Officer
) -> None:
    petition = site["portland"]["en"].petition
    signature = confirmed(site["portland"]["en"], ADDRESS, name=NAME)
    other = confirmed(site["portland"]["en"], "other@example.org", name=NAME)
    petition.closes_at = clock.now + timedelta(days=1)
    petition.save()
    # As soon as it is entered, the worker notes it.
    anonymise()
    clock.go_on(days=100)
    held = hold(officer, signature)
    until = kept_until(signature, clock.now)
    assert until is not None
    assert until >= held.until
    # Six months after the end and a week of notice, as the worker sees it, day by day.
    while clock.now < held.until:
        anonymise()
        end_holds()
        clock.go_on(days=1)
    other.refresh_from_db()
    signature.refresh_from_db()
    assert (other.name, signature.name) == ("", NAME)
    # What is overdue goes with the next week of notice.
    for _day in range(9):
        end_holds()
        anonymise()
        clock.go_on(days=1)
    signature.refresh_from_db()
    assert signature.name == ""
    assert not Hold.objects.exists()
    assert AuditEntry.objects.filter(act="hold.ended", row=str(signature.pk)).exists()


def test_the_worker_ends_holds_by_itself() -> None:
    assert end_holds in [chore.run for chore in chores()]


def test_what_nobody_confirmed_stays_under_a_hold(
    clock: Clock, site: SmallSite, officer: Officer
) -> None:
    signature = make_signature(site["portland"]["en"], ADDRESS)
    other = make_signature(site["portland"]["en"], "other@example.org")
    hold(officer, signature, days=30)
    clock.go_on(days=9)
    delete_unconfirmed()
    kept = Signature.objects.values_list("pk", flat=True)
    assert list(kept) == [signature.pk]
    assert other.pk not in kept


def test_the_database_itself_deletes_no_row_that_is_held(site: SmallSite, officer: Officer) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS)
    hold(officer, signature)
    with pytest.raises(ProtectedError):
        signature.delete()


def test_a_signer_who_erases_is_locked_at_once_told_until_when_and_erased_then(
    clock: Clock, site: SmallSite, officer: Officer
) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS, name=NAME, show_name=True)
    hold(officer, signature)
    address = f"/en/signatures/{own_token(signature)}/"
    answer = Client().post(address, {"action": "erase"}, headers={"sec-fetch-site": "same-origin"})
    page = answer.content.decode()
    assert "no longer counts" in page
    assert "legal claim" in page
    signature.refresh_from_db()
    assert (signature.status, signature.show_name, signature.name) == ("withdrawn", True, NAME)
    clock.go_on(days=102)
    end_holds()
    assert not Signature.objects.filter(pk=signature.pk).exists()


def test_who_signs_anew_meanwhile_is_not_erased_then(
    clock: Clock, site: SmallSite, officer: Officer
) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS, name=NAME)
    hold(officer, signature, days=20)
    assert erase_signature(signature)
    assert confirmed(site["portland"]["en"], ADDRESS, name=NAME).pk == signature.pk
    clock.go_on(days=30)
    end_holds()
    assert Signature.objects.confirmed().filter(pk=signature.pk).exists()


def test_a_hold_that_is_over_stops_nobody_from_erasing(
    clock: Clock, site: SmallSite, officer: Officer
) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS)
    hold(officer, signature, days=3)
    clock.go_on(days=5)
    assert erase_signature(signature) is None
    assert not Signature.objects.exists()


def test_lifting_a_hold_erases_who_asked_for_it(site: SmallSite, officer: Officer) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS)
    hold(officer, signature)
    officer.act(signature, "erase", is_sure="on")
    assert AuditEntry.objects.filter(act="signer.restricted").exists()
    officer.act(signature, "lift")
    assert not Signature.objects.exists()
    assert AuditEntry.objects.filter(act="hold.lifted", row=str(signature.pk)).exists()
