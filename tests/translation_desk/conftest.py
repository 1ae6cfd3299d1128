"""Who translates, and what waits for them."""

import pytest
from django.test import Client
from wagtail_localize.models import Translation

from tests.support.kinds import SmallSite
from tests.support.logins import login
from tests.support.po import submit_all


@pytest.fixture
def translator(site: SmallSite) -> Client:
    return login("translator", "uk")


@pytest.fixture
def work(site: SmallSite) -> dict[str, Translation]:
    return submit_all(site)
