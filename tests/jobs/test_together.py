"""Jobs that are done several at a time are still jobs of their own."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResult

from jobs.models import TRIES_TOGETHER, Job
from jobs.registry import AwayError, Ended, NotYetError, PermanentError, together
from jobs.resting import resting
from jobs.worker import do_next, drain, run_jobs

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MOST = 5
# What was done, each time in one go.
goes: list[list[str]] = []
# By name: what its job yields, or what it raises and ends all.
errors: dict[str, Exception] = {}
blows: dict[str, Exception] = {}


@pytest.fixture(autouse=True)
def nothing_done_yet() -> Iterator[None]:
    for each in (goes, errors, blows):
        each.clear()
    yield
    resting.clear()


@task
def greet(name: str) -> None:
    if error := blows.get(name) or errors.get(name):
        raise error
    goes.append([name])


@together(greet, MOST)
def greet_several(asked: Sequence[TaskResult[Any]]) -> Iterator[Ended]:
    goes.append([])
    for each in asked:
        name = each.kwargs["name"]
        if name in blows:
            raise blows[name]
        if name not in errors:
            goes[-1].append(name)
        yield each.id, errors.get(name)


@task
def other() -> None:
    goes.append(["other"])


def names() -> list[str]:
    return [name for go in goes for name in go]


def states() -> dict[str, tuple[int, str, bool]]:
    """Of the jobs that are left: their tries, their errors, and whether they are given up."""
    return {
        job.payload["kwargs"]["name"]: (job.attempts, job.error_name, job.failed_at is not None)
        for job in Job.objects.order_by("run_at")
    }


def test_as_many_as_may_are_done_at_a_time_in_their_order_and_no_other_kind() -> None:
    for name in "abc":
        greet.enqueue(name=name)
    other.using(priority=1).enqueue()
    other.enqueue()
    for name in "defg":
        greet.enqueue(name=name)
    assert drain() == 9
    assert goes == [["other"], ["a", "b", "c", "d", "e"], ["other"], ["f", "g"]]
    assert not Job.objects.exists()


ERRORS: dict[str, tuple[Exception, tuple[int, str, bool]]] = {
    "retry": (KeyError("somebody"), (1, "KeyError", False)),
    "give up": (PermanentError("somebody"), (1, "PermanentError", True)),
    "not yet": (NotYetError(timedelta(minutes=1)), (0, "", False)),
}


@pytest.mark.parametrize("how", ERRORS)
@pytest.mark.parametrize("kind", [errors, blows], ids=["told", "raised"])
def test_an_error_is_that_jobs_own(kind: dict[str, Exception], how: str) -> None:
    error, left = ERRORS[how]
    kind["b"] = error
    for name in "abcd":
        greet.enqueue(name=name)
    assert drain() == 4
    assert sorted(names()) == ["a", "c", "d"], "each once"
    assert states() == {"b": left}
    assert not Job.objects.exclude(lease=None).exists()


@pytest.mark.parametrize("kind", [errors, blows], ids=["told", "raised"])
def test_what_all_need_and_is_away_takes_nobodys_turn(kind: dict[str, Exception]) -> None:
    for name in "abcdef":
        greet.enqueue(name=name)
    before = list(Job.objects.order_by("run_at").values())
    kind["b"] = AwayError(timedelta(minutes=1))
    assert do_next() == 2
    assert names() == ["a"]
    assert list(Job.objects.order_by("run_at").values()) == before[1:]
    assert do_next() == 0, "the kind rests"


def test_a_worker_that_is_stopped_ends_what_it_is_at_and_gives_the_others_back() -> None:
    for name in "abcd":
        greet.enqueue(name=name)
    before = list(Job.objects.order_by("run_at").values())
    assert do_next(lambda: "b" in names()) == 2
    assert names() == ["a", "b"]
    assert list(Job.objects.order_by("run_at").values()) == before[2:]


def test_what_was_tried_often_goes_alone() -> None:
    """So a job that kills its worker uses up no other's tries."""
    for name in "abc":
        greet.enqueue(name=name)
    for tried in range(TRIES_TOGETHER):
        first = Job.objects.lease_next()
        assert first
        taken = [first, *Job.objects.lease_alike(first, MOST)]
        assert {job.attempts for job in taken} == {tried + 1}
        assert len(taken) == 3
        # The worker dies.
        Job.objects.update(leased_until=timezone.now())
    greet.enqueue(name="d")
    drain()
    assert goes == [["a"], ["b"], ["c"], ["d"]]


def test_a_lease_that_somebody_else_has_meanwhile_is_left_to_them() -> None:
    for name in "abc":
        greet.enqueue(name=name)
    first = Job.objects.lease_next()
    assert first
    taken = [first, *Job.objects.lease_alike(first, MOST)]
    others = uuid.uuid4()
    Job.objects.filter(pk=taken[1].pk).update(lease=others)
    Job.objects.held(taken).renew()
    assert run_jobs(taken) == 3
    assert list(Job.objects.values_list("pk", "lease")) == [(taken[1].pk, others)]


@pytest.mark.django_db(transaction=True)
def test_many_workers_do_each_job_once() -> None:
    for number in range(60):
        greet.enqueue(name=f"{number}")

    def work(do: Callable[[], int]) -> int:
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, [drain] * 4)) == 60
    assert Counter(names()) == Counter(f"{number}" for number in range(60))
    assert not Job.objects.exists()
