"""The worker goes on whatever happens, keeps everything's turn, and gives up what is hopeless."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResult
from wagtail.models import ModelLogEntry

from jobs.models import MOST_ATTEMPTS, SILENCE, Heartbeat, Job
from jobs.registry import Chore
from jobs.worker import Worker, drain
from staff.assigning import NAMES, assign
from tests.support.factories import make_user
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in

pytestmark = pytest.mark.both_databases

done: list[str] = []


@pytest.fixture(autouse=True)
def nothing_done_yet() -> None:
    done.clear()


@task
def note() -> None:
    done.append("job")


@task
def fail() -> None:
    raise KeyError("always")


@task
def lose() -> None:
    assert connection.connection
    connection.connection.close()
    raise InterfaceError("connection already closed")


def stored(result: TaskResult[None]) -> Job:
    return Job.objects.get(pk=result.id)


def work_until(condition: Callable[[], object], *chores: Chore, seconds: float = 15) -> None:
    """Runs a worker in this thread; it must stop because of the condition, not of the time."""
    worker = Worker()
    worker.next_runs = dict.fromkeys(chores, 0.0)

    def check() -> None:
        if condition():
            worker.stop.set()

    worker.next_runs[Chore(timedelta(0), check)] = 0.0
    limit = threading.Timer(seconds, worker.stop.set)
    limit.start()
    worker.run()
    limit.cancel()
    assert condition()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_dies_during_a_job_ends_no_worker() -> None:
    lost = stored(lose.enqueue())
    note.enqueue()
    work_until(lambda: done)
    # Its lease runs out; then another worker takes it.
    lost.refresh_from_db()
    assert lost.attempts == 1
    assert lost.leased_until
    assert lost.failed_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [InterfaceError, OperationalError])
def test_a_database_that_is_away_during_a_chore_ends_no_worker(error: type[Exception]) -> None:
    def away() -> None:
        done.append("chore")
        raise error

    note.enqueue()
    work_until(lambda: "job" in done, Chore(timedelta(hours=1), away))
    assert done == ["chore", "job"]


@pytest.mark.django_db(transaction=True)
def test_chores_have_their_turn_between_jobs() -> None:
    for _number in range(3):
        note.enqueue()
    chore = Chore(timedelta(0), lambda: done.append("chore"))
    work_until(lambda: done.count("job") == 3, chore)
    assert done[:6] == ["chore", "job"] * 3


@pytest.mark.django_db
def test_what_always_fails_is_given_up_at_last() -> None:
    job = stored(fail.enqueue())
    for tried in range(1, MOST_ATTEMPTS + 1):
        job.refresh_from_db()
        assert job.failed_at is None
        Job.objects.update(run_at=timezone.now())
        assert drain() == 1
        job.refresh_from_db()
        assert job.attempts == tried
    assert job.failed_at
    assert job.error == "builtins.KeyError"


@pytest.mark.django_db
def test_a_job_that_kills_every_worker_is_given_up_at_last() -> None:
    job = stored(note.enqueue())
    now = timezone.now()
    for _number in range(MOST_ATTEMPTS):
        assert Job.objects.lease_next(now)
        Job.objects.update(leased_until=now)
    assert drain() == 1
    job.refresh_from_db()
    assert job.failed_at
    assert not done


@pytest.fixture
def administrator(site: SmallSite) -> Client:
    user = make_user("administrator")
    assign(user, NAMES["administrator"], "")
    return logged_in(user)


def test_an_administrator_sees_what_failed_and_tries_it_again(administrator: Client) -> None:
    job = Job.objects.create(kind="nobody.knows", payload={"kwargs": {"mailbox": "a-hash"}})
    drain()
    assert "/admin/jobs/" in administrator.get("/admin/").content.decode()
    page = administrator.get("/admin/jobs/").content.decode()
    assert "nobody.knows" in page
    assert "PermanentError" in page
    assert "a-hash" not in page
    assert "given up" in page
    administrator.post("/admin/jobs/", {"again": job.pk})
    job.refresh_from_db()
    assert (job.failed_at, job.attempts) == (None, 0)
    assert ModelLogEntry.objects.filter(action="jobs.again").exists()
    drain()
    administrator.post("/admin/jobs/", {"drop": job.pk})
    assert not Job.objects.exists()
    assert ModelLogEntry.objects.filter(action="jobs.drop").exists()


def test_an_administrator_sees_what_goes_on_being_tried(administrator: Client) -> None:
    fail.enqueue()
    note.enqueue()
    assert "tests.jobs" not in administrator.get("/admin/jobs/").content.decode()
    drain()
    page = administrator.get("/admin/jobs/").content.decode()
    assert "tests.jobs.test_going_on.fail" in page
    assert "KeyError" in page
    job = Job.objects.get()
    administrator.post("/admin/jobs/", {"again": job.pk})
    assert Job.objects.lease_next() == job


@pytest.mark.parametrize("key", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_a_job_that_is_gone_is_told(administrator: Client, key: str) -> None:
    response = administrator.post("/admin/jobs/", {"again": key}, follow=True)
    assert "done, dropped" in response.content.decode()


@pytest.mark.parametrize("decision", ["again", "drop"])
def test_a_job_in_hand_is_left_to_its_worker(administrator: Client, decision: str) -> None:
    job = stored(fail.enqueue())
    drain()
    Job.objects.update(run_at=timezone.now())
    assert Job.objects.lease_next()
    response = administrator.post("/admin/jobs/", {decision: job.pk}, follow=True)
    assert "in a worker’s hands" in response.content.decode()
    job.refresh_from_db()
    assert job.attempts == 2


def readyz() -> list[str]:
    response = Client().get("/readyz")
    assert response.status_code == 200
    return response.content.decode().splitlines()


@pytest.mark.django_db
def test_readyz_tells_how_the_worker_and_the_queue_are() -> None:
    assert readyz() == ["ready", "worker: never seen, late", "queue: empty"]
    Heartbeat.beat()
    note.using(run_after=timezone.now() - timedelta(seconds=20)).enqueue()
    state = readyz()
    assert state[1].startswith("worker: seen ")
    assert state[2].startswith("queue: waiting 2")
    assert "late" not in "".join(state)
    past = timezone.now() - SILENCE - timedelta(seconds=9)
    Heartbeat.objects.update(at=past)
    Job.objects.update(run_at=past)
    assert [line for line in readyz() if "late" in line] == readyz()[1:]


@pytest.mark.django_db
def test_the_worker_is_seen() -> None:
    Worker().do_chores()
    assert "late" not in readyz()[1]


@pytest.mark.django_db
def test_readyz_is_quick() -> None:
    readyz()
    with CaptureQueriesContext(connection) as queries:
        readyz()
    assert len(queries) <= 4
    times = []
    for _number in range(5):
        started = time.process_time()
        readyz()
        times.append(time.process_time() - started)
    assert min(times) < 0.05
