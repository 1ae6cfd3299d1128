"""Mails that came back: a mailbox that is none, or that complained, is not written to again.

Nothing readable is kept, as nowhere of a mailbox: its keyed hash alone.
"""

from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from email_validator import EmailNotValidError

from signatures.mailboxes import parse, reader_of
from signatures.models import Suppression

# A mailbox that is full, or a server that is away, may take the next mail.
FOR_GOOD = (RejectReason.BOUNCED, RejectReason.INVALID)


def watch() -> None:
    tracking.connect(take, dispatch_uid=__name__)


@csrf_exempt
def hook(request: HttpRequest) -> HttpResponseBase:
    """Anymail asks first whether it is the service that speaks."""
    view = import_string(settings.BOUNCES).as_view()
    response: HttpResponseBase = view(request)
    return response


def take(event: AnymailTrackingEvent, **kwargs: Any) -> None:
    is_gone = is_bounced(event) or event.event_type == EventType.COMPLAINED
    if event.recipient and is_gone:
        try:
            Suppression.add(reader_of(parse(event.recipient).address))
        except EmailNotValidError:
            # Of no signer, then.
            return


def is_bounced(event: AnymailTrackingEvent) -> bool:
    """Whether a mail will never arrive."""
    is_back = event.event_type == EventType.BOUNCED and event.reject_reason in FOR_GOOD
    return is_back and not is_soft(event.esp_event)


def is_soft(told: object) -> bool:
    """Whether the service itself says that the next mail may arrive; Anymail does not tell that."""
    if not isinstance(told, dict):
        return False
    kinds = (told.get(name) for name in ("Type", "event", "type", "bounce_classification"))
    return told.get("hard_bounce") is False or any("soft" in str(kind).lower() for kind in kinds)
