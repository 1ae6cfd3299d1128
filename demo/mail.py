"""The demo's mails: kept in a folder, shown in the browser."""

import email
import email.policy
import re
import time
import uuid
from collections.abc import Sequence
from email.message import EmailMessage as Parsed
from pathlib import Path

from csp.constants import NONE
from csp.decorators import csp
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

NAME = re.compile(r"[0-9]{20}-[0-9a-f]{32}")
SHOWN = 200


class FolderBackend(BaseEmailBackend):
    """Writes each mail into a file of its own; the names sort by time."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        settings.EMAIL_FOLDER.mkdir(parents=True, exist_ok=True)
        for message in messages:
            name = f"{time.time_ns():020d}-{uuid.uuid4().hex}"
            part = settings.EMAIL_FOLDER / f"{name}.part"
            part.write_bytes(message.message().as_bytes())
            part.rename(settings.EMAIL_FOLDER / f"{name}.eml")
        return len(messages)


def read(path: Path) -> dict[str, object]:
    parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return {
        "name": path.stem,
        "subject": parsed["Subject"],
        "to": parsed["To"],
        "date": parsed["Date"],
        "headers": [(name, str(value)) for name, value in parsed.items()],
        "text": body(parsed, "plain"),
        "html": body(parsed, "html"),
    }


def body(parsed: Parsed, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    return part.get_content() if part else ""


@never_cache
def mails(request: HttpRequest) -> HttpResponse:
    newest = sorted(settings.EMAIL_FOLDER.glob("*.eml"), reverse=True)[:SHOWN]
    return render(request, "dev/mails.html", {"mails": [read(path) for path in newest]})


def stored(name: str) -> dict[str, object]:
    path = settings.EMAIL_FOLDER / f"{name}.eml"
    if not NAME.fullmatch(name) or not path.exists():
        raise Http404
    return read(path)


@never_cache
def mail(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "dev/mail.html", {"mail": stored(name)})


# As a mail program would show it: with its own style sheet, and nothing that could run or load.
@never_cache
@csp({"default-src": [NONE], "style-src": ["'unsafe-inline'"], "frame-ancestors": [NONE]})  # type: ignore[arg-type]
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(str(stored(name)["html"]))
