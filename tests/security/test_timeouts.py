"""No visitor waits long for the database, also where a pooler stands before it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.db.backends.signals import connection_created
from django.test import Client

from campaigns.models import Petition
from security import timeouts
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.django_db


@pytest.fixture
def pooled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """A connection whose pooler drops what PostgreSQL should take with it."""
    monkeypatch.delenv("PGOPTIONS", raising=False)
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", False)
    # The test's transaction must live on.
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setitem(timeouts.LIMITS, "statement_timeout", 300)
    before = list(connection.execute_wrappers)
    timeouts.hold()
    if connection.vendor == "postgresql":
        timeouts.add_to_statements(connection)
    yield connection.execute_wrappers[len(before) :]
    connection_created.disconnect(dispatch_uid=timeouts.__name__)
    connection.execute_wrappers[:] = before


def test_behind_a_pooler_every_statement_has_its_limit(pooled: list[Any]) -> None:
    if connection.vendor != "postgresql":
        assert pooled == [], "SQLite has a limit of its own"
        return
    assert "PGOPTIONS" not in os.environ
    assert connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]
    with (
        pytest.raises(OperationalError, match="statement timeout"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT pg_sleep(%s)", [20])


def test_and_answers_as_before(pooled: None, site: SmallSite) -> None:
    assert Client().get("/en/end-ties/portland-oregon/").status_code == 200
    petition = Petition.objects.select_for_update(of=("self",)).exclude(tie=None).get()
    assert Petition.objects.filter(pk=petition.pk).update(goal=7) == 1
    assert Petition.objects.bulk_create([Petition(time_zone="UTC"), Petition(time_zone="UTC")])
    assert list(Petition.objects.filter(goal=7).iterator()) == [petition]
    assert Petition.objects.filter(pk=petition.pk).values_list("goal", flat=True).get() == 7
