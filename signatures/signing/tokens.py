"""Links, codes and tickets. None of them is stored: they are derived, or sealed."""

import base64
import hmac
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from security.encryption import DecryptionError, decrypt, encrypt
from signatures.models import CONFIRM_WITHIN, Signature, Submission

MAC_BYTES = 32
TICKET_AGE = CONFIRM_WITHIN
# The address of the page stays in a browser that others may use after the signer.
CHANGE_WITHIN = timedelta(hours=1)
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# Holds a name and a comment of usual length in any alphabet; as an address, some 2,400 letters.
TICKET_BYTES = 1800
# Somebody who asks for another mail waits this long.
RESEND_AFTER = timedelta(minutes=1)


def _mac(purpose: str, value: str, secret: str) -> bytes:
    return salted_hmac(
        f"pidpys.signatures.{purpose}", value, secret=secret, algorithm="sha256"
    ).digest()


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _token(row_id: uuid.UUID, purpose: str, value: str) -> str:
    """The row's id and an HMAC of it, 64 characters."""
    mac = _mac(purpose, value, settings.SECRET_KEY)
    return base64.urlsafe_b64encode(row_id.bytes + mac).decode()


def _parts(token: str) -> tuple[uuid.UUID, bytes] | None:
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != 16 + MAC_BYTES:
        return None
    return uuid.UUID(bytes=raw[:16]), raw[16:]


def _fits(mac: bytes, purpose: str, value: str) -> bool:
    return any(hmac.compare_digest(mac, _mac(purpose, value, secret)) for secret in _secrets())


def own_token(signature: Signature) -> str:
    """The secret in the address of the signer's own page."""
    return _token(signature.id, "own", f"{signature.id}/{signature.generation}")


def confirm_token(submission: Submission) -> str:
    """The secret in the mailed link. It confirms this submission and no other."""
    return _token(submission.id, "confirm", str(submission.id))


def find_signature(token: str) -> Signature | None:
    """The signature that a token opens; None for a forged, foreign or outdated one alike."""
    parts = _parts(token)
    if parts is None:
        return None
    found = Signature.objects.with_own_page().select_related("petition__parent", "text")
    signature = found.filter(id=parts[0]).first()
    if signature and _fits(parts[1], "own", f"{signature.id}/{signature.generation}"):
        return signature
    return None


def find_submission(token: str) -> Submission | None:
    """The submission that a token confirms; None for a forged, foreign or outdated one alike."""
    parts = _parts(token)
    if parts is None or not _fits(parts[1], "confirm", str(parts[0])):
        return None
    found = Submission.objects.live().select_related("signature__petition__parent", "text")
    return found.filter(id=parts[0]).first()


def code_for(submission: Submission) -> str:
    """The six digits that are mailed beside the link."""
    return _code(submission.id, settings.SECRET_KEY)


def _code(submission_id: uuid.UUID, secret: str) -> str:
    number = int.from_bytes(_mac("code", str(submission_id), secret)[:8], "big")
    return f"{number % 1_000_000:06d}"


def code_fits(submission_id: uuid.UUID, code: str) -> bool:
    return any(
        hmac.compare_digest(_code(submission_id, secret).encode(), code.encode())
        for secret in _secrets()
    )


def now_in_milliseconds() -> int:
    return int(timezone.now().timestamp() * 1000)


@dataclass(frozen=True)
class Ticket:
    """What the check-your-email page knows.

    It gives no right but to try the code and, for an hour, to send what was typed to another
    mailbox.
    """

    petition: str
    submission: str
    # The hash with the site's key, by which tries and mails are counted.
    mailbox: str
    masked: str
    # In milliseconds.
    issued_at: int
    # What was typed into the form, but for the address.
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def seal(self) -> str:
        """Equally long whatever it holds. What was typed is left out where it is too long."""
        text = as_json(vars(self))
        room = TICKET_BYTES - len(text.encode())
        if room < 0:
            return replace(self, typed={}).seal()
        return encrypt(text + " " * room, "ticket")

    @classmethod
    def open(cls, sealed: str) -> "Ticket | None":
        """None for a forged, foreign or expired ticket alike."""
        try:
            ticket = cls(**json.loads(decrypt(sealed, "ticket")))
        except (DecryptionError, TypeError, ValueError):
            return None
        if not timedelta() <= ticket.age() <= TICKET_AGE:
            return None
        return ticket if ticket.age() <= CHANGE_WITHIN else replace(ticket, typed={})

    def age(self) -> timedelta:
        return timedelta(milliseconds=now_in_milliseconds() - self.issued_at)

    def submission_with(self, code: str) -> Submission | None:
        """The one of the mailbox's for this petition whose mail had the code."""
        mailed = Submission.objects.live().filter(
            mailbox=self.mailbox,
            signature__petition=uuid.UUID(self.petition),
            confirmed_at=None,
            mailed_at__isnull=False,
        )
        # All are compared, so that the time tells nothing of which it was.
        fitting = [pk for pk in mailed.values_list("pk", flat=True) if code_fits(pk, code)]
        found = Submission.objects.select_related("signature__petition__parent", "text")
        return found.filter(pk__in=fitting).first() if fitting else None
