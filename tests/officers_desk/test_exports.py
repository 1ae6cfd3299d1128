"""A file holds what its purpose may have, lies encrypted, is handed over once and is then gone."""

import csv
import io
import json
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.files.storage import storages
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.confirming import PASSWORD as FIELD
from campaigns.models import Petition
from campaigns.tables.writing import NUMBER
from jobs.worker import drain
from officers_desk.exports import files, handing, making
from officers_desk.exports.purposes import PURPOSES
from officers_desk.models import Export
from officers_desk.tasks import delete_old_exports
from security.encryption import DecryptionError
from security.models import Approval, AuditEntry
from signatures import lifecycle
from signatures.models import Signature
from signatures.signing.legal_holds import place
from tests.conftest import Clock
from tests.officers_desk.acting import PASSWORD, REASON, Officer
from tests.support.factories import confirmed, make_signature, shown
from tests.support.kinds import Response, SmallSite
from tests.support.logins import login
from tests.support.signer import ADDRESS, COMMENT, NAME

# As people type them, some to do harm in a spreadsheet.
HOSTILE = [
    *("=1+1", "+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "=HYPERLINK(1)"),
    *("＝1+1", "＋1+1", "－1+1", "＠A1", "﹦1", "﹢1+1", "﹣1+1", "﹫A1", "⁺1+1", "₌1"),
    *('"=1+1"', "a;=1+1", "a,b", 'a"b', "a\nb", "a\r\nb", "Ґ’", "𝔘", "<b>&amp;", "_x0041_"),
]


@pytest.fixture(autouse=True)
def no_files_stay() -> Iterator[None]:
    yield
    for export in Export.objects.all():
        for part in range(export.parts + 1):
            storages["private"].delete(files.path(export, part))


@pytest.fixture
def city(site: SmallSite) -> Petition:
    petition: Petition = site["portland"]["en"].petition
    return petition


def stored(export: Export) -> list[bytes]:
    export.refresh_from_db()
    found = []
    for part in range(export.parts):
        if storages["private"].exists(files.path(export, part)):
            with storages["private"].open(files.path(export, part)) as file:
                found.append(file.read())
    return found


def read(response: Response) -> list[list[str]]:
    assert response.status_code == 200, response
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheets(content: bytes) -> list[list[list[Any]]]:
    book = load_workbook(io.BytesIO(content))
    return [
        [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets
    ]


def ready(officer: Officer, second: Officer, purpose: str, petition: Petition) -> Export:
    """Made by the worker; granted first, where that is needed."""
    export = officer.export(purpose, petition.pk)
    if PURPOSES[purpose].holds_mailboxes:
        second.grant(Approval.objects.get(subject=str(export.pk)).pk)
    drain()
    export.refresh_from_db()
    assert export.state == Export.State.READY
    return export


def hold(officer: Officer, signature: Signature) -> None:
    until = signature.asked_at.date() + timedelta(days=90)
    assert officer.act(signature, "hold", until=until.isoformat()).status_code == 302


def test_each_purpose_gets_those_who_agreed_to_it_and_nothing_more(
    site: SmallSite, city: Petition, officer: Officer, second: Officer
) -> None:
    page = site["portland"]["en"]
    shown(page, "shown@example.org", name="Shown", comment="Said aloud.")
    confirmed(page, "hidden@example.org", name="Hidden", comment="Said to us.")
    held = confirmed(page, "held@example.org", name="Held", comment="Held back.")
    unread = confirmed(page, "unread@example.org", name="Unread", show_name=True)
    make_signature(page, "pending@example.org", name="Pending")
    lifecycle.withdraw(confirmed(page, "withdrawn@example.org", name="Withdrawn"))
    confirmed(site["campaign"]["en"], "elsewhere@example.org", name="Elsewhere")
    hold(officer, held)
    assert unread.name_state == "waiting"
    told = {}
    for purpose in PURPOSES:
        rows = read(officer.take(ready(officer, second, purpose, city)))
        told[purpose] = [" ".join(row) for row in rows[1:]]
    everybody = ("shown", "hidden", "held", "unread", "pending", "withdrawn", "elsewhere")
    names = {
        purpose: {one for one in everybody if one.title() in " ".join(rows)}
        for purpose, rows in told.items()
    }
    addresses = {
        purpose: {one for one in everybody if f"{one}@" in " ".join(rows)}
        for purpose, rows in told.items()
    }
    assert names["legal"] == {"held"}
    assert names["figures"] == names["breach"] == names["recipients"] == set()
    assert addresses["legal"] == {"held"}
    assert addresses["breach"] == {*everybody} - {"withdrawn", "elsewhere"}
    assert addresses["figures"] == addresses["recipients"] == set()
    assert len(told["figures"]) == len(told["recipients"]) == 4
    # What only we may read is in no file but the court's.
    assert not [rows for purpose, rows in told.items() if "Said to us." in " ".join(rows)]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_who_withdraws_or_is_erased_after_it_was_made_is_not_in_what_is_handed_over(
    site: SmallSite, city: Petition, officer: Officer, second: Officer, purpose: str
) -> None:
    gone = [shown(site["portland"]["en"], f"{n}@example.org", name="Olena") for n in range(2)]
    if purpose == "legal":
        for signature in gone:
            hold(officer, signature)
    export = ready(officer, second, purpose, city)
    for signature in gone:
        if purpose == "legal":
            officer.act(signature, "lift")
        officer.act(signature, "erase", is_sure="on")
    assert len(read(officer.take(export))) == 1


def test_a_campaign_is_given_with_its_cities(
    site: SmallSite, officer: Officer, second: Officer
) -> None:
    confirmed(site["portland"]["en"], "a@example.org")
    confirmed(site["campaign"]["en"], "b@example.org")
    petition = site["campaign"]["en"].petition
    assert petition is not None
    export = ready(officer, second, "figures", petition)
    assert len(read(officer.take(export))) == 3


def test_it_lies_encrypted_and_says_nothing_without_its_key(
    site: SmallSite, city: Petition, officer: Officer, second: Officer
) -> None:
    shown(site["portland"]["en"], ADDRESS, name=NAME, comment=COMMENT)
    export = ready(officer, second, "breach", city)
    lying = b"".join(stored(export))
    for canary in (ADDRESS, NAME, COMMENT, "en", str(Signature.objects.get().pk)):
        assert canary.encode() not in lying or len(canary) < 4, canary
    assert lying
    other = Export(pk=export.pk, key="00" * 32)
    with pytest.raises(DecryptionError):
        list(files.read(other, 0))
    # A part is not taken for another one.
    export.parts = 2
    storages["private"].save(files.path(export, 1), io.BytesIO(lying))
    with pytest.raises(DecryptionError):
        list(files.read(export, 1))


def test_it_is_handed_over_once_to_whoever_asked_and_is_gone_then(
    site: SmallSite, city: Petition, officer: Officer, second: Officer
) -> None:
    shown(site["portland"]["en"], ADDRESS, name=NAME)
    export = ready(officer, second, "recipients", city)
    assert second.take(export).status_code == 302
    assert second.client.get(f"/admin/signers/exports/{export.pk}/").status_code == 302
    officer.waits()
    asked = officer.take(export, password="wrong")
    assert asked.status_code == 403, "one's password is asked first"
    assert len(read(officer.take(export))) == 2
    assert stored(export) == []
    assert export.key == ""
    again = officer.take(export)
    assert again.status_code == 302
    told = [entry.act for entry in AuditEntry.objects.filter(row=str(export.pk)).order_by("pk")]
    assert told == ["export.asked", "export.ready", "export.handed", "export.deleted"]


def test_a_download_that_breaks_off_leaves_nothing(
    site: SmallSite, city: Petition, officer: Officer, second: Officer
) -> None:
    shown(site["portland"]["en"], ADDRESS, name=NAME)
    export = ready(officer, second, "recipients", city)
    assert handing.take(export, officer.user)
    sent = handing.sent(export, is_workbook=False)
    assert next(sent)
    # As the server does where its reader has gone.
    sent.close()  # type: ignore[attr-defined]
    assert stored(export) == []


def test_it_is_gone_after_a_day(
    clock: Clock, site: SmallSite, city: Petition, officer: Officer, second: Officer
) -> None:
    shown(site["portland"]["en"], ADDRESS, name=NAME)
    export = ready(officer, second, "recipients", city)
    clock.go_on(hours=23, minutes=59)
    delete_old_exports()
    assert stored(export)
    clock.go_on(minutes=2)
    assert officer.take(export).status_code == 302
    delete_old_exports()
    assert stored(export) == []
    assert (export.state, export.key) == ("gone", "")


def test_addresses_are_exported_once_another_person_has_granted_it(
    site: SmallSite, city: Petition, officer: Officer, second: Officer
) -> None:
    confirmed(site["portland"]["en"], ADDRESS)
    for purpose in PURPOSES.values():
        export = officer.export(purpose.name, city.pk)
        drain()
        export.refresh_from_db()
        holds = any(
            ADDRESS in purpose.columns[n].cell(Signature.objects.get())
            for n in range(len(purpose.columns))
        )
        assert purpose.holds_mailboxes == holds, purpose.name
        assert export.state == ("waiting" if holds else "ready"), purpose.name
        if holds:
            key = Approval.objects.get(subject=str(export.pk)).pk
            officer.grant(key)
            drain()
            assert Export.objects.get(pk=export.pk).state == "waiting", "nobody grants one's own"
            second.grant(key)
            drain()
            assert Export.objects.get(pk=export.pk).state == "ready"
    entry = AuditEntry.objects.filter(act="export.mailboxes.granted").first()
    assert entry
    assert entry.by == second.user.pk


def test_whoever_may_grant_it_is_told_by_mail_and_so_is_the_asker(
    site: SmallSite, city: Petition, officer: Officer, second: Officer
) -> None:
    confirmed(site["portland"]["en"], "a@example.org")
    drain()
    mail.outbox.clear()
    export = officer.export("breach", city.pk, "File 12.")
    drain()
    assert [each.to for each in mail.outbox] == [[second.user.email]]
    assert "asks for your approval" in mail.outbox[0].subject
    second.grant(Approval.objects.get(subject=str(export.pk)).pk)
    drain()
    assert [each.to for each in mail.outbox[1:]] == [[officer.user.email]]
    assert "was granted" in mail.outbox[1].subject
    told = "".join(each.subject + str(each.body) for each in mail.outbox)
    assert "File 12." not in told
    # Taken back before anybody was told: there is nothing to decide.
    officer.export("breach", city.pk, "File 13.")
    taken_back = Approval.objects.get(state=Approval.State.WAITING)
    officer.client.post(f"/admin/approvals/{taken_back.pk}/take-back/")
    drain()
    assert len(mail.outbox) == 2


def test_a_worker_that_dies_between_file_and_row_leaves_no_row_out_and_none_twice(
    site: SmallSite, city: Petition, officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        confirmed(site["portland"]["en"], f"{number}@example.org", name=f"N{number}")
    export = officer.export("figures", city.pk)
    noted, times = making.noted, 0

    def dying(*args: Any, **kwargs: Any) -> bool:
        nonlocal times
        times += 1
        if times % 2:
            raise KeyboardInterrupt
        return noted(*args, **kwargs)

    monkeypatch.setattr(making, "noted", dying)
    more = True
    while more:
        try:
            more = making.step(export.pk, size=2)
        except KeyboardInterrupt:
            more = True
    export.refresh_from_db()
    assert (export.state, export.rows_done, export.rows_total) == ("ready", 7, 7)
    keys = [key for part in range(export.parts) for key, _cells in files.read(export, part)]
    assert sorted(keys) == sorted(
        str(key) for key in Signature.objects.values_list("pk", flat=True)
    )


def test_of_two_workers_at_the_same_step_one_is_counted(
    site: SmallSite, city: Petition, officer: Officer
) -> None:
    for number in range(4):
        confirmed(site["portland"]["en"], f"{number}@example.org")
    export = officer.export("figures", city.pk)
    late = Export.objects.get(pk=export.pk)
    found = list(Signature.objects.order_by("pk")[:2])
    assert making.step(export.pk, size=2)
    assert not making.noted(late, found, is_last=False)
    assert Export.objects.get(pk=export.pk).rows_done == 2


def test_the_desk_shows_how_far_it_is(site: SmallSite, city: Petition, officer: Officer) -> None:
    for number in range(3):
        confirmed(site["portland"]["en"], f"{number}@example.org")
    export = officer.export("figures", city.pk)
    making.step(export.pk, size=2)
    page = officer.client.get(f"/admin/signers/exports/{export.pk}/").content.decode()
    assert 'max="3" value="2"' in page


def test_no_cell_is_a_formula_in_any_program(
    site: SmallSite, city: Petition, officer: Officer, second: Officer
) -> None:
    """The names go in past the form, which refuses most of them."""
    for number, hostile in enumerate(HOSTILE):
        signature = shown(site["portland"]["en"], f"{number}@example.org", comment="Text")
        Signature.objects.filter(pk=signature.pk).update(name=hostile, comment=hostile)
        place(signature, REASON, timezone.now() + timedelta(days=9))
    rows = read(officer.take(ready(officer, second, "legal", city)))
    for column in (2, 8):
        cells = [row[column] for row in rows[1:]]
        assert sorted(cell.removeprefix("'") for cell in cells) == sorted(HOSTILE)
        assert not [cell for cell in cells if starts_a_formula(cell)]
    export = ready(officer, second, "legal", city)
    content = b"".join(officer.take(export, "xlsx").streaming_content)  # type: ignore[attr-defined]
    (sheet,) = sheets(content)
    assert sorted(row[2] for row in sheet[1:]) == sorted(HOSTILE)
    book = load_workbook(io.BytesIO(content))
    types = {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row if cell.value}
    assert types <= {"s", "inlineStr"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]


def starts_a_formula(cell: str) -> bool:
    """A number is none: +1 is read as 1."""
    first = unicodedata.normalize("NFKC", cell[:1])
    return first in {"=", "+", "-", "@", "\t", "\r", "\n"} and not NUMBER.fullmatch(cell)


OBJECTS = ("", "take/")


@pytest.mark.parametrize(
    "role", ["editor", "moderator", "translator", "officer", "administrator", ""]
)
def test_nobody_but_its_asker_reads_a_file(
    site: SmallSite, city: Petition, officer: Officer, second: Officer, role: str
) -> None:
    """Another officer neither."""
    shown(site["portland"]["en"], ADDRESS, name=NAME)
    export = ready(officer, second, "recipients", city)
    if role in ("officer", "administrator"):
        for number, known in enumerate((officer.user, second.user)):
            known.username, known.email = f"first-{number}", f"first-{number}@example.org"
            known.save()
    client = (
        login(role, "uk" if role == "translator" else "end-ties" if role == "editor" else "")
        if role
        else Client()
    )
    who = Officer(client, officer.user)
    pages = [client.get(f"/admin/signers/exports/{export.pk}/{end}") for end in OBJECTS]
    pages += [who.take(export), who.take(export, "xlsx")]
    for page in pages:
        assert page.status_code in (302, 403, 405), page.status_code
        assert NAME not in page.content.decode()
    export.refresh_from_db()
    assert export.state == "ready"


def test_a_reason_is_asked_and_holds_no_address(
    site: SmallSite, city: Petition, officer: Officer
) -> None:
    for reason in ("", f"for {ADDRESS}"):
        data = {"purpose": "figures", "petition": str(city.pk), "reason": reason}
        data["current_password"] = "secret-pass"
        response = officer.client.post("/admin/signers/exports/", data)
        assert response.status_code == 422
    assert not Export.objects.exists()
    assert officer.export("figures", city.pk).reason == REASON
    assert json.dumps(list(AuditEntry.objects.values_list("reason", flat=True))).count(REASON) == 1


def is_asked(response: Response) -> bool:
    return response.status_code == 403 and "Is it you?" in response.text


def test_a_slip_costs_no_password_and_what_was_typed_stays_with_the_question(
    site: SmallSite, city: Petition, officer: Officer
) -> None:
    address = "/admin/signers/exports/"
    data = {"purpose": "figures", "petition": str(city.pk), "reason": ""}
    officer.waits()
    slip = officer.client.post(address, data)
    assert slip.status_code == 422
    assert "Say why." in slip.text
    asked = officer.client.post(address, {**data, "reason": REASON})
    assert is_asked(asked)
    fields = BeautifulSoup(asked.content, "html.parser").select(f"form[action='{address}'] input")
    again = {str(field["name"]): str(field.get("value", "")) for field in fields}
    assert again.items() >= {**data, "reason": REASON}.items()
    assert is_asked(officer.client.post(address, {**again, FIELD: "wrong"}))
    assert not Export.objects.exists()
    officer.client.post(address, {**again, FIELD: PASSWORD})
    assert Export.objects.get().reason == REASON


def test_what_cannot_be_taken_or_has_no_reason_is_told_without_a_password(
    site: SmallSite, city: Petition, officer: Officer, second: Officer
) -> None:
    signature = confirmed(site["portland"]["en"], ADDRESS)
    export = officer.export("breach", city.pk)
    approval = Approval.objects.get().pk
    for who in (officer, second):
        who.waits()
    taken = officer.client.post(f"/admin/signers/exports/{export.pk}/take/", follow=True)
    assert "This file cannot be taken" in taken.text
    download = f"/admin/signers/{signature.pk}/download/"
    assert "Say why." in officer.client.post(download, {"reason": ""}, follow=True).text
    assert is_asked(officer.client.post(download, {"reason": REASON}))
    refusal = second.client.post(f"/admin/approvals/{approval}/", {"action": "refuse"})
    assert refusal.status_code == 422
    for data in ({"action": "grant"}, {"action": "refuse", "answer": "No."}):
        assert is_asked(second.client.post(f"/admin/approvals/{approval}/", data))
    assert Approval.objects.get().state == Approval.State.WAITING


@pytest.mark.parametrize("end", ["refuse", "take-back"])
def test_what_is_not_granted_is_never_made(
    site: SmallSite, city: Petition, officer: Officer, second: Officer, end: str
) -> None:
    confirmed(site["portland"]["en"], ADDRESS)
    export = officer.export("breach", city.pk)
    key = Approval.objects.get().pk
    if end == "refuse":
        data = {"action": "refuse", "answer": "No breach is known.", FIELD: PASSWORD}
        second.client.post(f"/admin/approvals/{key}/", data)
        assert "No breach is known." in officer.client.get("/admin/approvals/").content.decode()
    else:
        officer.client.post(f"/admin/approvals/{key}/take-back/")
    second.grant(key)
    drain()
    export.refresh_from_db()
    assert (export.state, export.parts) == ("refused", 0)
    assert (
        "there is no file"
        in officer.client.get(f"/admin/signers/exports/{export.pk}/").content.decode()
    )
