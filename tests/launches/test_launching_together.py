"""Several editors launch at the same moment, each by a worker of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from campaigns.models import CampaignPage, City, CityName, Petition, PetitionPage, Tie
from launches import running
from launches.csv_file import parse
from launches.models import Launch
from signatures.models import Signature
from tests.launches.tables import UKRAINIAN, city, table
from tests.signatures.posting import OWN, address, fields
from tests.support.factories import make_user
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in

pytestmark = pytest.mark.django_db(transaction=True)
CITIES = 4


@pytest.fixture
def campaign(transactional_site: SmallSite) -> CampaignPage:
    return CampaignPage.objects.get(pk=transactional_site["campaign"]["en"].pk)


def start(campaign: CampaignPage, numbers: list[int]) -> Launch:
    assert campaign.petition
    rows = parse(
        "c.csv", table(*(city(number, **UKRAINIAN) for number in numbers)).encode(), ["uk"]
    )
    return running.start(campaign.petition, None, [row.as_json() for row in rows], True)


def together(*tasks: Callable[[], Any]) -> list[Any]:
    """Runs each in a thread and with a connection of its own, beginning at the same moment."""
    barrier = Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> object:
        try:
            barrier.wait(10)
            return task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def work(launch: Launch) -> Callable[[], None]:
    """As the worker does it, which comes back later when the database is busy."""

    def steps() -> None:
        while True:
            try:
                if not running.step(str(launch.pk)):
                    return
            except OperationalError:
                continue

    return steps


def test_the_same_table_launched_twice_at_once_makes_each_city_once(
    campaign: CampaignPage,
) -> None:
    launches = [start(campaign, list(range(CITIES))) for _each in range(2)]
    together(*map(work, launches))
    found = [Launch.objects.get(pk=launch.pk) for launch in launches]
    assert [launch.state for launch in found] == [Launch.State.DONE] * 2
    assert sum(len(launch.made("petitions")) for launch in found) == CITIES
    assert PetitionPage.objects.filter(slug__startswith="town-", live=True).count() == 2 * CITIES
    assert Page.find_problems() == ([], [], [], [], [])
    admin = logged_in(make_user("root", is_superuser=True))
    shown = [
        admin.get(reverse("launch_progress", args=[launch.pk])).content.decode()
        for launch in launches
    ]
    words = "there already and stay"
    assert sum(words in page for page in shown) >= 1


def test_tables_that_share_cities_are_launched_at_once(campaign: CampaignPage) -> None:
    launches = [start(campaign, [1, 2, 3]), start(campaign, [3, 4, 5])]
    together(*map(work, launches))
    assert set(Launch.objects.values_list("state", flat=True)) == {Launch.State.DONE}
    assert City.objects.filter(key__startswith="town-").count() == 5
    assert CityName.objects.filter(city__key__startswith="town-").count() == 10
    assert Tie.objects.filter(city__key__startswith="town-").count() == 5
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_launch_taken_back_while_somebody_signs_is_gone_or_stays_whole(
    campaign: CampaignPage,
) -> None:
    launch = start(campaign, [1])
    work(launch)()
    page = PetitionPage.objects.get(slug="town-1-oregon", locale=campaign.locale)
    details = fields(page)

    def take_back() -> bool:
        try:
            running.take_back(Launch.objects.get(pk=launch.pk))
        except running.SignedError:
            return False
        return True

    def sign() -> int:
        return Client(raise_request_exception=False).post(address(page), details, **OWN).status_code

    is_gone, _code = together(take_back, sign)
    there = Petition.objects.filter(pk=page.petition_id).exists()
    assert there is not is_gone
    assert PetitionPage.objects.filter(petition=page.petition_id).count() == (0 if is_gone else 2)
    assert Signature.objects.count() == (0 if is_gone else 1)
