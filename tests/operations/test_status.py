"""Whoever watches the site reads how it goes, and is told what is wrong."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from jobs.models import Heartbeat, Job
from operations.models import Done
from operations.status import ENOUGH_MAILS, REFUSED_AN_HOUR, figures
from security import limits
from security.models import PolicyReport, Refused
from signatures.models import Submission, Tally
from tests.support.factories import make_submission
from tests.support.kinds import SmallSite


def told() -> dict[str, Any]:
    out = io.StringIO()
    call_command("status", "--json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    assert "olena" not in out.getvalue()
    return found


@pytest.fixture
def well(db: None) -> None:
    Heartbeat.beat()
    Done.note(Done.BACKUP)
    Done.note(Done.ERASURES)
    Done.note(Done.RECOUNT)


def test_all_is_well(well: None) -> None:
    assert told()["alarms"] == []
    call_command("status", "--check", stdout=io.StringIO())


def test_a_site_that_nobody_looks_after_says_so(db: None) -> None:
    never = ["worker_seen_ago", "backup_ago", "erasures_listed_ago", "totals_proven_ago"]
    assert told()["alarms"] == never
    with pytest.raises(SystemExit):
        call_command("status", "--check", stdout=io.StringIO())


def past(**some: int) -> Any:  # noqa: ANN401 - a moment
    return timezone.now() - timedelta(**some)


def make_low_rate(site: SmallSite) -> None:
    first = make_submission(site["portland"]["en"])
    Submission.objects.update(mailed_at=timezone.now())
    first.refresh_from_db()
    rows = [
        Submission(
            signature=first.signature,
            text=first.text,
            language="en",
            details=first.details,
            content_key=str(number),
            mailbox="x",
            is_waiting=False,
            mailed_at=timezone.now(),
        )
        for number in range(ENOUGH_MAILS)
    ]
    Submission.objects.bulk_create(rows)
    Job.objects.all().delete()


WRONG: dict[str, Any] = {
    "worker_seen_ago": lambda site: Heartbeat.objects.update(at=past(minutes=6)),
    "queue_waits": lambda site: Job.objects.create(kind="x", run_at=past(minutes=6)),
    "jobs_given_up": lambda site: Job.objects.create(kind="x", failed_at=timezone.now()),
    "limits_hit_this_hour": lambda site: Refused.objects.create(
        hour=timezone.now().replace(minute=0, second=0, microsecond=0), number=REFUSED_AN_HOUR + 1
    ),
    "confirm_rate_last_hour": make_low_rate,
    "policy_reports_last_day": lambda site: PolicyReport.objects.create(
        directive="script-src", blocked="inline", page="en/"
    ),
    "backup_ago": lambda site: Done.objects.filter(what="backup").update(at=past(hours=27)),
    "erasures_listed_ago": lambda site: Done.objects.filter(what="erasures").update(
        at=past(minutes=16)
    ),
    "totals_proven_ago": lambda site: Done.objects.filter(what="recount").update(at=past(hours=27)),
    "totals_put_right_last_day": lambda site: Tally.objects.update_or_create(
        petition=site["portland"]["en"].petition, defaults={"mended_at": timezone.now()}
    ),
}


def test_every_figure_has_its_alarm(site: SmallSite, well: None) -> None:
    assert {figure.name for figure in figures()} == WRONG.keys(), "a figure that nobody tries"


@pytest.mark.parametrize("name", WRONG)
def test_an_alarm_is_told(site: SmallSite, well: None, name: str) -> None:
    WRONG[name](site)
    assert told()["alarms"] == [name]


def test_what_is_refused_is_counted(well: None) -> None:
    limit = limits.Limit("key", limits.Rate(1, 60))
    assert [bool(limits.take([limit])) for _number in range(4)] == [False, True, True, True]
    assert told()["limits_hit_this_hour"] == 3
