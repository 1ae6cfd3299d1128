"""The log of acts takes entries, and gives none of them up again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from security.audit import AddressInLogError, entries, entries_of, record
from security.models import AuditEntry
from tests.support.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TABLE = AuditEntry._meta.db_table
ROLES = Path(__file__).resolve().parent.parent.parent / "deploy/roles.sql"


def sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def replace_by_django() -> None:
    entry = entries()[0]
    entry.reason = "another"
    AuditEntry.objects.bulk_create(
        [entry], update_conflicts=True, unique_fields=["id"], update_fields=["reason"]
    )


def save() -> None:
    entry = entries()[0]
    entry.reason = "another"
    entry.save()


ON_ANY = {
    "save": save,
    "update": lambda: AuditEntry.objects.update(reason="another"),
    "update to the same": lambda: sql(f"UPDATE {TABLE} SET act = act"),
    "replace": replace_by_django,
    "delete": lambda: entries()[0].delete(),
    "delete all": lambda: AuditEntry.objects.all().delete(),
    "delete all in SQL": lambda: sql(f"DELETE FROM {TABLE}"),
}
ON_ONE = {
    "sqlite": {
        "replace in SQL": lambda: sql(
            f"REPLACE INTO {TABLE} (id, at, act, row, reason)"
            f" SELECT id, at, 'another', row, reason FROM {TABLE}"
        ),
        "insert or ignore the trigger": lambda: sql(
            f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE}"
        ),
    },
    "postgresql": {
        "truncate": lambda: sql(f"TRUNCATE {TABLE}"),
        "truncate by cascade": lambda: sql(f"TRUNCATE accounts_user, {TABLE} CASCADE"),
    },
}


def ways() -> dict[str, Callable[[], object]]:
    return {**ON_ANY, **ON_ONE[connection.vendor]}


def is_refused(change: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return True
    return False


def stored() -> list[tuple[object, ...]]:
    return list(AuditEntry.objects.order_by("pk").values_list())


def test_an_entry_cannot_be_changed_or_removed_in_any_way() -> None:
    record("signer.corrected", make_user("olena"), ["a", "b"], "asked by letter")
    before = stored()
    assert len(before) == 2
    for name, change in ways().items():
        assert is_refused(change), name
        assert stored() == before, name


def test_an_entry_says_who_did_what_with_which_row_and_why() -> None:
    user = make_user("olena")
    record("signer.erased", user, ["a", "b"], "asked by letter")
    record("export.deleted")
    assert [(each.act, each.by, each.row, each.reason) for each in entries_of(["b"])] == [
        ("signer.erased", user.pk, "b", "asked by letter")
    ]
    assert entries()[0].by is None


def test_an_entry_outlives_who_acted() -> None:
    user = make_user("olena")
    number = user.pk
    record("signer.seen", user, ["a"])
    user.delete()
    assert not User.objects.filter(pk=number).exists()
    assert entries().get().by == number


@pytest.mark.parametrize(
    "typed",
    [
        "olena@example.org wrote",
        "olena\uff20example.org",
        "\ufe6b",
        '"o l"@localhost',
        "о@пошта.укр",
    ],
)
def test_an_address_never_gets_into_it(typed: str) -> None:
    for values in ({"reason": typed}, {"rows": [typed]}, {"act": typed}):
        with pytest.raises(AddressInLogError):
            record(**({"act": "signer.seen"} | values))
    assert not entries().exists()


def test_an_act_that_is_taken_back_leaves_no_entry() -> None:
    with transaction.atomic():
        record("signer.seen")
        transaction.set_rollback(True)
    assert not entries().exists()


def as_the_site(statement: str) -> None:
    """By the role that compose.yaml runs the site by."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE pidpys")
        cursor.execute(statement)


FORBIDDEN = [
    f"UPDATE {TABLE} SET act = 'another'",
    f"DELETE FROM {TABLE}",
    f"TRUNCATE {TABLE}",
    f"ALTER TABLE {TABLE} DISABLE TRIGGER ALL",
    f"DROP TRIGGER audit_no_change ON {TABLE}",
    f"DROP TABLE {TABLE}",
    "CREATE OR REPLACE FUNCTION refuse_change_of_log() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN RETURN NEW; END $$",
    "SET session_replication_role = 'replica'",
]


def make_the_sites_role() -> None:
    lines = ROLES.read_text().splitlines()
    statements = "\n".join(line for line in lines if not line.startswith("\\"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'pidpys'")
        assert not cursor.fetchone(), "the role would be another's"
        cursor.execute(statements.replace(":'password'", "'secret'"))
        # What was made before the role was; in a new database there is nothing.
        cursor.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO pidpys"
        )


def test_the_sites_own_role_adds_to_it_and_cannot_lift_what_protects_it() -> None:
    record("signer.seen")
    before = stored()
    if connection.vendor == "sqlite":
        # Whoever writes into the file may do anything: it is for one machine.
        return
    make_the_sites_role()
    as_the_site("CREATE TEMPORARY TABLE lines (line text)")
    for statement in FORBIDDEN:
        with pytest.raises(DatabaseError):
            as_the_site(statement)
    assert stored() == before
    as_the_site(f"INSERT INTO {TABLE} (at, act, row, reason) VALUES (now(), 'a', '', '')")
    assert len(stored()) == 2
