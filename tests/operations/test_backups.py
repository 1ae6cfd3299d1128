"""A backup is whole or not there, tells nothing without its key, and comes back as it was."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from officers_desk import deeds
from operations import backups, databases, replaying, restoring
from operations.models import Done
from pagecache import versions
from security.streams import SealError, unsealed
from signatures import lifecycle
from signatures.keeping.erasing import erase_people
from signatures.models import Erased, Hold, Signature, Submission, Suppression, Tally
from signatures.moderation.decisions import Item, decide
from signatures.release import Release
from signatures.signing import confirming, own_links
from signatures.signing import legal_holds as holds
from tests.support.counted import assert_exact
from tests.support.factories import confirmed, make_submission, make_user, shown
from tests.support.kinds import SmallSite

Empty = Callable[[], AbstractContextManager[None]]
KEY = b"k" * 32


@pytest.mark.any_database
def test_a_file_whose_writing_broke_off_does_not_open(tmp_path: Path) -> None:
    path = tmp_path / "name"
    with pytest.raises(RuntimeError):
        seal_half(path)
    with path.open("rb") as file, pytest.raises(SealError, match="damaged"):
        unsealed(file, KEY, "name").read()


def seal_half(path: Path) -> None:
    with backups.sealed(path, KEY, "name") as out:
        out.write(b"half")
        raise RuntimeError


@pytest.fixture
def people(transactional_site: SmallSite, backup_key: bytes) -> dict[str, Signature]:
    """One signer for each kind of act that is to be done anew, and one who stays."""
    page = transactional_site["portland"]["en"]
    names = [*Erased.What, "stays"]
    return {name: shown(page, f"{number}@example.org") for number, name in enumerate(names)}


def hide(signature: Signature, part: str) -> None:
    assert decide([Item.of(signature, part)], Release.HIDDEN, make_user(f"{part} moderator")) == 1


def erase_under_hold(signature: Signature) -> None:
    holds.place(signature, "a court asked", timezone.now() + timedelta(days=9))
    assert confirming.erase_signature(signature) is not None


ACTS: dict[Erased.What, Callable[[Signature], Any]] = {
    Erased.What.SIGNATURE: confirming.erase_signature,
    Erased.What.PERSON: lambda signature: erase_people(
        Signature.objects.filter(pk=signature.pk), timezone.now()
    ),
    Erased.What.SUBMISSION: lambda signature: confirming.remove(signature.submissions.get()),
    Erased.What.WITHDRAWN: lifecycle.withdraw,
    Erased.What.SHOWN_NAME: lambda signature: signature.choose(show_name=False),
    Erased.What.NAMED_TO: lambda signature: signature.let_name(""),
    Erased.What.HIDDEN_NAME: lambda signature: hide(signature, "name"),
    Erased.What.HIDDEN_COMMENT: lambda signature: hide(signature, "comment"),
    Erased.What.RESTRICTED: lambda signature: erase_under_hold(signature),
    Erased.What.LINKS: lambda signature: own_links.renew(signature, "en"),
    Erased.What.MAILBOX: lambda signature: Suppression.add("a" * 64),
}


def standing() -> dict[str, Any]:
    """All that an act of erasing may change."""
    fields = (
        *("status", "name", "email", "show_name", "named_to", "name_state", "comment_state"),
        "generation",
    )
    return {
        "signatures": {str(s.pk): [getattr(s, f) for f in fields] for s in Signature.objects.all()},
        "submissions": sorted(map(str, Submission.objects.values_list("pk", flat=True))),
        "kept": [str(hold.signature_id) for hold in Hold.objects.active()],
        "mailboxes": list(Suppression.objects.values_list("pk", flat=True)),
    }


def backed_up(folder: Path) -> Path:
    out = io.StringIO()
    call_command("backup", str(folder), stdout=out)
    return Path(out.getvalue().splitlines()[0].removeprefix("Backed up to ").removesuffix("."))


def restored(folder: Path, *arguments: str) -> str:
    out = io.StringIO()
    call_command("restore", str(folder), *arguments, stdout=out)
    return out.getvalue()


def test_a_drill_brings_back_everything_but_whoever_was_erased_since(
    people: dict[str, Signature], empty: Empty, tmp_path: Path
) -> None:
    assert ACTS.keys() == replaying.DOINGS.keys() == set(Erased.What), "an act nobody tries"
    for alias in ("default", "private"):
        storages[alias].save(f"images/{alias}.txt", ContentFile(alias.encode() * 9))
    before = standing()
    # However wrong it was when it was backed up.
    Tally.objects.create(petition_id=people["stays"].petition_id, signatures=1000)
    backup = backed_up(tmp_path)
    known = versions.numbers()
    for what, act in ACTS.items():
        act(people[what])
    after = standing()
    call_command("backup", str(tmp_path), "--erasures", stdout=io.StringIO())
    for alias in ("default", "private"):
        storages[alias].delete(f"images/{alias}.txt")
    with empty():
        said = restored(tmp_path)
        assert f"{len(ACTS)} erasures done anew" in said
        assert backup.name in said
        assert standing() == after != before
        assert_exact()
        # No process takes what it knew of the database before for what stands there now.
        now = versions.numbers()
        assert min(now[topic] - known.get(topic, 0) for topic in versions.TOPICS) > 1000
        assert Done.objects.filter(what=Done.RESTORE).exists()
        assert run_checks(tags=[Tags.database], databases=["default"]) == []
        assert restoring.replay_alone(tmp_path)[0] == 0, "once is enough"
    for alias in ("default", "private"):
        assert storages[alias].open(f"images/{alias}.txt").read() == alias.encode() * 9


def test_words_that_were_replaced_are_not_shown_again(
    people: dict[str, Signature], empty: Empty, tmp_path: Path
) -> None:
    signer = people["stays"]
    backed_up(tmp_path)
    officer = make_user("officer")
    words = {name: getattr(signer, name) for name in deeds.CORRECTABLE}
    deeds.correct(signer, officer, {**words, "name": "Somebody Else"}, "a slip")
    backups.write_erasures(tmp_path)
    with empty():
        restored(tmp_path)
        found = Signature.objects.get(pk=signer.pk)
        assert (found.name, found.name_state) == (signer.name, Release.HIDDEN)
        assert not Signature.objects.with_public_name().filter(pk=signer.pk).exists()


def test_what_was_done_before_the_backup_is_not_done_again(
    transactional_site: SmallSite, people: dict[str, Signature], empty: Empty, tmp_path: Path
) -> None:
    """Who withdrew and then signed anew counts."""
    lifecycle.withdraw(people["stays"])
    confirming.confirm_submission(
        make_submission(transactional_site["portland"]["en"], people["stays"].email)
    )
    backed_up(tmp_path)
    before = standing()
    with empty():
        assert "0 erasures done anew" in restored(tmp_path)
        assert standing() == before


def test_a_list_written_from_a_database_just_restored_loses_nothing(
    people: dict[str, Signature], empty: Empty, tmp_path: Path
) -> None:
    backed_up(tmp_path)
    lifecycle.withdraw(people["stays"])
    backups.write_erasures(tmp_path)
    listed = backups.read_erasures(tmp_path).acts
    Erased.objects.all().delete()
    backups.write_erasures(tmp_path)
    assert backups.read_erasures(tmp_path).acts == listed != []


def test_nothing_of_anybody_and_no_key_can_be_read_in_a_backup(
    people: dict[str, Signature], settings: Settings, tmp_path: Path
) -> None:
    # A file for an officer, which is handed over once.
    storages["private"].save("exports/1/0", ContentFile(b"an export's part"))
    backup = backed_up(tmp_path)
    secrets = [b"example.org", b"Olena", people["stays"].mailbox_key.encode(), b"PGDMP", b"SQLite"]
    secrets += [settings.SECRET_KEY.encode(), *settings.FIELD_KEYS.values(), settings.BACKUP_KEY]
    for path in [*backup.iterdir(), tmp_path / "erasures"]:
        content = path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
        assert not any(secret in content for secret in secrets), path
    manifest = str(backups.read_manifest(backup)) + str(backups.read_erasures(tmp_path))
    opened = b""
    for part in ("database", "uploads"):
        with restoring.part(backup, part) as file:
            opened += file.read()
    keys = [settings.SECRET_KEY.encode(), *settings.FIELD_KEYS.values(), settings.BACKUP_KEY]
    assert not any(key in opened or str(key) in manifest for key in keys)
    assert b"example.org" not in opened.replace(b"campaign@example.org", b"")
    assert b"an export's part" not in opened


def replace_file(name: str) -> None:
    storages["default"].delete(name)
    storages["default"].save(name, ContentFile(b"other"))


FAULTS: dict[str, tuple[Callable[[Path, Settings], object], str]] = {
    "another key": (lambda b, s: setattr(s, "BACKUP_KEY", b"x" * 32), "another BACKUP_KEY"),
    "no key": (lambda b, s: setattr(s, "BACKUP_KEY", None), "BACKUP_KEY is not set"),
    "foreign field keys": (
        lambda b, s: setattr(s, "FIELD_KEYS", {"other": b"x" * 32}),
        "FIELD_KEYS does not hold the key demo",
    ),
    "no list": (lambda b, s: (b.parent / "erasures").unlink(), "list of erasures is not in"),
    "no manifest": (lambda b, s: (b / "manifest").unlink(), "it has no manifest"),
    "no backup": (lambda b, s: b.rename(b.parent / "unfinished-x"), "There is no backup in"),
    **{
        f"{name} {how}": (lambda b, s, name=name, cut=cut: cut(b / name), told)  # type: ignore[misc]
        for name in ("manifest", "database", "uploads", "../erasures")
        for how, cut, told in [
            ("cut", lambda path: path.write_bytes(path.read_bytes()[:-9]), "damaged or not whole"),
            ("empty", lambda path: path.write_bytes(b""), "does not begin as"),
            (
                "changed",
                lambda path: path.write_bytes(path.read_bytes()[:-30] + b"x" * 30),
                "damaged or not whole",
            ),
        ]
    },
    "parts exchanged": (
        lambda b, s: (b / "uploads").replace(b / "database"),
        "damaged or not whole",
    ),
    "a part missing": (lambda b, s: (b / "uploads").unlink(), "uploads is missing"),
    "files in the way": (
        lambda b, s: replace_file("images/there.txt"),
        "images/there.txt is there with other content",
    ),
}


def test_every_fault_is_told_in_a_sentence_before_anything_is_changed(
    people: dict[str, Signature], empty: Empty, tmp_path: Path, settings: Settings
) -> None:
    storages["default"].save("images/there.txt", ContentFile(b"content"))
    good = {"BACKUP_KEY": settings.BACKUP_KEY, "FIELD_KEYS": settings.FIELD_KEYS}
    backup = backed_up(tmp_path)
    kept = {path: path.read_bytes() for path in [*backup.iterdir(), tmp_path / "erasures"]}
    with empty():
        for name, (spoil, told) in FAULTS.items():
            spoil(backup, settings)
            with pytest.raises(CommandError) as stopped:
                restored(tmp_path)
            assert told in str(stopped.value), name
            assert str(stopped.value).count("\n") == 0
            assert databases.tables() == set(), name
            for each, value in good.items():
                setattr(settings, each, value)
            if not backup.exists():
                (tmp_path / "unfinished-x").rename(backup)
            for path, content in kept.items():
                path.write_bytes(content)
        storages["default"].delete("images/there.txt")
        restored(tmp_path)
        with pytest.raises(CommandError, match="not empty, and a restore writes over nothing"):
            restored(tmp_path)
    assert Signature.objects.count() == len(people)
    with pytest.raises(CommandError, match="not empty, and a restore writes over nothing"):
        restored(tmp_path)


def test_a_restore_that_was_not_finished_lets_nothing_start(
    people: dict[str, Signature], empty: Empty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backed_up(tmp_path)

    def killed(_acts: object) -> None:
        raise KeyboardInterrupt

    with empty(), monkeypatch.context() as patch:
        patch.setattr(replaying, "replay", killed)
        with pytest.raises(KeyboardInterrupt):
            restored(tmp_path)
        told = run_checks(tags=[Tags.database], databases=["default"])
        assert [each.id for each in told] == ["operations.E001"]
        with pytest.raises(CommandError, match="holds a restore that was not finished"):
            restored(tmp_path)
        with pytest.raises(CommandError, match="holds a restore that was not finished"):
            backed_up(tmp_path)
    with empty():
        restored(tmp_path)


def test_a_backup_that_fails_is_not_there(
    people: dict[str, Signature], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_file: object) -> dict[str, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("operations.uploads.write_out", fails)
    with pytest.raises(CommandError, match="cannot be written to: No space left on device"):
        backed_up(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not Done.objects.filter(what=Done.BACKUP).exists()


def test_backups_are_kept_no_longer_than_promised(
    people: dict[str, Signature], tmp_path: Path
) -> None:
    for days in (36, 34):
        stamp = (timezone.now() - timedelta(days=days)).strftime(backups.STAMP)
        (tmp_path / stamp).mkdir()
    (tmp_path / "other").mkdir()
    made = backed_up(tmp_path)
    assert len(backups.finished(tmp_path)) == 2
    assert made.exists()
    assert (tmp_path / "other").exists()
    assert made in backups.finished(tmp_path)
    with pytest.raises(CommandError, match="from 1 to 35 days"):
        call_command("backup", str(tmp_path), "--keep", "36")


def test_a_backup_shows_one_moment_while_others_write(
    transactional_site: SmallSite,
    people: dict[str, Signature],
    empty: Empty,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever signs while it is made is in all of it or in none."""
    count = databases.count_rows

    def count_then_sign() -> dict[str, int]:
        counts = count()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(sign).result()
        return counts

    def sign() -> None:
        connection.settings_dict["NAME"] = real
        confirmed(transactional_site["portland"]["en"], "late@example.org")
        connection.close()

    real = connection.settings_dict["NAME"]
    with monkeypatch.context() as patch:
        patch.setattr(databases, "count_rows", count_then_sign)
        backed_up(tmp_path)
    assert Signature.objects.count() == len(people) + 1
    with empty():
        restored(tmp_path)
        assert Signature.objects.count() == len(people)
