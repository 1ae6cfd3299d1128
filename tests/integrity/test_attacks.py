"""Floods of scripted signatures are held while people sign beside them."""

import random

import pytest

from campaigns.models import CampaignPage
from tests.conftest import Clock
from tests.integrity.attacks import SHAPES, Hour, attack, crowd
from tests.support.kinds import CityPages

pytestmark = pytest.mark.django_db
SCRIPTED = 320


@pytest.mark.parametrize("name", SHAPES)
def test_an_attack_is_held_within_ten_minutes_and_people_are_not(
    portland: CityPages, clock: Clock, name: str
) -> None:
    """A small part of what `bench/attack.py` measures."""
    CampaignPage.objects.update(first_countries="US, UA")
    chance = random.Random(7)
    visits = [*crowd(chance, 30), *attack(SHAPES[name], chance, SCRIPTED)]

    def go_to(moment: object) -> None:
        clock.now = moment  # type: ignore[assignment]

    outcome = Hour(portland["en"], clock.now, go_to).run(visits)
    assert outcome.missed <= SCRIPTED * 0.01
    assert outcome.wronged == 0
    assert outcome.counted[True] == 0
