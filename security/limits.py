"""How often one network, account or mailbox may do something.

Whatever is limited has a bucket per act. Every act fills a bucket, time empties it, and what would
overflow is refused. Nothing that identifies anybody is stored: a bucket is found by an HMAC, a
network's with a random key of the day, which is deleted afterwards.
"""

import ipaddress
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from security.models import Bucket, DayKey, Refused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# A minute empties a signer's address's bucket by ten, its network's by twenty.
RETRY_AFTER_SECONDS = "60"


@dataclass(frozen=True)
class Rate:
    """So many at once, then one more every so many seconds."""

    at_once: int
    seconds: float


@dataclass(frozen=True)
class Limit:
    """One bucket: its key, and how much goes into it, of an act that is done so many times."""

    key: str
    rate: Rate
    times: int = 1

    @property
    def filling(self) -> float:
        """By how much later a bucket that gets it will be empty, in seconds."""
        return self.times * self.rate.seconds

    @property
    def almost_full(self) -> float:
        """When a bucket that has room for just that much will be empty, in seconds from now."""
        # Half a step away from either number, where rounding decides nothing.
        return (self.rate.at_once - self.times + 0.5) * self.rate.seconds


# A class behind one address signs within a quarter of an hour, and a campus within the hour.
OF_ADDRESS = Rate(30, 6)
OF_NETWORK = Rate(300, 3)
# One line in IPv6 gets 2^64 addresses, so that as many count as one.
BITS = {4: (32, 24), 6: (64, 48)}


def client_address(request: HttpRequest) -> Address | None:
    """Who asks. Of a forwarding header only what our own proxies wrote is believed.

    Each proxy appends the address that it was asked from; what stands to the left of that is
    anybody's word.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    proxies = settings.TRUSTED_PROXIES
    told = forwarded[-proxies] if 0 < proxies <= len(forwarded) else direct
    return parsed(told) or parsed(direct)


def parsed(text: str) -> Address | None:
    """An address, also with a port behind it, as some proxies write it."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def networks(address: Address | None) -> list[str]:
    """The address and the network around it; all whom nothing is known of share a bucket."""
    if address is None:
        return ["", ""]
    return [network_of(address, bits) for bits in BITS[address.version]]


def network_of(address: Address, bits: int) -> str:
    """As `ip_network` spells it, which would read the address anew."""
    hidden = address.max_prefixlen - bits
    return f"{type(address)(int(address) >> hidden << hidden)}/{bits}"


def network_limits(
    request: HttpRequest | None, act: str, rates: Sequence[Rate] = (OF_ADDRESS, OF_NETWORK)
) -> list[Limit]:
    """The limits of the request's address and of its network; none for a laptop's own.

    Raises:
        OperationalError: the database is away, and the day's key with it.
    """
    address = client_address(request) if request else None
    if is_laptop(address):
        return []
    key = todays_key()
    return [
        Limit(key.hash(f"{act}/{index}/{network}"), rate)
        for index, (network, rate) in enumerate(zip(networks(address), rates, strict=True))
    ]


def is_laptop(address: Address | None) -> bool:
    """Whether it is a laptop's own, where everybody is the same address."""
    return bool(address and address.is_loopback and not settings.LIMIT_LOOPBACK)


def network_mark(request: HttpRequest) -> str:
    """By which the network around a request's address is known within the day.

    Empty for a laptop's own, and where nothing is known.
    """
    address = client_address(request)
    if address is None or is_laptop(address):
        return ""
    return day_mark(f"network/{networks(address)[-1]}")


def day_mark(text: str) -> str:
    """A hash with the day's key, which nobody makes again once that is deleted."""
    return todays_key().hash(text)


class HeldKey:
    """The day's key, asked for no more often than what other processes change is noticed."""

    def __init__(self) -> None:
        self.key: DayKey | None = None
        self.until = 0.0

    def of(self, day: date) -> DayKey:
        now, key = time.monotonic(), self.key
        if key is None or key.day != day or now >= self.until:
            self.key = key = DayKey.of(day)
            self.until = now + settings.VERSION_SECONDS
        return key


