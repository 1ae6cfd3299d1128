"""Totals are proven against the rows at night and when somebody asks; what is wrong is told."""

import io
import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from pytest_django import Settings

from operations import proving, tasks
from operations.models import Done
from signatures.models import Tally, fold_changes
from tests.conftest import Clock
from tests.support.counted import assert_exact
from tests.support.factories import confirmed
from tests.support.kinds import SmallSite

DIFFERS = (
    "Petition {} was at 4 signatures and 9 people, and its rows say 0 signatures and 1 people."
)


@pytest.fixture
def campaign(site: SmallSite) -> str:
    """Somebody signed for a city, and the campaign's tally was tampered with."""
    confirmed(site["portland"]["en"])
    fold_changes()
    petition = site["campaign"]["en"].petition
    assert petition
    assert Tally.objects.filter(petition=petition).update(signatures=4, people=9) == 1
    return str(petition.pk)


def recount(*options: str) -> str:
    out = io.StringIO()
    call_command("recount", *options, stdout=out)
    return out.getvalue()


def test_what_differs_is_told_and_put_right(
    campaign: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = recount()
    assert DIFFERS.format(campaign) in said
    assert "1 of 2 totals differed from the rows, and were put right." in said
    assert "100%  2 of 2" in capsys.readouterr().err
    assert_exact()
    assert recount() == "All 2 totals are what their rows say.\n"


def test_a_check_leaves_it_and_fails(campaign: str) -> None:
    for _time in range(2):
        out = io.StringIO()
        with pytest.raises(SystemExit, match="1"):
            call_command("recount", "--check", stdout=out)
        assert DIFFERS.format(campaign) in out.getvalue()
    assert not Done.objects.filter(what=Done.RECOUNT).exists()
    recount()
    assert "All 2 totals" in recount("--check")


def test_the_worker_puts_it_right_at_night_and_says_so(
    campaign: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        tasks.prove_totals()
        tasks.prove_totals()
    assert [each.getMessage() for each in caplog.records] == [
        f"{DIFFERS.format(campaign)} The total was put right."
    ]
    assert_exact()
    out = io.StringIO()
    call_command("status", stdout=out)
    assert "totals_put_right_last_day: 1 petitions, ALARM" in out.getvalue()


@pytest.mark.parametrize(
    ("hours", "hour", "is_due"),
    [
        (1, 3, False),
        (13, 3, True),
        (13, 12, False),
        (22, 12, False),
        (23, 12, True),
        (11, 2, False),
    ],
)
def test_once_a_day_and_at_night_where_a_worker_runs_then(
    db: None, settings: Settings, clock: Clock, hours: int, hour: int, is_due: bool
) -> None:
    settings.TIME_ZONE = "UTC"
    clock.now = datetime(2026, 3, 2, hour, tzinfo=UTC)
    assert proving.is_due(clock.now), "never yet"
    Done.note(Done.RECOUNT)
    Done.objects.update(at=clock.now - timedelta(hours=hours))
    assert proving.is_due(clock.now) == is_due
