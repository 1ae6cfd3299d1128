"""What the tests of the parts that must not fail notice: each small fault is tried by itself.

Usage: mutants.py [--module NAME] [--list]

A mutant is one of these modules with one place changed (scripts/mutations.py). It is killed when a
test fails, or takes far too long. Below LEAST of a module's mutants the command fails, and it names
every one that lives on. Why the tool is ours stands in docs/decisions/own-mutants.md.
"""

import argparse
import ast
import gc
import json
import os
import resource
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest

from scripts.mutations import Mutant, mutants

ROOT = Path(__file__).resolve().parent.parent
LEAST = 0.85


@dataclass(frozen=True)
class Part:
    """A module, and its tests, those first that are quick and likely to notice."""

    file: str
    tests: tuple[str, ...]


PARTS = {
    "tokens": Part(
        "signatures/signing/tokens.py",
        ("tests/signatures/test_tokens.py",),
    ),
    "counting": Part(
        "signatures/counts.py",
        ("tests/signatures/counting/test_counts.py", "tests/signatures/counting/test_tallies.py"),
    ),
    "gate": Part(
        "translations/publishing.py",
        (
            "tests/translations/test_leaving_out.py",
            "tests/translations/test_publishing.py",
            "tests/translations/test_one_source.py",
            "tests/translation_desk/test_city_names.py",
        ),
    ),
    "limits": Part(
        "security/limits.py",
        ("tests/security/test_buckets.py", "tests/security/test_limits.py"),
    ),
    "retention": Part(
        "signatures/keeping/retention.py",
        (
            "tests/signatures/keeping/test_acts.py",
            "tests/signatures/keeping/test_retention.py",
            "tests/signatures/keeping/test_erasing.py",
            "tests/signatures/keeping/test_weighing.py",
        ),
    ),
}
# Mutants that do what the module does, by their text: why.
EQUIVALENT: dict[str, str] = {}


class Run:
    """As a plugin of pytest: once the tests are collected, each mutant is tried in a fork.

    So Django starts once, and whatever a test leaves behind ends with its fork.
    """

    def __init__(self, file: Path, name: str, equivalent: dict[str, str]) -> None:
        self.file, self.name, self.equivalent = file, name, equivalent
        self.tree = ast.parse(file.read_text())
        self.killed = self.survived = 0
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid}\n{report.longreprtext}")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        # The collector's list of what is alive leaves out what is frozen.
        gc.unfreeze()
        functions = [each for each in gc.get_objects() if type(each) is FunctionType]
        self.live = [each for each in functions if each.__code__.co_filename == str(self.file)]
        gc.freeze()
        reached = self._reached(session.items)
        for mutant in mutants(self.tree):
            if str(mutant) not in self.equivalent:
                self._try(mutant, session.items, reached)
        return True

    def _reached(self, items: list[pytest.Item]) -> dict[str, tuple[float, list[int]]]:
        """Of each test its seconds of the processor, and the module's lines that it comes to."""
        with tempfile.NamedTemporaryFile("r+") as file:

            def record() -> bool:
                # As with a mutant, so that no fault of that is counted as a killed one.
                become(self.live, self.tree, self.name, outside=True)
                found = {}
                for item, following in zip(items, [*items[1:], None], strict=True):
                    began, lines = time.process_time(), set[int]()
                    with traced(str(self.file), lines):
                        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
                    found[item.nodeid] = (time.process_time() - began, sorted(lines))
                Path(file.name).write_text(json.dumps([found, self.failed]))
                return True

            fork(record, 3600)
            found, failed = json.load(file)
        if failed:
            sys.exit("Without a mutant fails already: " + "\n".join(failed))
        return dict(found)

    def _try(
        self,
        mutant: Mutant,
        items: list[pytest.Item],
        reached: dict[str, tuple[float, list[int]]],
    ) -> None:
        near = [each for each in items if {*mutant.lines} & {*reached[each.nodeid][1]}]
        if mutant.outside:
            near = items
        near = sorted(near, key=lambda each: reached[each.nodeid][0])
        seconds = sum(reached[each.nodeid][0] for each in near)
        if near and not fork(lambda: self._passes(near, mutant), 5 + 5 * seconds):
            self.killed += 1
            return
        self.survived += 1
        note = "" if near else " (no test comes here)"
        place = self.name.replace(".", "/")
        print(f"{place}.py:{mutant.lines[0]}: {mutant}{note}", flush=True)

    def _passes(self, items: list[pytest.Item], mutant: Mutant) -> bool:
        mutant.put(mutant.new)
        become(self.live, self.tree, self.name, mutant.outside)
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return False
        return True


