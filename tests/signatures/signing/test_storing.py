"""What is sent is stored alike by every database, whole or not at all."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from campaigns.models import PetitionPage, TextVersion
from jobs.models import Job
from security.limits import FullError, Limit, Rate, is_full
from security.models import Bucket
from signatures.models import Signature, Submission
from signatures.signing import emails
from signatures.signing.seats import Seated, seat_for
from signatures.signing.storing import blank, store
from tests.support.factories import in_status, new_act
from tests.support.kinds import CityPages, SmallSite

pytestmark = pytest.mark.both_databases

OWN, OTHER = "a" * 64, "b" * 64
ROOMY, NARROW = Limit("roomy", Rate(9, 60)), Limit("narrow", Rate(1, 60))
# Who may sit in a seat: nobody, the signer, another, or somebody who is known no more.
SITTING = [None, *product(Signature.Status.values, (OWN, OTHER, ""))]
BROKEN = {
    "postgresql": "ALTER TABLE jobs_job ADD CONSTRAINT broken CHECK (false)",
    "sqlite": "CREATE TRIGGER broken BEFORE INSERT ON jobs_job BEGIN SELECT RAISE(ABORT, ''); END",
}


def sent(page: PetitionPage, mailbox: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A signature and a submission of the person whose name's key is OWN."""
    TextVersion.record([(page.petition, page.words)])
    text = TextVersion.objects.get(petition=page.petition, checksum=page.words.checksum)
    details = {"name": "Olena", "name_key": OWN, "email": "olena@example.org", "country": "UA"}
    same = {"text_id": text.pk, "language": "en"}
    signature = {"petition_id": page.petition_id, "mailbox_key": mailbox, **same, **details}
    signature |= {"asked_at": timezone.now(), "answers": {}}
    submission = {"details": details, "content_key": "c" * 64, "mailbox": "m" * 64, **same}
    return signature, submission | {"created_at": timezone.now()}


def test_the_seat_is_the_same_whatever_chooses_it(portland: CityPages) -> None:
    signature, submission = sent(portland["en"], "")
    ways = list(product(SITTING, SITTING))
    rows, expected = [], []
    common = {name: signature[name] for name in ("petition_id", "text_id", "language")}
    common["confirmed_at"] = timezone.now()
    act = new_act()
    for number, way in enumerate(ways):
        taken = [Seated(seat, *who) for seat, who in enumerate(way) if who]
        rows += [
            Signature(
                mailbox_key=f"{number:064}",
                **{**common, **each._asdict(), **in_status(each.status, act)},
            )
            for each in taken
        ]
        expected.append(seat_for(taken, OWN))
    Signature.objects.bulk_create(rows)
    for number, seat in enumerate(expected):
        key = store({**signature, "mailbox_key": f"{number:064}"}, submission, [])
        assert Submission.objects.get(pk=key).signature.seat == seat, ways[number]


def test_all_of_it_is_stored_or_nothing(portland: CityPages) -> None:
    signature, submission = sent(portland["en"], "k" * 64)
    with connection.cursor() as cursor:
        cursor.execute(BROKEN[connection.vendor])
    with pytest.raises(DatabaseError), transaction.atomic():
        store(signature, submission, [ROOMY])
    assert not Submission.objects.exists()
    assert not Signature.objects.exists()
    assert not Bucket.objects.exists()


@pytest.mark.parametrize("limited", [[ROOMY, NARROW], [NARROW, ROOMY]])
def test_where_one_limit_is_full_nothing_is_stored_and_the_other_is_as_it_was(
    portland: CityPages, limited: list[Limit]
) -> None:
    signature, submission = sent(portland["en"], "k" * 64)
    store(signature, submission, [NARROW])
    before = Submission.objects.count(), Job.objects.count()
    for _time in range(20):
        with pytest.raises(FullError) as refused:
            store({**signature, "mailbox_key": "l" * 64}, submission, limited)
    assert 0 < refused.value.wait <= 60
    assert (Submission.objects.count(), Job.objects.count()) == before
    assert is_full(NARROW)
    assert not is_full(ROOMY)


@pytest.mark.parametrize("is_stored", [False, True])
def test_a_connection_that_was_killed_loses_no_signature_and_stores_none_twice(
    transactional_site: SmallSite, is_stored: bool
) -> None:
    """Whether or not it was stored by then."""
    killed: list[str] = []

    def kill_once(execute: Callable[..., object], sql: str, *arguments: Any) -> object:
        if "take_signature" in sql and not killed:
            killed.append(sql)
            if is_stored:
                execute(sql, *arguments)
            with connection.wrap_database_errors:
                connection.connection.cursor().execute(
                    "SELECT pg_terminate_backend(pg_backend_pid())"
                )
        return execute(sql, *arguments)

    signature, submission = sent(transactional_site["portland"]["en"], "k" * 64)
    with connection.execute_wrapper(kill_once):
        stands = store(signature, submission, [ROOMY])
    assert Submission.objects.get().pk == stands
    assert Signature.objects.get().mailbox_key == "k" * 64
    assert len(killed) == (connection.vendor == "postgresql")


def test_a_job_is_the_same_as_any_other(portland: CityPages) -> None:
    store(*sent(portland["en"], "k" * 64), [])
    stored = Job.objects.values().get()
    emails.send.enqueue(mailbox="m" * 64)
    enqueued = Job.objects.exclude(pk=stored["id"]).values().get()
    own = ("id", "run_at", "created_at")
    assert {**stored, **dict.fromkeys(own)} == {**enqueued, **dict.fromkeys(own)}


@pytest.mark.parametrize("model", [Signature, Submission, Job])
def test_a_column_of_the_next_release_gets_its_default(
    portland: CityPages, model: type[Model]
) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD COLUMN newer varchar(3) NOT NULL DEFAULT 'new'")
        store(*sent(portland["en"], "k" * 64), [])
        cursor.execute(f"SELECT newer FROM {table}")
        assert cursor.fetchall() == [("new",)]


def test_what_has_a_default_in_the_database_is_left_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    field = Submission._meta.get_field("language")
    assert "language" in blank.__wrapped__(Submission)
    monkeypatch.setattr(field, "db_default", "en")
    assert "language" not in blank.__wrapped__(Submission)
