"""A delivery of Portland's petition, which a few people have signed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F

from accounts.models import User
from campaigns.models import Delivery
from deliveries.packs import handing, making
from signatures.models import Signature
from signatures.shown import places
from tests.support.factories import confirmed, make_user
from tests.support.kinds import CityPages

Prepare = Callable[..., Delivery]


@pytest.fixture
def by(db: None) -> User:
    return make_user("Hander", is_superuser=True)


@pytest.fixture
def prepare(portland: CityPages, by: User) -> Prepare:
    """Prepares a delivery and does all steps of it."""

    def prepared(way: str = "print", email: str = "", steps: int = 20) -> Delivery:
        places.refresh()
        petition = portland["en"].petition
        delivery = handing.prepare(petition, by, way, ["en", "uk"], email)
        for _step in range(steps):
            if not making.step(delivery.pk):
                break
        delivery.refresh_from_db()
        return delivery

    return prepared


@pytest.fixture
def signers(portland: CityPages) -> list[Signature]:
    """The first lets the recipient read the name, the second is read by everybody.

    They signed yesterday: whatever the hour, that is no later day than Portland's of the delivery.
    """
    names = ["محمد علي 🌻", "Mary", "דוד כהן"]
    found = [
        confirmed(portland["en"], f"{number}@example.org", name=name, country="US")
        for number, name in enumerate(names)
    ]
    found[0].let_name(portland["en"].recipient)
    day = timedelta(days=1)
    Signature.objects.update(asked_at=F("asked_at") - day, confirmed_at=F("confirmed_at") - day)
    for row in found:
        row.refresh_from_db()
    return found
