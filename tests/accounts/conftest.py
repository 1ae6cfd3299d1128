import pytest

from accounts.models import User
from staff.assigning import NAMES, assign
from tests.conftest import Clock
from tests.support.factories import make_user
from tests.support.kinds import SmallSite

PASSWORD = "right-horse-battery"


@pytest.fixture
def olena(site: SmallSite, clock: Clock) -> User:
    user = make_user("olena")
    user.email = "olena@example.org"
    user.set_password(PASSWORD)
    user.save()
    assign(user, NAMES["administrator"])
    return user
