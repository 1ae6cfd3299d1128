"""Which tests run on the second database."""

from types import FunctionType

import pytest
from django.db import IntegrityError, connection

from tests.support.statements import (
    Recorder,
    always_runs,
    aside,
    cover,
    kind_of,
    needs_none,
    speaks_itself,
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("SELECT a FROM t WHERE b = %s", "SELECT a FROM t WHERE b = 5"),
        ("SELECT a FROM t WHERE b IN (%s, %s)", "SELECT a FROM t WHERE b IN (%s, %s, %s)"),
        ("INSERT INTO t VALUES (%s, %s)", "INSERT INTO t VALUES (%s, %s), (%s, %s)"),
        ("SAVEPOINT s140_x1", 'SAVEPOINT "s22_x35"'),
        ("SELECT a FROM t LIMIT 1", "SELECT a FROM t LIMIT 20"),
        ("UPDATE t SET a = 'it''s'", "UPDATE t SET a = NULL"),
        ('SELECT "t"."a", "t"."b" FROM "t"', 'SELECT "t"."a", "t"."b", "t"."c" AS "d" FROM "t"'),
        ('INSERT INTO "t" ("a", "b") VALUES (1, 2)', 'INSERT INTO "t" ("a", "c") VALUES (1, 2)'),
        ('UPDATE "t" SET "a" = 1, "b" = %s', 'UPDATE "t" SET "a" = 1, "c" = %s, "d" = NULL'),
    ],
)
def test_values_make_no_other_kind_of_statement(first: str, second: str) -> None:
    assert kind_of(first) == kind_of(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("SELECT a FROM t WHERE b = %s", "SELECT a FROM t WHERE c = %s"),
        ("SELECT a FROM t WHERE b = %s", "SELECT a FROM t WHERE b = %s FOR UPDATE"),
        ("SELECT a FROM t", "SELECT a FROM t1"),
        ('SELECT "t"."a" FROM "t"', 'SELECT "t"."b" FROM "t"'),
        ('SELECT "t"."a", "t"."b" FROM "t"', 'SELECT "t"."a", max("t"."b") FROM "t"'),
    ],
)
def test_anything_else_does(first: str, second: str) -> None:
    assert kind_of(first) != kind_of(second)


def test_every_kind_is_made_by_few_and_quick_tests() -> None:
    known = {
        "quick": (0.1, {"a", "b"}),
        "slow": (9.0, {"a", "b", "c"}),
        "long": (1.0, {"c", "d", "e"}),
        "nothing new": (0.5, {"a"}),
        "kept": (5.0, {"e"}),
    }
    assert cover(known, {"kept"}) == {"quick", "long"}
    assert cover(known, {"kept", "slow", "long"}) == set()


def test_what_others_make_that_are_needed_anyhow_is_not_made_for_itself() -> None:
    known = {
        "first": (0.1, {"a", "b", "c"}),
        "second": (0.2, {"a", "b", "d"}),
        "third": (0.2, {"c", "e"}),
    }
    assert cover(known, set()) == {"second", "third"}


def test_what_tests_ask_for_themselves_need_be_made_nowhere() -> None:
    recorder = Recorder()
    recorder(str, "SELECT 1 FROM pages")
    with aside():
        recorder(str, "DELETE FROM pages")
    recorder(str, "UPDATE pages")
    assert recorder.made == {kind_of("SELECT 1 FROM pages"), kind_of("UPDATE pages")}


def refused() -> type[Exception]:
    return IntegrityError


def asks() -> object:
    return [connection.cursor() for _each in range(2)]


def counts() -> int:
    return len(SPOKEN)


def counts_what_it_asks() -> int:
    return counts() + bool(asks())


SPOKEN = {refused: True, asks: True, counts_what_it_asks: True, counts: False}


@pytest.mark.parametrize("test", SPOKEN, ids=lambda test: test.__name__)
def test_who_speaks_with_a_database_is_known_by_the_words(test: FunctionType) -> None:
    assert speaks_itself(test) == SPOKEN[test]


def test_no_mark_takes_a_test_that_speaks_with_a_database_from_either(
    request: pytest.FixtureRequest,
) -> None:
    def speaking() -> object:
        return connection.cursor

    for marks in ([], [pytest.mark.any_database]):
        item = pytest.Function.from_parent(request.node.parent, name="x", callobj=speaking)
        for mark in marks:
            item.add_marker(mark)
        assert always_runs(item)
        assert not needs_none(item)
