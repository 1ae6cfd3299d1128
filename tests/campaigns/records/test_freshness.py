"""A status carries when it was checked and by whom; once nobody looks any more, nobody knows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from campaigns.models import City, CityName, Petition, Tie, TieEvent
from campaigns.records.freshness import AGING, STALE, Knowledge, older_than
from campaigns.records.turns import next_turn
from launches.building import launch_cities
from launches.csv_file import parse
from launches.planning import plan
from launches.running import start, take_back
from tests.accounts.roles import make_other_campaign
from tests.campaigns.asking import SNIPPETS, client_of, say_still_so
from tests.launches.tables import EUGENE, table
from tests.signatures.posting import post
from tests.support.kinds import SmallSite

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TERM = 90
DAY = timedelta(days=1)
SOURCE = {"source_title": "A report", "source_publisher": "A paper", "source_language": "en"}


def known(status: str, days: float | None, term: int | None = TERM) -> Knowledge:
    checked_at = None if days is None else NOW - timedelta(days=days)
    return Knowledge(Tie.Status(status), date(2022, 6, 4), checked_at, term, NOW)


@pytest.mark.parametrize(
    ("days", "is_due", "is_told", "age"),
    [
        (0, False, True, "Checked on Nov. 27, 2026."),
        (89.99, False, True, "Checked on Aug. 29, 2026."),
        (90, True, True, "Last checked on Aug. 29, 2026, more than 90 days ago."),
        (179.99, True, True, "Last checked on May 31, 2026, more than 90 days ago."),
        (180, True, False, "Last checked on May 31, 2026, more than 180 days ago."),
        (None, True, False, ""),
    ],
)
@pytest.mark.parametrize("status", AGING)
def test_a_status_grows_old_by_its_campaigns_term(
    status: str, days: float | None, is_due: bool, is_told: bool, age: str
) -> None:
    found = known(status, days)
    assert found.is_due is is_due
    assert found.told_status == (status if is_told else "unknown")
    assert found.last_known == ("" if is_told else f"last known: {status}, June 4, 2022")
    assert found.age_told == age


@pytest.mark.parametrize(
    ("status", "days", "won", "told"),
    [
        ("active", 8, 7, "unknown"),
        ("suspended", None, 7, "unknown"),
        # Somebody has looked since, or the status is that of the same day.
        ("active", 7, 7, "active"),
        ("active", 8, None, "active"),
        ("active", 8, (NOW.date() - date(2022, 6, 4)).days, "active"),
        ("ended", 8, 7, "ended"),
    ],
)
def test_once_a_demand_is_met_what_was_known_before_is_not_said_of_today(
    status: str, days: int | None, won: int | None, told: str
) -> None:
    won_on = None if won is None else NOW.date() - timedelta(days=won)
    found = replace(known(status, days, None), won_on=won_on)
    assert found.told_status == told
    if told != status:
        assert found.last_known == f"last known: {status}, June 4, 2022"
        assert found.age_told == ""


@pytest.mark.parametrize("days", [0, 10_000, None])
def test_what_has_ended_stays_so_and_without_a_term_nothing_grows_old(days: int | None) -> None:
    for found in (known("ended", days), known("unknown", days), known("active", days, None)):
        assert found.told_status == found.status
        assert not found.is_due
        assert found.last_known == ""


@pytest.fixture
def term(site: SmallSite) -> int:
    Petition.objects.filter(parent=None).update(check_days=TERM)
    return TERM


def checked(site: SmallSite, days: float | None) -> Tie:
    """Portland's tie, as long after its last check."""
    tie: Tie = site["portland"]["en"].tie
    moment = None if days is None else timezone.now() - timedelta(days=days)
    Tie.objects.filter(pk=tie.pk).update(checked_at=moment)
    return Tie.objects.get(pk=tie.pk)


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", [*TieEvent.Kind, None])
@pytest.mark.parametrize("days", [1, 91, 200, None])
def test_the_database_says_of_its_age_what_a_tie_says(
    site: SmallSite, term: int, kind: str | None, days: int | None
) -> None:
    tie = checked(site, days)
    if kind:
        tie.events.update(kind=kind)
    else:
        tie.events.all().delete()
    petition = Petition.objects.get(pk=site["portland"]["en"].petition_id)
    assert petition.known
    for terms in (1, STALE):
        found = older_than(Tie.objects.all(), terms * term, petition.known.now)
        assert found.exists() is petition.known.is_older_than(terms)
    (city,) = site["campaign"]["en"].city_rows()
    assert city.known == petition.known


