"""Behind a real PgBouncer, which gives each transaction whichever connection is free."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.db.backends.signals import connection_created

from scripts import pgbouncer
from security import pooler, timeouts

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled() -> Iterator[str]:
    """The process works through PgBouncer. Its address, for others who do."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no pooler.")
    known = connection.settings_dict
    server = f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}"
    direct = connections["default"]
    with pgbouncer.running(f"{server}/{known['NAME']}") as address:
        through = direct.copy("default")
        through.settings_dict["PORT"] = urlsplit(address).port
        connections["default"] = through
        try:
            yield address
        finally:
            through.close()
            connections["default"] = direct


def test_it_is_told_from_the_database_itself() -> None:
    assert not pooler.stands_before(connections["default"])


def test_many_rows_are_read_while_others_take_the_connections(pooled: str) -> None:
    every = list(ContentType.objects.order_by("pk"))
    assert pooler.stands_before(connections["default"])
    rows = ContentType.objects.order_by("pk").iterator(chunk_size=2)
    first = next(rows)
    with closing(psycopg2.connect(pooled)) as other, other.cursor() as cursor:
        # The one that was used last, until its transaction ends.
        cursor.execute("SELECT 1")
        assert [first, *rows] == every


def test_limits_hold_for_the_web_and_stay_with_nobody(
    pooled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGOPTIONS", raising=False)
    monkeypatch.setitem(timeouts.LIMITS, "statement_timeout", 300)
    timeouts.hold()
    try:
        with connection.cursor() as cursor, pytest.raises(OperationalError, match="statement time"):
            cursor.execute("SELECT pg_sleep(20)")
    finally:
        connection_created.disconnect(dispatch_uid=timeouts.__name__)
    with closing(psycopg2.connect(pooled)) as other, other.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_backups_are_made_past_it(pooled: str, backup_key: bytes, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="DATABASE_URL names a pooler"):
        call_command("backup", tmp_path)
    assert list(tmp_path.iterdir()) == []
