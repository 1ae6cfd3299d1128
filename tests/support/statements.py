"""Which tests run on which database, when there are two.

A plugin. With `--record-statements` a run writes down what each test asks of the database, and
leaves out the tests marked `any_database`, which prove nothing about one. With `--covering` another
run, on the quicker database, does those, and of the others as few as make every kind of statement
that was made on the first. Whatever differs by values, by order, or by who comes first is no matter
of statements: such tests carry the mark `both_databases`, or commit, or speak with the database
themselves, and run on both.
"""

import hashlib
import heapq
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from django.db import connection

COLUMN = r'(?:"\w+"\.)?"\w+"(?: AS "\w+")?'
# Values, lists of them, rows, what Django numbers, and lists of columns: migrations make the same
# ones everywhere. What is done with a single column stays.
ALIKE = [
    (re.compile(r"'(?:[^']|'')*'|\b\d+\b|%s|\bNULL\b"), "?"),
    (re.compile(r"\?(?:, \?)+"), "?"),
    (re.compile(r"\(\?\)(?:, \(\?\))+"), "(?)"),
    (re.compile(r'"?s\d+_x\d+"?'), "savepoint"),
    (re.compile(rf"{COLUMN}(?:, {COLUMN})+"), "columns"),
    (re.compile(r'"\w+" = \?(?:, "\w+" = \?)+'), "values"),
]
# What a test speaks with a database itself by: its refusals, SQL of its own, savepoints and locks.
SPOKEN = {"DataError", "IntegrityError", "cursor", "savepoint", "select_for_update"}
# Seconds, so that a test that takes no time still costs something.
LEAST = 0.02
# While the tests make statements of their own.
is_aside = False


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-statements", type=Path)
    parser.addoption("--covering", type=Path)


def kind_of(statement: str) -> str:
    for pattern, same in ALIKE:
        statement = pattern.sub(same, statement)
    return hashlib.blake2b(statement.encode(), digest_size=8).hexdigest()


@contextmanager
def aside() -> Iterator[None]:
    """For statements that put in what tests begin with: no other database need make these."""
    global is_aside
    before, is_aside = is_aside, True
    try:
        yield
    finally:
        is_aside = before


class Recorder:
    """Of one process: which kinds of statements each test made, and how long it took."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.tests: dict[str, tuple[float, list[str]]] = {}
        self.made: set[str] = set()
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> object:
        if not is_aside:
            if sql not in self.kinds:
                self.kinds[sql] = kind_of(sql)
            self.made.add(self.kinds[sql])
        return execute(sql, *rest)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if self not in connection.execute_wrappers:
            connection.execute_wrappers.append(self)
        self.made, self.seconds = set(), 0.0
        answer = yield
        self.tests[item.nodeid] = (self.seconds, sorted(self.made))
        return answer

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds += report.duration


class Writer:
    """Puts together what the processes recorded."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.tests: dict[str, tuple[float, list[str]]] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        self.tests |= getattr(node, "workeroutput", {}).get("statements", {})

    def pytest_sessionfinish(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(self.tests))


class Worker:
    def __init__(self, config: pytest.Config, recorder: Recorder) -> None:
        self.output, self.recorder = config.workeroutput, recorder  # type: ignore[attr-defined]

    def pytest_sessionfinish(self) -> None:
        self.output["statements"] = self.recorder.tests


def pytest_configure(config: pytest.Config) -> None:
    if file := config.getoption("record_statements"):
        if hasattr(config, "workerinput"):
            recorder = Recorder()
            config.pluginmanager.register(recorder)
            config.pluginmanager.register(Worker(config, recorder))
        else:
            config.pluginmanager.register(Writer(file))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    if config.getoption("record_statements"):
        kept = {item.nodeid for item in items if not needs_none(item)}
    elif file := config.getoption("covering"):
        kept = needed(items, json.loads(file.read_text()))
    else:
        return
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in kept])
    items[:] = [item for item in items if item.nodeid in kept]


def needed(items: list[pytest.Function], told: dict[str, Any]) -> set[str]:
    """On the second database, after what the first run told."""
    known = {test: (took, set(made)) for test, (took, made) in told.items()}
    kept = {item.nodeid for item in items if always_runs(item) or item.nodeid not in known}
    return kept | cover(known, kept)


def needs_none(item: pytest.Function) -> bool:
    """Whatever its module's mark says, a test that speaks with a database proves something of it."""
    return item.get_closest_marker("any_database") is not None and not speaks_itself(item.function)


def always_runs(item: pytest.Function) -> bool:
    mark = item.get_closest_marker("django_db")
    commits = mark is not None and bool(mark.kwargs.get("transaction"))
    return (
        commits
        or "transactional_db" in item.fixturenames
        or item.get_closest_marker("both_databases") is not None
        or speaks_itself(item.function)
    )


def speaks_itself(test: FunctionType) -> bool:
    """Whether it names what is a database's own, or a function beside it does that it names."""
    waiting, read = [test.__code__], set()
    while waiting:
        code = waiting.pop()
        if code in read:
            continue
        read.add(code)
        if SPOKEN & {*code.co_names}:
            return True
        beside = (test.__globals__.get(name) for name in code.co_names)
        waiting += [each for each in code.co_consts if isinstance(each, CodeType)]
        waiting += [
            each.__code__
            for each in beside
            if isinstance(each, FunctionType) and each.__module__ == test.__module__
        ]
    return False


def cover(known: dict[str, tuple[float, set[str]]], kept: set[str]) -> set[str]:
    """The tests, beyond those kept, that make what is left; cheap ones with much that is new."""
    left = set().union(*(made for _took, made in known.values()))
    left -= set().union(*(known[test][1] for test in kept & known.keys()))

    def worth(test: str) -> float:
        took, made = known[test]
        return len(made & left) / (took + LEAST)

    chosen: set[str] = set()
    waiting = [(-worth(test), test) for test in known]
    heapq.heapify(waiting)
    while left:
        _worth, test = heapq.heappop(waiting)
        # What it was worth before others were chosen is the most that it can be worth now.
        now = -worth(test)
        if waiting and now > waiting[0][0]:
            heapq.heappush(waiting, (now, test))
        else:
            chosen.add(test)
            left -= known[test][1]
    return chosen - superfluous(known, kept & known.keys(), chosen)


def superfluous(
    known: dict[str, tuple[float, set[str]]], kept: set[str], chosen: set[str]
) -> set[str]:
    """Of those chosen, the ones whose every kind others make that were chosen later."""
    makers = Counter(kind for test in kept | chosen for kind in known[test][1])
    found = set()
    for test in sorted(chosen, key=lambda test: (-known[test][0], test)):
        if all(makers[kind] > 1 for kind in known[test][1]):
            found.add(test)
            makers.subtract(known[test][1])
    return found
