import pytest
from django.test import Client

from accounts.models import User
from tests.officers_desk.acting import Officer
from tests.support.kinds import SmallSite
from tests.support.logins import login


@pytest.fixture
def officer(site: SmallSite) -> Officer:
    client = login("officer")
    return Officer(client, User.objects.get(username="officer"))


@pytest.fixture
def second(site: SmallSite) -> Officer:
    """Another one who may grant what an officer asks for."""
    client = login("administrator")
    return Officer(client, User.objects.get(username="administrator"))


@pytest.fixture
def stranger() -> Client:
    return Client()
