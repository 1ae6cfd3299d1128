from typing import Any

import pytest

from home.assigning import NAMES, assign
from tests.conftest import Clock
from tests.support.factories import make_user

PASSWORD = "right-horse-battery"


@pytest.fixture
def olena(site: Any, clock: Clock) -> Any:
    user = make_user("olena")
    user.email = "olena@example.org"
    user.set_password(PASSWORD)
    user.save()
    assign(user, NAMES["administrator"])
    return user
