"""How often one network address may sign, type codes and ask for mails again.

An address and the network around it each have a bucket per act. Every act fills a bucket, time
empties it, and what would overflow is refused. No address is stored: a bucket is found by an HMAC
with a key of the day.
"""

import hashlib
import hmac
import ipaddress
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from signatures.models import Bucket

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# A minute empties an address's bucket by ten, its network's by twenty.
RETRY_AFTER_SECONDS = "60"


@dataclass(frozen=True)
class Rate:
    """So many at once, then one more every so many seconds."""

    at_once: int
    seconds: float


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


def buckets(request: HttpRequest, act: str, now: float) -> list[Bucket]:
    """The address's bucket and its network's, as they are when nothing is in them."""
    day = timezone.now().date().isoformat()
    key = salted_hmac("pidpys.signatures.limits", day, algorithm="sha256").digest()
    found = networks(client_address(request))
    return [
        Bucket(
            key=hmac.new(key, f"{act}/{index}/{network}".encode(), hashlib.sha256).hexdigest(),
            empty_at=now,
        )
        for index, network in enumerate(found)
    ]


def allows(request: HttpRequest, act: str) -> bool:
    """Counts an act of the request's address, unless it is one too many.

    A refused one fills nothing, so that whoever insists shuts out no neighbour.

    Raises:
        OperationalError: the database is away. Nobody is let through then.
    """
    address = client_address(request)
    if address and address.is_loopback and not settings.LIMIT_LOOPBACK:
        return True
    now = time.time()
    both = buckets(request, act, now)
    return filled(zip(both, (OF_ADDRESS, OF_NETWORK), strict=True), now)


def site_allows(act: str, rate: Rate) -> bool:
    """Counts an act of the site as a whole, unless it is one too many."""
    now = time.time()
    return filled([(Bucket(key=act, empty_at=now), rate)], now)


def filled(rates: Iterable[tuple[Bucket, Rate]], now: float) -> bool:
    """Puts one more into each of the buckets, or into none when one of them is full."""
    rates = list(rates)
    with transaction.atomic():
        # Changes nothing in those that are there already, but keeps them from being deleted.
        Bucket.objects.bulk_create(
            [bucket for bucket, _rate in rates],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["key"],
        )
        allowed = all(fill(bucket, rate, now) for bucket, rate in rates)
        if not allowed:
            transaction.set_rollback(True)
    return allowed


def fill(bucket: Bucket, rate: Rate, now: float) -> bool:
    """Puts one more into a bucket that has room, in one statement."""
    # Half a step away from either number, where rounding decides nothing.
    almost_full = now + (rate.at_once - 0.5) * rate.seconds
    with_room = Bucket.objects.filter(key=bucket.key, empty_at__lte=almost_full)
    filled = Greatest(F("empty_at"), Value(now)) + rate.seconds
    return bool(with_room.update(empty_at=filled))
