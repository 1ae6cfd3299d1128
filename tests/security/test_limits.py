"""One network address can't sign, guess or have mails sent without end; nobody is remembered."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.tasks import forget_buckets, forget_day_keys
from campaigns.models import PetitionPageBase
from jobs.models import Job
from security import limits
from security.limits import OF_ADDRESS, OF_NETWORK
from security.models import Bucket, DayKey
from signatures.models import Allowance, Signature
from tests.conftest import Clock
from tests.signatures.posting import OWN, address, fields
from tests.support.kinds import CityPages, Response

pytestmark = pytest.mark.both_databases

HERE = "203.0.113.7"


def sign(page: PetitionPageBase, number: int, source: str = HERE, **headers: str) -> Response:
    data = fields(page, email=f"signer{number}@example.org", name=f"Signer {number}")
    headers = {"sec-fetch-site": "same-origin", **headers}
    return Client(REMOTE_ADDR=source).post(address(page), data, headers=headers)


def statuses(
    page: PetitionPageBase, numbers: Iterable[int], source: str = HERE, **headers: str
) -> list[int]:
    return [sign(page, number, source, **headers).status_code for number in numbers]


def use_up(source: str, times: int = OF_ADDRESS.at_once) -> None:
    """So many acts of signing, without a signature."""
    request = RequestFactory().post("/", REMOTE_ADDR=source)
    assert all(limits.allows(request, "sign") for _time in range(times))


def test_a_class_behind_one_address_signs_and_the_next_ones_wait(
    portland: CityPages, clock: Clock
) -> None:
    page = portland["uk"]
    assert set(statuses(page, range(OF_ADDRESS.at_once))) == {303}
    refused = sign(page, 99)
    words = refused.content.decode()
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) == 60
    assert "no-store" in refused["Cache-Control"]
    assert "signer99@example.org" in words
    assert "Signer 99" in words
    assert "надійшло багато підписів" in words
    assert Signature.objects.count() == OF_ADDRESS.at_once == Job.objects.count()
    clock.go_on(seconds=60)
    assert statuses(page, range(100, 111)) == [303] * 10 + [429]


def test_the_answer_is_the_same_whether_or_not_the_mailbox_has_signed(
    portland: CityPages, clock: Clock
) -> None:
    page = portland["en"]
    assert statuses(page, [1]) == [303]
    use_up(HERE, OF_ADDRESS.at_once - 1)
    known, new = (sign(page, number).content.decode() for number in (1, 77))
    assert known.replace("gner1@", "gner77@").replace("gner 1", "gner 77") == new


def test_one_address_shuts_out_no_neighbour_however_it_insists(
    portland: CityPages, clock: Clock
) -> None:
    page = portland["en"]
    use_up(HERE)
    assert set(statuses(page, range(5))) == {429}
    assert statuses(page, [200], "203.0.113.8") == [303]
    # Nor does it put off its own next turn.
    clock.go_on(seconds=OF_ADDRESS.seconds)
    assert statuses(page, [201, 202]) == [303, 429]


def test_a_network_has_a_limit_of_its_own(portland: CityPages, clock: Clock) -> None:
    page = portland["en"]
    for last in range(OF_NETWORK.at_once // OF_ADDRESS.at_once):
        use_up(f"203.0.113.{last}")
    assert statuses(page, [1], "203.0.113.99") == [429]
    assert statuses(page, [1], "203.0.114.99") == [303]


def test_addresses_of_one_line_count_as_one(portland: CityPages, clock: Clock) -> None:
    page = portland["en"]
    for number in range(OF_ADDRESS.at_once):
        use_up(f"2001:db8:1:2::{number:x}", times=1)
    assert statuses(page, [1], "2001:db8:1:2:ffff::1") == [429]
    assert statuses(page, [1], "2001:db8:1:3::1") == [303]


def test_forged_forwarding_headers_change_nothing(
    portland: CityPages, clock: Clock, settings: Settings
) -> None:
    page = portland["en"]
    many = range(10)
    use_up(HERE, OF_ADDRESS.at_once - 5)
    forged = [
        sign(
            page,
            number,
            **{
                "x-forwarded-for": f"198.51.{number}.1",
                "forwarded": f"for=198.51.{number}.2",
                "x-real-ip": f"198.51.{number}.3",
            },
        ).status_code
        for number in many
    ]
    assert forged == [303] * 5 + [429] * 5
    settings.TRUSTED_PROXIES = 1
    use_up("192.0.2.4", OF_ADDRESS.at_once - 5)
    behind = [
        sign(page, number, "10.0.0.1", **{"x-forwarded-for": f"198.51.{number}.1, 192.0.2.4"})
        for number in many
    ]
    assert [each.status_code for each in behind] == [303] * 5 + [429] * 5


@pytest.mark.parametrize(
    ("forwarded", "proxies", "found"),
    [
        ("198.51.100.1, 192.0.2.4", 1, "192.0.2.4"),
        ("198.51.100.1, 192.0.2.4", 2, "198.51.100.1"),
        ("192.0.2.4:5678", 1, "192.0.2.4"),
        ("[2001:db8::1]:5678", 1, "2001:db8::1"),
        ("::ffff:192.0.2.4", 1, "192.0.2.4"),
        ("192.0.2.4", 2, "10.0.0.1"),
        ("192.0.2.4", 0, "10.0.0.1"),
        ("", 1, "10.0.0.1"),
        ("unknown", 1, "10.0.0.1"),
        ("9" * 100_000, 1, "10.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_wrote_is_believed(
    rf: RequestFactory, settings: Settings, forwarded: str, proxies: int, found: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": forwarded})
    assert str(limits.client_address(request)) == found


def test_whoever_comes_from_nowhere_shares_one_limit(portland: CityPages, clock: Clock) -> None:
    page = portland["en"]
    use_up("", OF_ADDRESS.at_once - 1)
    assert statuses(page, range(2), "") == [303, 429]


def test_on_a_real_site_the_servers_own_address_is_limited_too(
    portland: CityPages, clock: Clock, settings: Settings
) -> None:
    settings.LIMIT_LOOPBACK = True
    use_up("127.0.0.1", OF_ADDRESS.at_once - 1)
    assert statuses(portland["en"], range(2), "127.0.0.1") == [303, 429]


def test_codes_and_further_mails_are_limited_apart_from_signing(
    portland: CityPages, clock: Clock
) -> None:
    page = portland["uk"]
    client = Client(REMOTE_ADDR=HERE)
    check = sign(page, 1)["Location"]
    clock.go_on(minutes=5)
    tries = [client.post(check, {"code": "000000"}, **OWN) for _ in range(OF_ADDRESS.at_once + 1)]
    assert [each.status_code for each in tries] == [422] * OF_ADDRESS.at_once + [429]
    assert tries[-1]["Retry-After"] == "60"
    assert "000000" in tries[-1].content.decode()
    assert Allowance.objects.filter(kind="try", free_at__gt=clock.now).count() == 5
    again = [client.post(check, {"again": "1"}, **OWN) for _ in range(OF_ADDRESS.at_once + 1)]
    assert [each.status_code for each in again] == [200] * OF_ADDRESS.at_once + [429]
    assert "З вашої мережі" in again[-1].content.decode()
    assert Job.objects.count() == OF_ADDRESS.at_once + 1


def test_reading_is_never_limited_and_stores_nothing(portland: CityPages, clock: Clock) -> None:
    client = Client(REMOTE_ADDR=HERE)
    for _ in range(OF_ADDRESS.at_once + 5):
        assert client.get(portland["uk"].url).status_code == 200
    # What is refused anyway fills no bucket.
    assert client.post(address(portland["uk"]), {}, **OWN).status_code == 422
    assert not Bucket.objects.exists()


def test_no_address_lies_in_the_database_and_the_next_day_knows_none(
    portland: CityPages, clock: Clock
) -> None:
    sign(portland["en"], 1)
    keys = set(Bucket.objects.values_list("key", flat=True))
    assert len(keys) == 2
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
    clock.go_on(days=1)
    sign(portland["en"], 2)
    assert not keys & set(Bucket.objects.exclude(key__in=keys).values_list("key", flat=True))
    assert Bucket.objects.count() == 4
    clock.go_on(minutes=15)
    forget_buckets()
    assert not Bucket.objects.exists()


def test_what_is_kept_of_an_address_can_be_found_again_by_nobody_once_its_day_is_over(
    portland: CityPages, clock: Clock, settings: Settings
) -> None:
    """Neither with the site's secret nor with its database: the key was random, and is gone."""
    sign(portland["en"], 1)
    kept = set(Bucket.objects.values_list("key", flat=True))
    assert set(keys_of(HERE)) == kept, "every process finds it on that day"
    [secret] = DayKey.objects.values_list("secret", flat=True)
    for days in range(1, 7):
        clock.go_on(days=1)
        forget_day_keys()
        sign(portland["en"], days + 1)
        assert DayKey.objects.count() == 2
    assert secret not in DayKey.objects.values_list("secret", flat=True)
    clock.go_on(days=-6)
    assert not set(keys_of(HERE)) & kept


def keys_of(source: str) -> list[str]:
    request = RequestFactory().post("/", REMOTE_ADDR=source)
    return [limit.key for limit in limits.network_limits(request, "sign")]


@pytest.mark.parametrize("table", ["security_bucket", "security_daykey"])
def test_without_the_limits_tables_nobody_is_let_through_and_nothing_is_an_error(
    portland: CityPages, clock: Clock, table: str
) -> None:
    # By a function that fills it, on PostgreSQL.
    asked = {table, "take_signature"} if table == "security_bucket" else {table}

    def refuse(execute: Callable[..., object], sql: str, *arguments: Any) -> object:
        if any(name in sql for name in asked):
            raise OperationalError("database is locked")
        return execute(sql, *arguments)

    with connection.execute_wrapper(refuse):
        response = sign(portland["en"], 1)
    assert response.status_code == 503
    assert "signer1@example.org" in response.content.decode()
    assert not Signature.objects.exists()
