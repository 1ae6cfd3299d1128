"""Tasks of django-tasks are jobs: ours, Wagtail's and wagtail-localize's."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage.handler import StorageHandler
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import TaskContext, task
from django_tasks.base import Task
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings
from wagtail.images.signal_handlers import post_delete_file_cleanup
from wagtail.models import Locale, Page, ReferenceIndex
from wagtail_localize.synctree import synchronize_tree

from cms.settings import environment
from jobs import leases, localize, models
from jobs.models import Job, JobQuerySet
from jobs.worker import do_next, drain
from library.models import Document
from tests.support.kinds import CityPages, SmallSite

pytestmark = pytest.mark.both_databases

# A name stands in the table as long as a job waits: a task that moves leaves its name behind.
NAMES = [
    "accounts.password_reset.send",
    "jobs.localize.call",
    "launches.running.work",
    "signatures.signing.emails.send",
    "translation_desk.digest.send",
]
called: list[Any] = []


@pytest.fixture(autouse=True)
def nothing_called_yet() -> None:
    called.clear()


@pytest.fixture
def as_on_a_site(settings: Settings) -> None:
    """Wagtail's own tasks wait, too. To be named after `portland`, which is made without them."""
    settings.TASKS = {"default": {"BACKEND": "jobs.backend.JobBackend"}}


@task
def note(*words: Any) -> None:
    called.append(list(words))


@task(takes_context=True)
def note_context(context: TaskContext) -> None:
    called.append((context.task_result.id, context.attempt))


@task
def fail() -> None:
    raise KeyError("somebody@example.org")


@task
def look_up(pk: int) -> None:
    Page.objects.get(pk=pk)


@task
def take_long() -> None:
    called.append("began")
    time.sleep(1)


async def wait() -> None:
    pass


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_task_is_found_by_its_name(name: str) -> None:
    found = import_string(name)
    assert isinstance(found, Task)
    assert found.module_path == name


@pytest.mark.django_db
def test_a_task_lives_and_dies_with_the_callers_transaction() -> None:
    with transaction.atomic():
        note.enqueue("lost")
        transaction.set_rollback(True)
    note.enqueue("kept")
    assert called == [], "nothing is done by the caller"
    assert drain() == 1
    assert called == [["kept"]]
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_the_most_urgent_comes_first_and_nothing_before_its_time() -> None:
    note.using(run_after=timezone.now() + timedelta(hours=1), priority=100).enqueue("later")
    for priority in (-5, 0, 10):
        note.using(priority=priority).enqueue(priority)
    assert drain() == 3
    assert called == [[10], [0], [-5]]


@pytest.mark.django_db
def test_what_is_not_supported_is_refused_plainly() -> None:
    with pytest.raises(InvalidTaskError, match="Queue 'other' is not valid"):
        note.using(queue_name="other").enqueue()
    with pytest.raises(InvalidTaskError, match="does not support async"):
        task(wait)
    with pytest.raises(TypeError):
        note.enqueue(object())
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_result_tells_what_the_table_knows() -> None:
    result = fail.using(priority=3).enqueue()
    assert str(result.status) == "READY"
    assert fail.get_result(result.id).task.priority == 3
    job = Job.objects.lease_next()
    assert job
    result.refresh()
    assert (str(result.status), result.attempts) == ("RUNNING", 1)
    job.fail(KeyError("somebody@example.org"))
    result.refresh()
    assert str(result.status) == "FAILED"
    assert result.is_finished
    [error] = result.errors
    assert (error.exception_class, error.traceback) == (KeyError, "")


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x", "00000000-0000-4000-8000-000000000000"])
def test_of_what_is_done_or_never_was_there_is_no_result(key: str) -> None:
    done = note.enqueue()
    drain()
    for each in (done.id, key):
        with pytest.raises(TaskResultDoesNotExist):
            note.get_result(each)


@pytest.mark.django_db
def test_a_task_knows_its_job_and_its_try() -> None:
    result = note_context.enqueue()
    drain()
    assert called == [(result.id, 1)]


@pytest.mark.django_db
def test_a_missing_object_ends_the_task() -> None:
    look_up.enqueue(0)
    assert drain() == 1
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_the_log_shows_no_argument_and_no_words_of_an_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(0):
        fail.enqueue()
        note.enqueue("somebody@example.org")
        look_up.enqueue(0)
        drain()
    assert "KeyError" in caplog.text
    assert "somebody" not in caplog.text
    assert Job.objects.get().error == "builtins.KeyError"


