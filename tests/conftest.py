import gc
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, TransactionTestCase
from django.utils import translation
from pytest_django import DjangoDbBlocker

from campaigns.models import CampaignPage, PetitionPage
from campaigns.records.pauses import is_site_paused
from pagecache.versions import reader
from security.limits import held_key
from signatures.models.hash_keys import site_key
from signatures.views import prepared
from tests.support import factories
from tests.support.database import Database
from tests.support.factories import make_city_petition, make_user, publish
from tests.support.kinds import CityPages, SmallSite
from tests.support.logins import logged_in, login
from tests.support.snapshot import kept
from tests.support.translating import fill, write
from translations.gaps import translation_of
from translations.submission import make_draft, submit

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
# What pytest makes of the tests is kept for the next process, in a shell too that keeps none.
sys.dont_write_bytecode = False
# While all is imported nothing becomes garbage.
gc.disable()


def pytest_configure() -> None:
    """So that one test can be run on its own. Before any worker starts: only one compiles."""
    call_command("compilemessages")


def pytest_collection_finish() -> None:
    """What is imported stays, so that the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="session")
def database(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Database]:
    with django_db_blocker.unblock():
        database = Database()
        yield database
        database.drop()


@pytest.fixture(scope="session")
def django_db_setup(database: Database) -> Iterator[None]:
    """In place of pytest-django's, which migrates anew for every process of every run."""
    database.migrated()
    with pytest.MonkeyPatch.context() as patch:
        # After a test that commits. Django would empty the tables, Wagtail's first rows too.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: database.migrated())
        yield


@pytest.fixture(scope="class")
def demo(
    django_db_setup: None, database: Database, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The demo, as `seed_demo` builds it. Before a test's own transaction: hence the scope."""
    with django_db_blocker.unblock():
        yield from in_the_demo(database)


def in_the_demo(database: Database) -> Iterator[None]:
    cache.clear()
    database.seeded()
    yield
    database.migrated()
    cache.clear()


@pytest.fixture(autouse=True)
def starts_in_english() -> Iterator[None]:
    """Whatever page the test before looked at. No parameter of a test may have this name."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def remembers_nothing() -> None:
    """Versions that a test has moved, and keys that it made, are back where they were."""
    reader.known.clear()
    reader.next_look = held_key.until = site_key.until = 0.0
    prepared.held.forget()
    is_site_paused.forget()


@pytest.fixture
def site(db: None) -> SmallSite:
    """A small campaign with one city, live in both languages."""
    cache.clear()
    return factories.make_site()


@pytest.fixture
def portland(site: SmallSite) -> CityPages:
    return site["portland"]


@pytest.fixture
def tacoma(site: SmallSite) -> dict[str, PetitionPage]:
    pages = {code: CampaignPage.objects.get(pk=page.pk) for code, page in site["campaign"].items()}
    return make_city_petition(pages, "Tacoma", "Washington")


@pytest.fixture
def campaign(site: SmallSite) -> CampaignPage:
    return CampaignPage.objects.get(pk=site["campaign"]["en"].pk)


@pytest.fixture
def campaign_pages(site: SmallSite) -> dict[str, CampaignPage]:
    """The Ukrainian one is live and written by a translation, so far with every text missing."""
    pages = {code: CampaignPage.objects.get(pk=page.pk) for code, page in site["campaign"].items()}
    submit(pages["en"], pages["uk"].locale)
    return pages


@pytest.fixture
@kept
def pages(site: dict[str, Any]) -> dict[str, CampaignPage]:
    """A campaign whose every sentence says in which language it is, live and complete in both."""
    english = write(CampaignPage.objects.get(pk=site["campaign"]["en"].pk), "ENGLISH")
    ukrainian = CampaignPage.objects.get(pk=site["campaign"]["uk"].pk)
    submit(english, ukrainian.locale)
    fill(ukrainian)
    translation = translation_of(ukrainian)
    assert translation
    make_draft(translation, english, ukrainian.locale)
    publish(CampaignPage.objects.get(pk=ukrainian.pk))
    return {"en": english, "uk": CampaignPage.objects.get(pk=ukrainian.pk)}


@pytest.fixture
def transactional_site(transactional_db: None) -> SmallSite:
    """The same, for tests in which several connections see each other's work."""
    cache.clear()
    return factories.make_site()


@pytest.fixture
def admin(db: None) -> Client:
    return logged_in(make_user("boss", is_staff=True, is_superuser=True))


@pytest.fixture
def moderator(site: SmallSite) -> Client:
    return login("moderator")


@pytest.fixture
def editor(site: SmallSite) -> Client:
    return login("editor", "end-ties")


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def time(self) -> float:
        return self.now.timestamp()

    def go_on(self, **some: float) -> None:
        self.now += timedelta(**some)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.time", clock.time)
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    return clock
