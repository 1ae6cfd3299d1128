"""What browsers report that our policy has stopped: a fault of ours, or somebody's attempt.

A report names the page it is about, and of some pages the address is a secret. So no more of it is
kept than which directive, the host that was blocked, and the pattern of our address; and no more
rows than `MOST`, whatever strangers send.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from security import limits
from security.models import PolicyReport

PATH = "/csp-report/"
LONGEST_REPORT = 16_384
MOST = 500
FROM_ADDRESS = limits.Rate(10, 60)
FROM_NETWORK = limits.Rate(50, 12)
DIRECTIVE = re.compile(r"[a-z]{3,12}(?:-[a-z]{3,9}){1,3}")
HOST = re.compile(r"[a-z0-9.-]{1,100}")
KEYWORDS = ("inline", "eval", "wasm-eval", "data", "blob", "self")


@csrf_exempt
@require_POST
def take_report(request: HttpRequest) -> HttpResponse:
    """The same answer whatever comes: whoever reports is owed none."""
    if limits.take(limits.network_limits(request, "csp report", (FROM_ADDRESS, FROM_NETWORK))):
        return HttpResponse(status=429)
    for directive, blocked, page in told(request):
        count(directive, blocked, page)
    return HttpResponse(status=204)


def told(request: HttpRequest) -> Iterator[tuple[str, str, str]]:
    """By both ways in which browsers report, what may be kept of each."""
    if int(request.headers.get("Content-Length") or 0) > LONGEST_REPORT:
        return
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return
    for report in sent[:20] if isinstance(sent, list) else [sent]:
        body = isinstance(report, dict) and (report.get("csp-report") or report.get("body"))
        if isinstance(body, dict) and (kept := kept_of(body, request.get_host())):
            yield kept


def kept_of(report: dict[str, Any], host: str) -> tuple[str, str, str] | None:
    """None for what is no report of ours, or what a visitor's own extension does."""
    directive = _text(report, "effectiveDirective", "effective-directive", "violated-directive")
    page = urlsplit_safe(_text(report, "documentURL", "document-uri"))
    blocked = _text(report, "blockedURL", "blocked-uri")
    directive = directive.partition(" ")[0]
    if not DIRECTIVE.fullmatch(directive) or page is None or page.netloc != host:
        return None
    if urlsplit_safe(blocked) is None or "-extension:" in blocked:
        return None
    return directive, host_of(blocked), pattern_of(page.path)


def _text(report: dict[str, Any], *names: str) -> str:
    found = next((report[name] for name in names if report.get(name)), "")
    return found if isinstance(found, str) else ""


def urlsplit_safe(address: str) -> Any:  # noqa: ANN401 - of a type that urllib does not export
    try:
        return urlsplit(address)
    except ValueError:
        return None


def host_of(blocked: str) -> str:
    parts = urlsplit(blocked)
    word = parts.scheme or blocked
    if parts.scheme in ("http", "https", "ws", "wss"):
        name = parts.netloc.rpartition("@")[2].partition(":")[0].lower()
        return name if HOST.fullmatch(name) else "other"
    return word if word in KEYWORDS else "other"


def pattern_of(path: str) -> str:
    """Our address with names in place of what stood there: en/signatures/<str:token>/."""
    try:
        return resolve(path).route[:200]
    except Resolver404:
        return "unknown"


def count(directive: str, blocked: str, page: str) -> None:
    same = PolicyReport.objects.filter(directive=directive, blocked=blocked, page=page)
    is_known = same.update(number=F("number") + 1, last_at=timezone.now())
    if not is_known and PolicyReport.objects.count() < MOST:
        new = PolicyReport(directive=directive, blocked=blocked, page=page)
        PolicyReport.objects.bulk_create([new], ignore_conflicts=True)
