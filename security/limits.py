"""How often one network, account or mailbox may do something.

Whatever is limited has a bucket per act. Every act fills a bucket, time empties it, and what would
overflow is refused. Nothing that identifies anybody is stored: a bucket is found by an HMAC, a
network's with a random key of the day, which is deleted afterwards.
"""

import ipaddress
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
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
    """One bucket: its key, and how much goes into it."""

    key: str
    rate: Rate

    @property
    def almost_full(self) -> float:
        """When a bucket that has room for just one more will be empty, in seconds from now."""
        # Half a step away from either number, where rounding decides nothing.
        return (self.rate.at_once - 0.5) * self.rate.seconds


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
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
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
    return [
        str(ipaddress.ip_network((address, bits), strict=False)) for bits in BITS[address.version]
    ]


def network_limits(
    request: HttpRequest | None, act: str, rates: Sequence[Rate] = (OF_ADDRESS, OF_NETWORK)
) -> list[Limit]:
    """The limits of the request's address and of its network; none for a laptop's own.

    Raises:
        OperationalError: the database is away, and the day's key with it.
    """
    address = client_address(request) if request else None
    if address and address.is_loopback and not settings.LIMIT_LOOPBACK:
        return []
    key = DayKey.of(timezone.now().astimezone(UTC).date())
    return [
        Limit(key.hash(f"{act}/{index}/{network}"), rate)
        for index, (network, rate) in enumerate(zip(networks(address), rates, strict=True))
    ]


def keyed_hash(text: str) -> str:
    """Of what is no network: it stays the same for as long as the site's secret does."""
    return salted_hmac("pidpys.security.limits", text, algorithm="sha256").hexdigest()


def allows(request: HttpRequest, act: str) -> bool:
    """Counts an act of the request's address, unless it is one too many.

    Raises:
        OperationalError: the database is away. Nobody is let through then.
    """
    return not take(network_limits(request, act))


def take(limits: Sequence[Limit]) -> float:
    """Puts one into every bucket and returns 0; or into none, and returns the seconds to wait.

    A refused act fills nothing, so that whoever insists shuts out no neighbor.
    """
    now = time.time()
    # The same order everywhere, so that no two wait for each other.
    limits = sorted(limits, key=lambda limit: limit.key)
    with transaction.atomic():
        # Changes nothing in those that are there already, but keeps them from being deleted.
        Bucket.objects.bulk_create(
            [Bucket(key=limit.key, empty_at=now) for limit in limits],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["key"],
        )
        full = [limit for limit in limits if not _fill(limit, now)]
        wait = max((_wait(limit, now) for limit in full), default=0.0)
        if full:
            transaction.set_rollback(True)
    if full:
        Refused.count()
    return wait


def give_back(limits: Sequence[Limit]) -> None:
    """Takes one out of every bucket again: what was counted turned out to be no guess."""
    for limit in limits:
        Bucket.objects.filter(key=limit.key).update(empty_at=F("empty_at") - limit.rate.seconds)


def is_full(limit: Limit) -> bool:
    return _wait(limit, time.time()) > 0


def _fill(limit: Limit, now: float) -> bool:
    """Puts one more into a bucket that has room, in one statement."""
    with_room = Bucket.objects.filter(key=limit.key, empty_at__lte=now + limit.almost_full)
    filled = Greatest(F("empty_at"), Value(now)) + limit.rate.seconds
    return bool(with_room.update(empty_at=filled))


def _wait(limit: Limit, now: float) -> float:
    """Seconds until the bucket has room; 0 when it has."""
    empty_at = Bucket.objects.filter(key=limit.key).values_list("empty_at", flat=True).first()
    return max(0.0, (empty_at or now) - limit.almost_full - now)
