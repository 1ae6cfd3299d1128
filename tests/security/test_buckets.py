"""What fills a bucket, how long whoever comes late has to wait, and who shares one."""

import re

import pytest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from security import limits
from security.limits import OF_NETWORK, Limit, Rate, keyed_hash, networks, parsed
from security.models import Bucket, DayKey, Refused
from tests.conftest import Clock

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

THREE = Rate(at_once=3, seconds=10)
ONE = Limit("one", THREE)
SLOW = Limit("slow", Rate(at_once=1, seconds=100))


def refused() -> int:
    return sum(Refused.objects.values_list("number", flat=True))


def test_so_many_go_in_at_once_then_one_more_each_so_many_seconds(clock: Clock) -> None:
    assert [limits.take([ONE]) for _time in range(3)] == [0.0] * 3
    assert limits.take([ONE]) == 5.0
    assert refused() == 1
    clock.go_on(seconds=5)
    assert limits.take([ONE]) == 0.0
    assert 0 < limits.take([ONE]) <= 10
    assert refused() == 2


def test_one_bucket_is_one_statement(
    clock: Clock, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        limits.take([ONE])


def test_no_bucket_is_no_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        limits._fill([])


def test_of_several_all_are_filled_or_none_and_the_longest_wait_is_told(clock: Clock) -> None:
    other = Limit("other", Rate(at_once=1, seconds=10))
    assert limits.take([ONE, SLOW, other]) == 0.0
    assert limits.take([other, SLOW, ONE]) == limits._wait(SLOW, clock.time()) == 50.0
    assert refused() == 1
    assert [limits.take([ONE]) for _time in range(3)] == [0.0, 0.0, 5.0], "only once so far"


def test_an_act_that_is_done_several_times_fills_as_much(clock: Clock) -> None:
    twice = Limit("one", THREE, times=2)
    assert limits.take([twice]) == 0.0
    assert limits.take([twice]) > 0
    assert limits.take([ONE]) == 0.0
    assert limits.take([ONE]) > 0


def test_a_bucket_is_full_when_no_more_goes_in_and_has_room_when_some_is_taken_out(
    clock: Clock,
) -> None:
    assert not limits.is_full(ONE)
    limits.take([Limit("one", THREE, times=2)])
    assert not limits.is_full(ONE)
    limits.take([ONE])
    limits.take([SLOW])
    assert limits.is_full(ONE)
    limits.give_back([ONE])
    assert not limits.is_full(ONE)
    assert limits.is_full(SLOW), "a neighbor's is as it was"
    clock.go_on(seconds=49.5)
    assert limits.is_full(SLOW), "for half a second more"
    clock.go_on(seconds=0.5)
    assert not limits.is_full(SLOW), "to the moment"


def test_room_is_waited_for_no_longer_than_it_takes(clock: Clock) -> None:
    assert limits._wait(ONE, clock.time()) == 0.0
    limits.take([SLOW])
    assert limits._wait(SLOW, clock.time()) == 50.0
    assert limits._wait(SLOW, clock.time() + 60) == 0.0


def test_a_campus_has_three_hundred_at_once_and_one_more_each_three_seconds() -> None:
    assert Rate(300, 3) == OF_NETWORK


@pytest.mark.parametrize(
    ("address", "around"),
    [
        ("203.0.113.7", ["203.0.113.7/32", "203.0.113.0/24"]),
        ("2001:db8:1:2:3::1", ["2001:db8:1:2::/64", "2001:db8:1::/48"]),
        ("nobody", ["", ""]),
    ],
)
def test_the_network_around_an_address_is_a_providers_smallest(
    address: str, around: list[str]
) -> None:
    assert networks(parsed(address)) == around


def test_a_laptop_is_not_limited_by_itself_and_each_network_wants_a_rate(
    rf: RequestFactory, settings: Settings
) -> None:
    request = rf.get("/", REMOTE_ADDR="127.0.0.1")
    settings.LIMIT_LOOPBACK = False
    assert limits.network_limits(request, "sign") == []
    settings.LIMIT_LOOPBACK = True
    assert len(limits.network_limits(request, "sign")) == 2
    with pytest.raises(ValueError, match="zip"):
        limits.network_limits(request, "sign", [THREE])


def test_what_is_no_network_is_found_by_the_sites_secret_alone(settings: Settings) -> None:
    hashed = keyed_hash("officer/7")
    assert re.fullmatch("[0-9a-f]{64}", hashed)
    assert hashed != keyed_hash("officer/8")
    settings.SECRET_KEY = "another"
    assert keyed_hash("officer/7") != hashed


def test_the_days_key_is_asked_for_no_more_often_than_changes_are_noticed(
    clock: Clock,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.VERSION_SECONDS = 0.5
    moment = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: moment)
    today = clock.now.date()
    DayKey.of(today)
    held = limits.HeldKey()
    for seconds, queries in ((0, 1), (0.4, 0), (0.5, 1), (0.9, 0), (1.0, 1)):
        moment = 1000.0 + seconds
        with django_assert_num_queries(queries):
            held.of(today)
    clock.go_on(days=1)
    assert held.of(clock.now.date()).day == clock.now.date(), "at once, at midnight"


def test_a_full_bucket_that_is_asked_again_stays_as_it_was(clock: Clock) -> None:
    for _time in range(5):
        limits.take([ONE])
    assert Bucket.objects.get().empty_at == clock.time() + 30
