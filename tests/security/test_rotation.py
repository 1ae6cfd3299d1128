"""Keys change while the site runs: nothing is lost, and none goes while anything needs it."""

import io
import json
import os
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Model, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import Delivery
from deliveries.models import AnswerLink, Pack, SigningKey
from jobs.models import Job
from officers_desk.models import Export
from security import field_keys, rotation
from security.encryption import decrypt, encrypt
from security.models import DayKey, UsedKey
from security.printable import Json
from signatures.models import HashKey, Signature, Submission
from tests.support.factories import confirmed, make_signature, make_user
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.both_databases

NEW = os.urandom(32)


@pytest.fixture
def signers(site: SmallSite) -> SmallSite:
    """Signers with something in every encrypted column."""
    for number in range(5):
        person = confirmed(site["portland"]["en"], f"{number}@example.org", name=f"N{number}")
        person.comment, person.answers = f"Comment {number}", {"question": ["an answer"]}
        person.save()
    make_signature(site["portland"]["en"], "waiting@example.org")
    DayKey.of(timezone.localdate())
    officer = make_user("officer")
    petition = site["portland"]["en"].petition
    Export.objects.create(petition=petition, asked_by=officer, language="en", key="a file's key")
    delivery = Delivery.objects.create(petition=petition)
    Pack.objects.create(delivery=delivery, key="a file's key", email="mayor@example.org")
    AnswerLink.objects.create(delivery=delivery, mailbox="mayor@example.org", language="en")
    SigningKey.newest()
    TOTP.activate(officer, "a secret of one-time codes")
    RecoveryCodes.activate(officer)
    return site


def values() -> dict[str, list[Any]]:
    """What is told, as whoever has the keys reads it."""
    return {
        place.label: [value(place, row) for row in place.model._base_manager.order_by("pk")]
        for place in rotation.places()
    }


def value(place: rotation.Place, row: Model) -> object:
    held = getattr(row, place.column)
    if place.is_plain:
        return held
    return place.rewritten(json.dumps(held), lambda secret: decrypt(secret, place.purpose))


def raw(place: rotation.Place) -> set[str]:
    rows = place.model._base_manager.annotate(raw=Cast(place.column, TextField()))
    return set(rows.values_list("raw", flat=True)) - {""}


def add_key(settings: Settings, key_id: str = "new") -> None:
    settings.FIELD_KEYS = {key_id: NEW, **settings.FIELD_KEYS}
    field_keys.note()


