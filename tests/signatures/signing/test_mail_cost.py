"""What a mail asks of the database, and that threads which send side by side leave nothing."""

import math
import uuid
from collections.abc import Collection
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from jobs.worker import do_next, drain
from signatures.models import Allowance, Submission, site_key
from signatures.signing import allowances, due
from signatures.signing.due import Due
from tests.support.factories import confirmed, make_city_petition, make_submission
from tests.support.kinds import CityPages, SmallSite

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


TOGETHER = 20


def queries_of(number: int) -> int:
    """Of so many jobs that are done together."""
    with CaptureQueriesContext(connection) as queries:
        assert do_next() == number
    return len(queries)


@pytest.fixture
def pages(site: SmallSite) -> list[Any]:
    made = [site["campaign"]["en"], site["portland"]["en"]]
    made.append(make_city_petition(site["campaign"], "Tacoma", "Washington")["en"])
    make_submission(made[0], "warm@example.org")
    drain()
    mail.outbox.clear()
    return made


def test_a_mail_takes_few_queries_however_many_petitions_it_is_about(pages: list[Any]) -> None:
    make_submission(pages[0], "one@example.org")
    one = queries_of(1)
    for page in pages:
        make_submission(page, "several@example.org")
    Job.objects.exclude(pk=Job.objects.order_by("run_at")[0].pk).delete()
    several = queries_of(1)
    assert str(mail.outbox[-1].body).count("/confirm/") == len(pages)
    assert one <= 16
    assert several == one


def test_mails_that_are_due_together_take_two_queries_each_and_some_for_all(
    pages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    # As on a site, where it is asked for twice a second.
    monkeypatch.setattr(site_key, "key", site_key())
    monkeypatch.setattr(site_key, "until", math.inf)
    make_submission(pages[0], "one@example.org")
    alone = queries_of(1)
    for number in range(TOGETHER):
        make_submission(pages[number % 3], f"signer{number}@example.org")
    together = queries_of(TOGETHER)
    assert len({each.to[0] for each in mail.outbox}) == len(mail.outbox) == TOGETHER + 1
    # Whether it is still to be sent so, and that it was: the latter one that is alone has, too.
    assert together <= alone + 2 * TOGETHER - 1


@pytest.mark.parametrize("confirmed_before", [False, True])
def test_of_two_jobs_for_a_mailbox_the_slower_one_takes_what_is_left(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch, confirmed_before: bool
) -> None:
    if confirmed_before:
        confirmed(portland["en"], name="Olena")
        drain()
    first, second = (make_submission(portland["en"], comment=each) for each in ("a", "b"))
    other = uuid.uuid4()
    bind = due.bind

    def too_late(mails: Collection[Due]) -> bool:
        monkeypatch.setattr(due, "bind", bind)
        Submission.objects.filter(pk=first.pk).update(job=other)
        return bind(mails)

    monkeypatch.setattr(due, "bind", too_late)
    assert do_next()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.job, first.mailed_at) == (other, None)
    assert second.mailed_at
    assert len(mail.outbox) == 1


def test_a_holder_goes_on_with_its_own_and_others_take_one_each() -> None:
    kind: Any = Allowance.Kind.MAIL
    holders = [uuid.uuid4() for _number in range(allowances.A_DAY)]
    assert all(allowances.take_allowance("box", kind, each) for each in holders)
    assert not allowances.take_allowance("box", kind, uuid.uuid4())
    assert not allowances.take_allowance("box", kind)
    assert all(allowances.take_allowance("box", kind, each) for each in reversed(holders))
    taken = Allowance.objects.filter(mailbox="box").order_by("number")
    assert list(taken.values_list("holder", flat=True)) == holders
    assert allowances.take_allowance("box", Allowance.Kind.TRY), "of each kind so many"
    allowances.give_back("box", kind)
    assert allowances.take_allowance("box", kind, uuid.uuid4())
    assert not Job.objects.exists()