@pytest.mark.django_db(transaction=True)
def test_a_job_longer_than_its_lease_stays_with_its_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "LEASE", timedelta(seconds=0.5))
    monkeypatch.setattr(leases, "RENEW_EVERY", timedelta(seconds=0.1))
    take_long.enqueue()

    def work(_number: int) -> None:
        try:
            until = time.monotonic() + 1.5
            while time.monotonic() < until:
                do_next()
                time.sleep(0.05)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert called == ["began"]
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_no_longer_once_its_job_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "RENEW_EVERY", timedelta(seconds=0.05))
    renewals: list[object] = []
    monkeypatch.setattr(JobQuerySet, "renew", lambda jobs: renewals.append(jobs))
    take_long.enqueue()
    drain()
    counted = len(renewals)
    assert counted > 1
    time.sleep(0.2)
    assert len(renewals) == counted


def test_wagtails_own_tasks_run_in_our_worker(portland: CityPages, as_on_a_site: None) -> None:
    page = portland["en"]
    drain()
    ReferenceIndex.objects.all().delete()
    page.save()
    kinds = set(Job.objects.values_list("kind", flat=True))
    assert "wagtail.tasks.update_reference_index_task" in kinds
    assert "modelsearch.tasks.insert_or_update_object_task" in kinds
    assert not ReferenceIndex.objects.exists()
    drain()
    assert ReferenceIndex.objects.filter(object_id=page.pk).exists()
    assert not Job.objects.exists()


def test_wagtails_task_about_what_is_deleted_meanwhile_ends(
    portland: CityPages, as_on_a_site: None
) -> None:
    page = portland["uk"]
    page.save()
    assert Job.objects.exists()
    page.delete()
    drain()
    assert not Job.objects.exists()


def test_wagtail_localizes_jobs_are_ours(site: SmallSite) -> None:
    drain()
    languages = list(Locale.objects.order_by("pk"))
    backend = localize.LocalizeJobBackend({})
    backend.enqueue(synchronize_tree, args=languages[:2], kwargs={"page_index": None})
    [job] = Job.objects.filter(kind="jobs.localize.call")
    assert job.payload["args"][1][0] == {"model": "wagtailcore.Locale", "pk": str(languages[0].pk)}
    assert localize.unpacked(localize.packed(languages)) == languages
    drain()
    assert not Job.objects.exists()


def test_what_cannot_be_stored_is_done_at_once(db: None) -> None:
    localize.LocalizeJobBackend({}).enqueue(called.append, [{"form": object()}], {})
    assert len(called) == 1
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_only_wagtail_localizes_functions_are_called() -> None:
    with pytest.raises(ValueError, match="only"):
        localize.call.call("os.getcwd", [], {})


def in_a_bucket(monkeypatch: pytest.MonkeyPatch) -> StorageHandler:
    monkeypatch.setenv(
        "MEDIA_STORAGE", "s3://bucket?region=eu-central-1&endpoint=https://s3.example"
    )
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA-OF-THE-TEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-test")
    return StorageHandler(
        {"default": environment.media_storage(), "private": environment.private_storage()}  # type: ignore[dict-item]
    )


@pytest.mark.parametrize("alias", ["default", "private"])
def test_no_key_of_a_bucket_gets_into_a_job(
    alias: str,
    db: None,
    as_on_a_site: None,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    storage: Any = in_a_bucket(monkeypatch)[alias]
    assert storage.secret_key == "secret-of-the-test"
    document = Document(file="documents/x.pdf")
    document.file.storage = storage
    with django_capture_on_commit_callbacks(execute=True):
        post_delete_file_cleanup(document)
    [job] = Job.objects.all()
    assert job.kind == "wagtail.tasks.delete_file_from_storage_task"
    assert "bucket" in str(job.payload)
    assert "AKIA" not in str(job.payload)
    assert "secret-of-the-test" not in str(job.payload)


@pytest.mark.any_database
@pytest.mark.parametrize(
    "address",
    [
        "s3://AKIA:secret@bucket",
        "s3://AKIA@bucket",
        "s3://bucket?endpoint=https://AKIA:secret@s3.example",
        "s3://bucket?access_key=AKIA&secret_key=secret",
    ],
)
def test_a_bucket_with_its_keys_in_the_address_is_refused(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDIA_STORAGE", address)
    with pytest.raises(environment.SettingError) as refused:
        environment.media_storage()
    assert "AKIA" not in str(refused.value)