def rotate(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rotate_keys", *arguments, stdout=out)
    return out.getvalue()


def told_at_start() -> str:
    return " ".join(each.msg for each in run_checks(tags=[Tags.database], databases=["default"]))


def test_everything_is_encrypted_anew_and_reads_as_before(
    signers: SmallSite, settings: Settings
) -> None:
    assert {place.model for place in rotation.places()} >= {HashKey, Signature, Submission}
    assert all(raw(place) for place in rotation.places()), "a column with nothing to try"
    before = values()
    add_key(settings)
    said = rotate("--check")
    assert "demo is needed by" in said
    rotate()
    for place in rotation.places():
        assert rotation.keys_in(place).keys() == {"new"}, place.label
    assert values() == before
    settings.FIELD_KEYS = {"new": NEW}
    assert values() == before


def test_keys_whose_ids_differ_in_case_alone_are_two(
    signers: SmallSite, settings: Settings
) -> None:
    before = values()
    add_key(settings, "DEMO")
    assert rotation.rows_left() >= 7
    rotate()
    settings.FIELD_KEYS = {"DEMO": NEW}
    assert values() == before


def test_a_key_can_go_once_no_row_and_no_page_handed_out_needs_it(
    signers: SmallSite, settings: Settings
) -> None:
    old = dict(settings.FIELD_KEYS)
    add_key(settings)
    ticket = encrypt("text", "ticket")
    assert "demo is needed by no row, but by pages" in rotate()
    settings.FIELD_KEYS = {"new": NEW}
    assert told_at_start().startswith("FIELD_KEYS does not hold the key demo"), "too early"
    settings.FIELD_KEYS = {"new": NEW, **old}
    UsedKey.objects.filter(pk="new").update(since=timezone.now() - rotation.HANDED_OUT)
    assert "demo is needed by nothing here: take it out" in rotate()
    settings.FIELD_KEYS = {"new": NEW}
    assert told_at_start() == ""
    assert decrypt(ticket, "ticket") == "text"


def test_a_key_that_rows_need_cannot_go_however_long_ago_it_was_retired(
    signers: SmallSite, settings: Settings
) -> None:
    add_key(settings)
    UsedKey.objects.filter(pk="new").update(since=timezone.now() - timedelta(days=900))
    assert "demo is needed by" in rotate("--check")
    settings.FIELD_KEYS = {"new": NEW}
    before = [raw(place) for place in rotation.places()]
    assert told_at_start().startswith("FIELD_KEYS does not hold the key demo")
    with pytest.raises(CommandError, match=r"needs the key demo, .* Nothing was lost") as stopped:
        rotate()
    assert str(stopped.value).count(":") == 1
    assert [raw(place) for place in rotation.places()] == before


@pytest.mark.parametrize(
    "keys", [{"demo": NEW}, {"other": NEW}, {"other": NEW, "demo": NEW}], ids=" ".join
)
def test_with_wrong_keys_nothing_starts_and_nothing_is_noted(
    signers: SmallSite, settings: Settings, keys: dict[str, bytes]
) -> None:
    right = settings.FIELD_KEYS
    settings.FIELD_KEYS = keys
    field_keys.note()
    assert told_at_start().startswith("FIELD_KEYS does not hold the key demo")
    assert told_at_start().count(": ") == 1
    settings.FIELD_KEYS = right
    assert told_at_start() == "", "the right keys are right again"


def test_killed_half_way_it_goes_on_from_there(
    signers: SmallSite, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 1)
    before, steps = values(), 0
    add_key(settings)
    total = rotation.rows_left()

    def killed(_done: int) -> None:
        raise KeyboardInterrupt

    while rotation.rows_left():
        left = rotation.rows_left()
        with pytest.raises(KeyboardInterrupt):
            rotation.rotate(killed)
        assert rotation.rows_left() == left - 1
        assert values() == before
        steps += 1
    assert steps == total >= 7


def put(data: str, anew: Callable[[str], str]) -> Json:
    found = json.loads(data)
    return {**found, "secret": anew(found["secret"])} if "secret" in found else found


def test_what_is_encrypted_within_something_else_is_found_once_it_is_registered(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = rotation.Place(Job, "payload", "test", put)
    monkeypatch.setattr(rotation, "_registered", [place])
    job = Job.objects.create(kind="x", payload={"secret": encrypt("told", "test"), "n": 1})
    Job.objects.create(kind="y", payload={"n": 2})
    add_key(settings)
    assert rotation.keys_in(place) == {"demo": 1}
    rotate()
    job.refresh_from_db()
    assert job.payload["n"] == 1
    assert decrypt(job.payload["secret"], "test") == "told"
    assert rotation.keys_in(place) == {"new": 1}
    assert Job.objects.get(kind="y").payload == {"n": 2}


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_not_written_over(
    transactional_site: SmallSite, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody holds a row, changes it and lets it go, at every moment of the rotation."""
    page = transactional_site["portland"]["en"]
    people = [confirmed(page, f"{number}@example.org", name="Before") for number in range(6)]
    monkeypatch.setattr(rotation, "BATCH", 2)
    # Their process still encrypts under the old key.
    old = encrypt("After", "signatures.signature.name")
    add_key(settings)
    holding, go_on = threading.Event(), threading.Event()

    def change() -> None:
        try:
            with transaction.atomic():
                place = next(p for p in rotation.places() if p.label == "signatures.signature.name")
                rows = Signature.objects.filter(pk__in=[each.pk for each in people])
                rows.update(name=place.value(old))
                holding.set()
                go_on.wait(1)
        finally:
            holding.set()
            connection.close()

    beside = threading.Thread(target=change)
    beside.start()
    assert holding.wait(20)
    rotation.rotate(lambda done: None)
    beside.join()
    assert set(Signature.objects.values_list("name", flat=True)) == {"After"}
    assert rotation.rows_left() == 0


def test_a_changed_secret_key_keeps_what_moderators_decided(
    site: SmallSite, settings: Settings
) -> None:
    signature = confirmed(site["portland"]["en"], show_name=True)
    Signature.objects.update(name_state="released")
    signature.refresh_from_db()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    signature.choose(show_name=True)
    signature.refresh_from_db()
    assert signature.name_state == "released"
    settings.SECRET_KEY_FALLBACKS = []
    settings.SECRET_KEY = "a third" * 10
    signature.choose(show_name=True)
    signature.refresh_from_db()
    assert signature.name_state == "waiting", "without the key that it was made with"
