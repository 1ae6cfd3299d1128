from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from pytest_django import Settings

from pagecache import changes
from tests.pagecache.browser import Process, commit
from tests.support.kinds import SmallSite


@pytest.fixture(scope="session")
def application() -> Callable[..., Any]:
    return WSGIHandler()


@pytest.fixture
def keeping(settings: Settings, db: None) -> Iterator[None]:
    """The cache is switched on, and what is written is noticed."""
    settings.PAGECACHE = {**settings.PAGECACHE, "BYTES": 8 * 1024 * 1024}
    # A fault in a page is one in the test.
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    changes.notice_on(connection)
    yield
    connection.execute_wrappers.remove(changes.noticing)


@pytest.fixture
def kept_site(keeping: None, site: SmallSite) -> SmallSite:
    commit()
    return site


@pytest.fixture
def here(kept_site: SmallSite, application: Callable[..., Any]) -> Process:
    """One process of several, perhaps on a machine of its own: what others change, it has to see.

    It has the database alone in common with whoever changes something.
    """
    return Process(application)