@pytest.mark.parametrize(
    ("language", "unknown"),
    [
        ("en", "unknown; last known: active, June 4, 2022"),
        ("uk", "стан невідомий; востаннє відомо: чинне, 4 червня 2022 р."),
    ],
)
def test_past_twice_the_term_pages_say_that_it_is_unknown_and_people_sign_on(
    site: SmallSite, term: int, language: str, unknown: str
) -> None:
    page = site["portland"][language]
    checked(site, 2 * term + 1)
    soup = BeautifulSoup(Client().get(page.url).content.decode(), "html.parser")
    facts = " ".join(soup.select(".tie figcaption")[0].get_text().split())
    assert unknown in facts
    tracker = Client().get(f"/{language}/end-ties/cities/?status=unknown").content.decode()
    tracker = " ".join(tracker.split())
    assert "status--unknown" in BeautifulSoup(tracker, "html.parser").select("tbody")[0].decode()
    assert unknown.partition("; ")[2] in tracker
    assert "share--unknown" in tracker.partition("<figcaption")[0]
    data = Client().get(f"/api/petitions/{page.petition_id}/").json()
    assert data["tie"]["status"] == "unknown"
    assert data["tie"]["checked_at"][:4].isdigit()
    assert data["is_open"] is True
    assert post(page).status_code == 303


@pytest.mark.parametrize("terms", [1, 2])
def test_the_moment_of_growing_old_is_one_at_which_pages_change(
    site: SmallSite, term: int, terms: int
) -> None:
    ahead = timedelta(hours=3)
    checked(site, terms * term - ahead / DAY)
    moment = next_turn()
    assert moment
    assert abs(moment - timezone.now() - ahead) < timedelta(minutes=1)
    Petition.objects.update(check_days=None)
    later = next_turn()
    assert later
    assert later > moment + 30 * DAY


@pytest.mark.parametrize("days", [10, 91, None])
def test_one_press_says_that_it_is_still_so(site: SmallSite, term: int, days: int | None) -> None:
    tie = checked(site, days)
    client = client_of("olena", publish=True)
    home = client.get("/admin/").text
    address, data = say_still_so(site["portland"]["en"])
    form = BeautifulSoup(home, "html.parser").select_one(f"form[action='{address}']")
    assert bool(form) is (days != 10)
    if form:
        sent = {str(each["name"]): each["value"] for each in form.select("input")}
        assert sent.pop("csrfmiddlewaretoken")
        assert sent == data
    assert client.post(address, data).status_code == 302
    tie.refresh_from_db()
    assert tie.checked_at
    assert timezone.now() - tie.checked_at < DAY
    assert str(tie.checked_by) == "olena"
    assert address not in client.get("/admin/").text
    assert "by olena" in client.get(f"{SNIPPETS}/tie/").text
    noted = ModelLogEntry.objects.get(action="campaigns.check_tie")
    assert noted.data == {"status": "active"}


def test_nobody_says_still_so_of_what_changed_meanwhile(site: SmallSite, term: int) -> None:
    tie = checked(site, 100)
    address, data = say_still_so(site["portland"]["en"])
    tie.events.update(kind="ended")
    response = client_of("olena", publish=True).post(address, data)
    assert "Any change?" in response.text
    [button] = BeautifulSoup(response.text, "html.parser").select(
        "form button:-soup-contains('No change')"
    )
    assert button["class"] == ["button"], "red is for what can’t be undone"
    assert Tie.objects.get(pk=tie.pk).checked_at == tie.checked_at


def test_the_ties_of_others_are_not_for_them_to_check(site: SmallSite, term: int) -> None:
    tie = checked(site, 100)
    other = make_other_campaign(site)
    client = client_of("taras", place=other["en"].slug, publish=True)
    address, data = say_still_so(site["portland"]["en"])
    assert address not in client.get("/admin/").text
    assert client.post(address, data).status_code == 404
    assert Tie.objects.get(pk=tie.pk).checked_at == tie.checked_at


def test_an_event_that_is_entered_is_a_check_of_that_day(
    site: SmallSite, term: int, admin: Client
) -> None:
    tie = checked(site, 100)
    address = f"{SNIPPETS}/tieevent/add/"
    form = admin.get(f"{address}?tie={tie.pk}&kind=reported").text
    assert f'value="{tie.pk}"' in form
    data = {"tie": tie.pk, "kind": "reported", "date": "2023-05-01", **SOURCE}
    assert admin.post(address, {**data, "source_url": "", "archived_url": ""}).status_code == 302
    tie.refresh_from_db()
    assert tie.checked_at
    assert timezone.now() - tie.checked_at < DAY
    assert str(tie.checked_by) == "boss"


