"""The time zone of a launched city's petition: from the table, else from its state, else refused."""

from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from campaigns.models import CampaignPage, City, Petition, Tie
from campaigns.pages.states import US_STATES
from jobs.worker import drain
from launches import running
from launches.columns import COLUMNS
from launches.csv_file import parse
from launches.state_zones import DIVIDED, STATES, zone_of_state
from tests.launches.tables import EUGENE, UKRAINIAN, problems, record, table, upload

WITH_ZONE = [*COLUMNS, *UKRAINIAN, "time_zone"]


def test_every_state_has_one_zone_that_exists() -> None:
    states = [state for each in STATES.values() for state in each]
    assert sorted(states) == sorted(US_STATES)
    assert set(DIVIDED) <= set(states)
    assert all(ZoneInfo(zone) for zone in STATES)


@pytest.mark.parametrize(
    ("state", "zone"),
    [
        ("Oregon", "America/Los_Angeles"),
        ("new york", "America/New_York"),
        ("Arizona", "America/Phoenix"),
        ("Khabarovsk Krai", ""),
    ],
)
def test_a_state_tells_its_zone(state: str, zone: str) -> None:
    assert zone_of_state(state) == zone


@pytest.mark.parametrize(
    ("written", "zone"), [("", "America/Los_Angeles"), ("America/Boise", "America/Boise")]
)
def test_a_launch_takes_the_tables_zone_else_the_states(
    campaign: CampaignPage, written: str, zone: str
) -> None:
    rows = parse(
        "c", table({**EUGENE, "time_zone": written}, columns=WITH_ZONE).encode(), ["en", "uk"]
    )
    running.start(record(campaign), None, [row.as_json() for row in rows], publish=False)
    drain()
    assert Petition.objects.get(tie__city__key="eugene-oregon").time_zone == zone


def test_a_place_whose_zone_we_do_not_know_has_to_name_it() -> None:
    abroad = {**EUGENE, "state": "British Columbia"}
    [(line, column, reason)] = problems(table(abroad))
    assert (line, column) == (2, "time_zone")
    assert "we do not know the time zone of British Columbia" in reason
    named = table({**abroad, "time_zone": "America/Vancouver"}, columns=WITH_ZONE)
    assert parse("c", named.encode(), ["en", "uk"])[0].time_zone == "America/Vancouver"


@pytest.mark.parametrize(
    ("state", "written", "is_noted"),
    [("Oregon", "", True), ("Oregon", "America/Boise", False), ("Iowa", "", False)],
)
def test_the_plan_names_the_zone_and_says_where_a_state_has_another(
    admin: Client, campaign: CampaignPage, state: str, written: str, is_noted: bool
) -> None:
    text = table({**EUGENE, "state": state, "time_zone": written}, columns=WITH_ZONE)
    shown = admin.post(reverse("launch", args=[campaign.pk]), upload(text)).content.decode()
    assert (written or zone_of_state(state)) in shown
    assert ("Part of this state is in another time zone" in shown) is is_noted


def test_a_known_tie_of_a_place_without_a_zone_is_refused(
    admin: Client, campaign: CampaignPage
) -> None:
    cities = [
        City.objects.create(key=key, region=region, country=country)
        for key, region, country in (("a-b", "Oregon", "CA"), ("c-d", "D", "RU"))
    ]
    tie = Tie.objects.create(city=cities[0], sister_city=cities[1])
    response = admin.post(reverse("launch", args=[campaign.pk]), {"ties": [tie.pk]})
    assert response.status_code == 422
    assert "We do not know the time zone of: A B, Oregon, CA." in response.content.decode()


@pytest.mark.django_db
def test_no_petition_is_without_a_time_zone() -> None:
    with pytest.raises(IntegrityError, match="petition_names_its_time_zone"):
        Petition.objects.create()
