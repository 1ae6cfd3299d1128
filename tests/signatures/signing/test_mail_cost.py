"""What a mail asks of the database, and that threads which send side by side leave nothing."""

import uuid
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.models import Job
from jobs.worker import do_next, drain
from signatures.models import Allowance, Submission
from signatures.signing import allowances, emails
from tests.support.factories import confirmed, make_city_petition, make_submission
from tests.support.kinds import CityPages, SmallSite

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def queries_of_a_mail() -> int:
    with CaptureQueriesContext(connection) as queries:
        assert do_next()
    return len(queries)


def test_a_mail_takes_few_queries_however_many_petitions_it_is_about(site: SmallSite) -> None:
    pages = [site["campaign"]["en"], site["portland"]["en"]]
    pages.append(make_city_petition(site["campaign"], "Tacoma", "Washington")["en"])
    drain()
    make_submission(pages[0], "warm@example.org")
    drain()
    make_submission(pages[0], "one@example.org")
    one = queries_of_a_mail()
    for page in pages:
        make_submission(page, "several@example.org")
    several = queries_of_a_mail()
    assert [len(each.to) for each in mail.outbox] == [1, 1, 1]
    assert str(mail.outbox[-1].body).count("/confirm/") == len(pages)
    assert one <= 15
    assert several == one


@pytest.mark.parametrize("confirmed_before", [False, True])
def test_of_two_jobs_for_a_mailbox_the_slower_one_takes_what_is_left(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch, confirmed_before: bool
) -> None:
    if confirmed_before:
        confirmed(portland["en"], name="Olena")
        drain()
    first, second = (make_submission(portland["en"], comment=each) for each in ("a", "b"))
    other = uuid.uuid4()
    bind = emails.bind

    def too_late(submissions: list[Submission], job: str) -> bool:
        monkeypatch.setattr(emails, "bind", bind)
        Submission.objects.filter(pk=first.pk).update(job=other)
        return bind(submissions, job)

    monkeypatch.setattr(emails, "bind", too_late)
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
