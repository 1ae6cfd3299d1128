"""Whoever signs, folds, proves and mends at the same moment: nobody is lost or counted twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, Event
from typing import Any, cast

import pytest
from django.db import connection, transaction
from django.utils import timezone

from campaigns.models import CampaignPage, Round
from signatures import counts, lifecycle, tallies
from signatures.keeping.rounds import close_round
from signatures.models import Signature, Submission, Tally, TallyChange, fold_changes
from signatures.signing.confirming import confirm_submission, erase_signature
from tests.support.counted import assert_exact
from tests.support.factories import confirmed, make_city_petition, make_submission
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4


@pytest.fixture
def cities(transactional_site: SmallSite) -> list[Any]:
    """The English pages of two cities of one campaign."""
    pages = transactional_site["campaign"]
    campaign = {code: CampaignPage.objects.get(pk=page.pk) for code, page in pages.items()}
    tacoma = make_city_petition(campaign, "Tacoma", "Washington")
    return [transactional_site["portland"]["en"], tacoma["en"]]


def in_thread(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connection.close()


def test_one_person_who_confirms_in_two_cities_at_once_is_one(cities: list[Any]) -> None:
    sent = [
        [make_submission(page, f"{number}@example.org") for page in cities]
        for number in range(PEOPLE)
    ]
    gone = [confirmed(page, "gone@example.org") for page in cities]
    together, is_over = Barrier(len(cities)), Event()

    def confirm(place: int) -> None:
        for both in sent:
            together.wait(60)
            assert confirm_submission(both[place])
        erase_signature(gone[place])

    def fold() -> None:
        while not is_over.wait(0.01):
            fold_changes()

    def watch() -> list[object]:
        """Every look finds totals and rows alike, in the midst of everything."""
        found: list[object] = []
        while not is_over.wait(0.01):
            found += filter(None, tallies.recount(mends=False))
        return found

    with ThreadPoolExecutor(5) as pool:
        folding = [pool.submit(in_thread, fold) for _worker in range(2)]
        watching = pool.submit(in_thread, watch)
        signing = [pool.submit(in_thread, partial(confirm, place)) for place in (0, 1)]
        try:
            for each in signing:
                each.result(120)
        finally:
            is_over.set()
        for each in folding:
            each.result(60)
        assert watching.result(60) == []
    assert_exact()
    campaign = cities[0].petition.parent
    assert counts.people_of(campaign) == PEOPLE
    assert [counts.signatures_of(page.petition) for page in cities] == [PEOPLE, PEOPLE]


def test_two_who_mend_at_once_mend_once(cities: list[Any]) -> None:
    confirmed(cities[0])
    fold_changes()
    Tally.objects.update(signatures=100, people=100)
    found = [tallies.drift_of(page.petition_id) for page in (cities[0], cities[0])]
    confirmed(cities[0], "taras@example.org")
    fold_changes()
    for drift in found:
        assert drift
        tallies.mend(drift)
    assert counts.signatures_of(cities[0].petition) == 2


def test_nobody_who_confirms_waits_for_another_or_for_a_worker(cities: list[Any]) -> None:
    """While one confirms and a worker folds, neither of them at its end, another confirms.

    SQLite lets one write at a time, whatever is written: there, the other goes after them.
    """
    first, second = (make_submission(cities[0], f"{number}@example.org") for number in (1, 2))
    confirmed(cities[1], "before@example.org")
    folded, may_end = Event(), Event()

    def fold_and_dawdle() -> None:
        with transaction.atomic():
            fold_changes()
            folded.set()
            may_end.wait(60)

    with ThreadPoolExecutor(2) as pool:
        folding = pool.submit(in_thread, fold_and_dawdle)
        assert folded.wait(60)
        if connection.vendor == "sqlite":
            may_end.set()
            folding.result(60)
        with transaction.atomic():
            confirm_submission(first)
            if connection.vendor == "postgresql":
                confirming = pool.submit(in_thread, lambda: confirm_hastily(second))
                assert confirming.result(60)
                assert counts.signatures_of(cities[0].petition) == 2
        if connection.vendor == "sqlite":
            assert confirm_submission(second)
        may_end.set()
        folding.result(60)
    assert_exact()
    assert TallyChange.objects.count() == 2


def confirm_hastily(submission: Submission) -> Signature | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = 1000")
        return confirm_submission(submission)


def test_a_round_that_is_closed_while_people_sign_loses_nobody_and_counts_nobody_twice(
    cities: list[Any],
) -> None:
    page, petition = cities[0], cities[0].petition
    addresses = [f"{number}@example.org" for number in range(3 * PEOPLE)]
    waiting = [make_submission(page, address) for address in addresses]
    leaving = [confirmed(page, f"gone-{address}") for address in addresses]
    for address in addresses:
        confirmed(page, f"again-{address}", country="UA")
    changes = [make_submission(page, f"again-{address}", country="US") for address in addresses]
    together = Barrier(4)

    def each(work: Callable[[Any], object], rows: list[Any]) -> list[object]:
        together.wait(60)
        return [work(row) for row in rows]

    def close() -> Round:
        together.wait(60)
        with transaction.atomic():
            return close_round(petition, timezone.now())

    with ThreadPoolExecutor(4) as pool:
        deeds = [
            pool.submit(in_thread, partial(each, confirm_submission, waiting)),
            pool.submit(in_thread, partial(each, lifecycle.withdraw, leaving)),
            pool.submit(in_thread, partial(each, confirm_submission, changes)),
        ]
        pool.submit(in_thread, close).result(120)
        for deed in deeds:
            assert all(cast(list[object], deed.result(120)))
    assert_exact()
    closed = petition.rounds.get()
    signed = Signature.objects.confirmed().filter(petition=petition)
    assert signed.filter(round=None).count() == counts.signatures_of(petition)
    # Who was counted as it closed, and took it back since, counted then.
    left = Signature.objects.filter(round=closed, status="withdrawn").count()
    in_it = signed.filter(round=closed).count()
    assert in_it <= closed.signatures <= in_it + left
    # Each of those who went on stands in one round or, having signed again, in both.
    assert signed.filter(round=None).count() + in_it >= 2 * len(addresses)