def launch(site: SmallSite, **says: str) -> Tie:
    """What is known of a tie after a table says this of it."""
    row = {**EUGENE, **says}
    rows = parse("c", table(row, columns=[*row]).encode(), ["en", "uk"])
    launch_cities(site["campaign"]["en"], rows, publish=False)
    return Tie.objects.get(city__key="eugene-oregon")


def test_a_launch_is_a_check_on_the_day_that_its_table_names_alone(site: SmallSite) -> None:
    assert launch(site).checked_at is None
    told = launch(site, checked_at="2026-03-01").checked_at
    assert told
    assert str(told.astimezone(ZoneInfo("America/Los_Angeles"))) == "2026-03-01 12:00:00-08:00"
    # Neither an older table nor one that is silent takes back what somebody saw.
    assert launch(site, checked_at="2026-02-01").checked_at == told
    assert launch(site).checked_at == told


def test_a_check_of_one_status_is_none_of_the_next(site: SmallSite) -> None:
    launch(site, checked_at="2026-03-01")
    tie = launch(site, status="suspended", status_date="2026-02-01")
    assert (tie.status, tie.checked_at) == (Tie.Status.SUSPENDED, None)
    # What a table says of a status that holds no longer is no check of that which does.
    assert launch(site, checked_at="2026-04-01").checked_at is None


def test_a_launch_that_is_undone_leaves_no_check(site: SmallSite) -> None:
    tie = launch(site, checked_at="2026-03-01")
    row = {**EUGENE, "status": "suspended", "status_date": "2026-04-01", "checked_at": "2026-05-01"}
    [launched] = parse("c", table(row, columns=[*row]).encode(), ["en", "uk"])
    petition = site["campaign"]["en"].petition
    assert petition
    made = start(petition, None, [launched.as_json()], publish=False)
    tie.refresh_from_db()
    assert tie.checked_at
    assert tie.checked_at.month == 5
    take_back(made)
    before = Tie.objects.get(pk=tie.pk)
    assert (before.status, before.checked_at) == (Tie.Status.ACTIVE, None)


@pytest.mark.parametrize(("checked_at", "is_told"), [("", True), ("2026-03-01", False)])
def test_a_plan_tells_what_nobody_has_checked(
    site: SmallSite, term: int, checked_at: str, is_told: bool
) -> None:
    row = {**EUGENE, "checked_at": checked_at}
    rows = parse("c", table(row, columns=[*row]).encode(), ["en", "uk"])
    [planned] = plan(site["campaign"]["en"], [each.as_json() for each in rows], publish=False)
    assert ("call it unknown" in " ".join(planned.notes)) is is_told


@pytest.mark.usefixtures("demo", "db")
def test_the_demo_is_checked_by_its_editor_on_the_day_on_which_it_is_made() -> None:
    checks = set(Tie.objects.values_list("checked_by__username", "checked_at__date"))
    assert [name for name, _day in checks] == ["editor"]
    html = Client().get("/en/end-sister-city-ties/portland-oregon/").text
    assert "Checked on" in html


def test_many_due_ties_cost_the_home_no_more_than_few(
    site: SmallSite, term: int, admin: Client
) -> None:
    def queries() -> tuple[int, str]:
        admin.get("/admin/")
        with CaptureQueriesContext(connection) as caught:
            html = admin.get("/admin/").text
        return len(caught), html

    campaign, sister = site["campaign"]["en"].petition, site["portland"]["en"].tie.sister_city
    few, _html = queries()
    for number in range(12):
        city = City.objects.create(key=f"town-{number}", region="Oregon", country="US")
        CityName.english(city, f"Town {number}").save()
        tie = Tie.objects.create(city=city, sister_city=sister)
        TieEvent.objects.create(tie=tie, kind="suspended", date="2022-03-01", **SOURCE)
        zone = "America/Los_Angeles"
        Petition.objects.create(tie=tie, parent=campaign, time_zone=zone)
    many, html = queries()
    assert many == few
    assert html.count("/still-so/") == 10
    assert "All 13 due for a check" in html
    assert (
        len(
            BeautifulSoup(admin.get(f"{SNIPPETS}/tie/?due=true").text, "html.parser").select(
                "#listing-results tbody tr"
            )
        )
        == 13
    )
