"""Looks whether the addresses of sources still answer: seldom, and public addresses only."""

import http.client
import ipaddress
import logging
import socket
import ssl
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

from django.db.models import Q
from django.utils import timezone

from campaigns.evidence.sources import addresses
from campaigns.models import SourceCheck

logger = logging.getLogger(__name__)

CHECK_AGAIN = timedelta(days=7)
# Mails wait while the worker looks.
AT_ONCE = 1
TIMEOUT_SECONDS = 10.0
REDIRECTS = 5
# Gone, or never there. Whoever refuses programs (401, 403, 429) may well answer people.
DEAD = (404, 410)


class UnreachableError(Exception):
    """No server answers there, or none that may be asked."""


def public_address(host: str, port: int) -> str:
    """The numeric address to ask. Raises: UnreachableError, for those inside our own network."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnreachableError(host) from error
    numeric = [str(entry[4][0]) for entry in found]
    if not all(ipaddress.ip_address(each).is_global for each in numeric):
        raise UnreachableError(host)
    return numeric[0]


def connect(scheme: str, host: str, port: int) -> http.client.HTTPConnection:
    """Connects to the very address that was looked at, whatever the name says a moment later."""
    plain = socket.create_connection((public_address(host, port), port), TIMEOUT_SECONDS)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    if scheme == "https":
        plain = ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    connection.sock = plain
    return connection


def http_status(address: str) -> int:
    """What the server answers in the end, after a few redirects. Raises: UnreachableError."""
    for _number in range(REDIRECTS):
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UnreachableError(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            connection = connect(parts.scheme, parts.hostname, port)
            path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            connection.request("GET", path, headers={"User-Agent": "Pidpys source check"})
            response = connection.getresponse()
            connection.close()
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise UnreachableError(address) from error
        location = response.getheader("Location")
        if not (300 <= response.status < 400 and location):
            return response.status
        address = urljoin(address, location)
    raise UnreachableError(address)


def check(address: str) -> SourceCheck:
    """Stores what an address answers. Silence means that it is dead only the second time."""
    last = SourceCheck.objects.filter(address=address, user=None).first()
    try:
        status = http_status(address)
    except UnreachableError:
        status = 0
    return SourceCheck.objects.update_or_create(
        address=address,
        defaults={
            "status": status,
            "is_dead": status in DEAD or (status == 0 and last is not None and last.status == 0),
            "checked_at": timezone.now(),
            "user": None,
        },
    )[0]


def check_some() -> int:
    """Checks the addresses that nobody has looked at for a week, some at a time.

    Those that an editor found dead stay so: what answers there may be something else.
    """
    recent = Q(checked_at__gt=timezone.now() - CHECK_AGAIN)
    by_editor = Q(is_dead=True, user__isnull=False)
    settled = SourceCheck.objects.filter(recent | by_editor).values_list("address", flat=True)
    due = sorted(addresses() - set(settled))[:AT_ONCE]
    for address in due:
        check(address)
    return len(due)
