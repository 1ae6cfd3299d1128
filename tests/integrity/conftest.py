import pytest

from accounts.models import User
from tests.officers_desk.acting import Officer
from tests.support.kinds import SmallSite
from tests.support.logins import login


@pytest.fixture
def officer(site: SmallSite) -> Officer:
    return Officer(login("officer"), User.objects.get(username="officer"))


@pytest.fixture
def second(site: SmallSite) -> Officer:
    return Officer(login("moderator"), User.objects.get(username="moderator"))