def become(live: list[FunctionType], tree: ast.Module, name: str, outside: bool = False) -> None:
    """Gives functions the code of the tree in place, so that whoever imported one has it too."""
    module = sys.modules[name]
    code = compile(ast.fix_missing_locations(tree), str(module.__file__), "exec")
    codes = {(each.co_qualname, each.co_firstlineno): each for each in inner(code)}
    for function in live:
        old = function.__code__
        function.__code__ = codes.get((old.co_qualname, old.co_firstlineno), old)
    if outside:
        _assign_again(live, tree, vars(module))


def inner(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from inner(each)


def _assign_again(live: list[FunctionType], tree: ast.Module, names: dict[str, object]) -> None:
    """The module's constants, wherever they were imported, and the defaults of parameters."""
    before = dict(names)
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            exec(compile(ast.Module([statement], []), "", "exec"), names)
    new = {key: value for key, value in names.items() if before.get(key) is not value}
    for other in [*sys.modules.values()]:
        for key, value in new.items():
            if key in before and vars(other).get(key, names) is before[key]:
                setattr(other, key, value)
    defaults = {
        each.lineno: each.args for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)
    }
    for function in live:
        if arguments := defaults.get(function.__code__.co_firstlineno):
            values = [eval(ast.unparse(each), names) for each in arguments.defaults]
            function.__defaults__ = tuple(values) or None


def fork(passes: Callable[[], bool], seconds: float) -> bool:
    """Whether it passes in a process of its own, within so many seconds of the processor.

    Not of the clock: a busy machine would kill what no test notices. Only what waits for ever ends
    by that.
    """
    child = os.fork()
    if not child:
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1,) * 2)
            signal.alarm(60 + 100 * int(seconds))
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            code = 0 if passes() else 1
        finally:
            os._exit(code)
    _child, status = os.waitpid(child, 0)
    for left in (ROOT / "var" / "test").glob(f"{child}.sqlite3*"):
        left.unlink()
    return status == 0


@contextmanager
def traced(path: str, lines: set[int]) -> Iterator[None]:
    """Collects the lines of a file that are run meanwhile, in threads too."""

    def look(
        frame: FrameType, event: str, _argument: object
    ) -> Callable[[FrameType, str, Any], Any] | None:
        if frame.f_code.co_filename != path:
            return None
        lines.add(frame.f_lineno)
        return look

    threading.settrace(look)
    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(None)
        threading.settrace(None)


def score(name: str) -> bool:
    part, began = PARTS[name], time.monotonic()
    run = Run(ROOT / part.file, part.file.removesuffix(".py").replace("/", "."), EQUIVALENT)
    arguments = ["-qq", "-s", *part.tests]
    if pytest.main(arguments, plugins=[run]) not in (0, 5):
        sys.exit(f"The tests of {name} cannot be run.")
    every = run.killed + run.survived
    minutes = (time.monotonic() - began) / 60
    share = run.killed / every
    print(f"{name}: {run.killed} of {every} killed, {share:.1%}, in {minutes:.1f} min", flush=True)
    return share >= LEAST


def main() -> None:
    parser = argparse.ArgumentParser(description="Which small faults the tests notice.")
    parser.add_argument("--module", choices=PARTS, help="only this one")
    parser.add_argument("--list", action="store_true", help="only name the mutants")
    wanted = parser.parse_args()
    names = [wanted.module] if wanted.module else list(PARTS)
    if wanted.list:
        for name in names:
            file = PARTS[name].file
            for mutant in mutants(ast.parse((ROOT / file).read_text())):
                print(f"{file}:{mutant.lines[0]}: {mutant}")
        return
    # Read by the settings: copies of a file are made in no time, and nobody else's are touched.
    os.environ["DATABASE_URL"] = ""
    low = [name for name in names if not score(name)]
    if low:
        sys.exit(f"Under {LEAST:.0%}: " + ", ".join(low))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