held_key = HeldKey()


def todays_key() -> DayKey:
    return held_key.of(timezone.now().astimezone(UTC).date())


def keyed_hash(text: str) -> str:
    """Of what is no network: it stays the same for as long as the site's secret does."""
    return salted_hmac("pidpys.security.limits", text, algorithm="sha256").hexdigest()


def allows(request: HttpRequest, act: str) -> bool:
    """Counts an act of the request's address, unless it is one too many.

    Raises:
        OperationalError: the database is away. Nobody is let through then.
    """
    return not take(network_limits(request, act))


class FullError(Exception):
    """A bucket has no room for one more."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"room again in {wait:.0f} s")
        self.wait = wait


def take(limits: Sequence[Limit]) -> float:
    """Puts one into every bucket and returns 0; or into none, and returns the seconds to wait."""
    if len(limits) == 1:
        # One statement, which fills nothing where there is no room, so that nothing is undone.
        return _take_one(limits)
    try:
        with spending(limits):
            return 0.0
    except FullError as full:
        return full.wait


def _take_one(limits: Sequence[Limit]) -> float:
    try:
        _fill(limits)
    except FullError as full:
        Refused.count()
        return full.wait
    return 0.0


@contextmanager
def spending(limits: Sequence[Limit]) -> Iterator[None]:
    """A transaction that begins with one more in every bucket.

    A refused act fills nothing, so that whoever insists shuts out no neighbor.

    Raises:
        FullError: one had no room. Nothing is begun then.
    """
    try:
        with transaction.atomic():
            _fill(limits)
            yield
    except FullError:
        Refused.count()
        raise


def refused(limits: Sequence[Limit]) -> FullError:
    """Of limits one of which had no room, elsewhere than here. It is counted, as any other."""
    Refused.count()
    now = time.time()
    return FullError(max(_wait(each, now) for each in limits))


def in_order(limits: Sequence[Limit]) -> list[Limit]:
    """The same order everywhere, so that no two wait for each other."""
    return sorted(limits, key=lambda limit: limit.key)


def give_back(limits: Sequence[Limit]) -> None:
    """Takes one out of every bucket again: what was counted turned out to be no guess."""
    for limit in limits:
        Bucket.objects.filter(key=limit.key).update(empty_at=F("empty_at") - limit.filling)


def is_full(limit: Limit) -> bool:
    return _wait(limit, time.time()) > 0


# A bucket that is new has room; of the others those are changed that have some.
FILL = """
    INSERT INTO security_bucket (key, empty_at) VALUES {rows}
    ON CONFLICT (key) DO UPDATE SET empty_at = excluded.empty_at
        + CASE WHEN security_bucket.empty_at > %s THEN security_bucket.empty_at - %s ELSE 0 END
    WHERE security_bucket.empty_at <= CASE excluded.key {rooms} END
    RETURNING key
"""


def _fill(limits: Sequence[Limit]) -> None:
    """Puts one more into every bucket, in one statement.

    Raises:
        FullError: some had no room; those that had are filled, which is to be undone.
    """
    if not limits:
        return
    now = time.time()
    limits = in_order(limits)
    statement = FILL.format(
        rows=", ".join(["(%s, %s)"] * len(limits)),
        rooms=" ".join(["WHEN %s THEN %s"] * len(limits)),
    )
    filled = [part for each in limits for part in (each.key, now + each.filling)]
    rooms = [part for each in limits for part in (each.key, now + each.almost_full)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*filled, now, now, *rooms])
        done = {key for (key,) in cursor.fetchall()}
    if full := [each for each in limits if each.key not in done]:
        raise FullError(max(_wait(each, now) for each in full))


def _wait(limit: Limit, now: float) -> float:
    """Seconds until the bucket has room; 0 when it has."""
    empty_at = Bucket.objects.filter(key=limit.key).values_list("empty_at", flat=True).first()
    return max(0.0, (empty_at or now) - limit.almost_full - now)
