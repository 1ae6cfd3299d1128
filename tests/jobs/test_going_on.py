"""The worker goes on whatever happens, keeps everything's turn, and gives up what is hopeless."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResult
from wagtail.models import ModelLogEntry

from jobs import worker as worker_module
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


# Of two threads, neither of which goes on without the other.
both = threading.Barrier(2, timeout=15)


@task
def meet() -> None:
    both.wait()
    done.append("job")


let_go = threading.Event()


@task
def linger() -> None:
    done.append("begun")
    assert let_go.wait(15)
    done.append("over")


@task
def lose() -> None:
    assert connection.connection
    connection.connection.close()
    raise InterfaceError("connection already closed")


def stored(result: TaskResult[None]) -> Job:
    return Job.objects.get(pk=result.id)


def work_until(
    condition: Callable[[], object], *chores: Chore, seconds: float = 15, threads: int = 1
) -> None:
    """Runs a worker in this thread; it must stop because of the condition, not of the time."""
    worker = Worker(threads)
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
def test_chores_have_their_turn_while_jobs_are_done() -> None:
    meet.enqueue()
    assert both.n_waiting == 0
    chore = Chore(timedelta(hours=1), lambda: done.append(str(both.wait(15) >= 0)))
    work_until(lambda: len(done) == 2, chore)
    assert sorted(done) == ["True", "job"], "the job was begun, and not over, when it had its turn"


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_several_jobs_at_a_time() -> None:
    meet.enqueue()
    meet.enqueue()
    work_until(lambda: done == ["job", "job"], threads=2)
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("threads", [1, 3])
def test_a_worker_that_is_stopped_finishes_the_jobs_in_hand_and_begins_none(threads: int) -> None:
    let_go.clear()
    # After the worker was told to stop.
    later = threading.Timer(0.5, let_go.set)
    for _number in range(threads + 2):
        linger.enqueue()

    def all_have_begun() -> bool:
        if done.count("begun") < threads:
            return False
        if later.ident is None:
            later.start()
        return True

    work_until(all_have_begun, threads=threads)
    assert sorted(done) == ["begun"] * threads + ["over"] * threads
    assert list(Job.objects.values_list("lease", "attempts")) == [(None, 0)] * 2


@pytest.mark.django_db(transaction=True)
def test_what_ends_a_thread_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(_is_stopped: object) -> int:
        raise MemoryError

    monkeypatch.setattr(worker_module, "do_next", fall)
    worker = Worker(threads=2)
    worker.next_runs = {}
    with pytest.raises(MemoryError):
        worker.run()


@pytest.mark.django_db(transaction=True)
def test_no_two_threads_get_one_job() -> None:
    for _number in range(40):
        note.enqueue()
    work_until(lambda: len(done) >= 40, threads=4)
    assert done == ["job"] * 40
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_for_a_job_waits_for_nobody_who_is_just_taking_one() -> None:
    first = stored(note.enqueue())
    second = stored(note.enqueue())
    if not connection.features.has_select_for_update_skip_locked:
        assert [Job.objects.lease_next(), Job.objects.lease_next()] == [first, second]
        return

    def take() -> Job | None:
        try:
            return Job.objects.lease_next()
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        assert Job.objects.lease_next() == first
        assert pool.submit(take).result(timeout=15) == second


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
