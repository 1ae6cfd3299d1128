"""Links, codes and tickets. None of them is stored: they are derived, or sealed."""

import base64
import hmac
import json
import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from signatures.crypto import DecryptionError, decrypt, encrypt
from signatures.models import CONFIRM_WITHIN, Signature

MAC_BYTES = 32
TICKET_AGE = CONFIRM_WITHIN
# Somebody who asks for another mail waits this long.
RESEND_AFTER = timedelta(minutes=1)


def _mac(purpose: str, value: str, secret: str) -> bytes:
    return salted_hmac(
        f"pidpys.signatures.{purpose}", value, secret=secret, algorithm="sha256"
    ).digest()


def token_for(signature: Signature) -> str:
    """The secret in the signer's own links: the signature's id and an HMAC of it, 64 characters."""
    mac = _mac("own", f"{signature.id}/{signature.generation}", settings.SECRET_KEY)
    return base64.urlsafe_b64encode(signature.id.bytes + mac).decode()


def find(token: str) -> Signature | None:
    """The signature that a token opens; None for a forged, foreign or outdated one alike."""
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != 16 + MAC_BYTES:
        return None
    signature = (
        Signature.objects.select_related("petition__parent", "text")
        .filter(id=uuid.UUID(bytes=raw[:16]), anonymised_at=None)
        .first()
    )
    if signature is None:
        return None
    value = f"{signature.id}/{signature.generation}"
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    fits = any(hmac.compare_digest(raw[16:], _mac("own", value, secret)) for secret in secrets)
    return signature if fits else None


def code_for(signature: Signature) -> str:
    """The six digits that are mailed beside the link."""
    value = f"{signature.id}/{signature.code_generation}"
    number = int.from_bytes(_mac("code", value, settings.SECRET_KEY)[:8], "big")
    return f"{number % 1_000_000:06d}"


def code_fits(signature: Signature, code: str) -> bool:
    return hmac.compare_digest(code_for(signature).encode(), code.encode())


def now_in_milliseconds() -> int:
    return int(timezone.now().timestamp() * 1000)


@dataclass(frozen=True)
class Ticket:
    """What the check-your-mail page knows. It gives no right but to try the code."""

    petition: str
    email: str
    mailbox_key: str
    seat: int
    # Milliseconds, so that every ticket for a mailbox is equally long.
    issued_at: int

    def seal(self) -> str:
        return encrypt(json.dumps(asdict(self)), "ticket")

    @classmethod
    def open(cls, sealed: str) -> "Ticket | None":
        """None for a forged, foreign or expired ticket alike."""
        try:
            ticket = cls(**json.loads(decrypt(sealed, "ticket")))
        except (DecryptionError, TypeError, ValueError):
            return None
        return ticket if timedelta() <= ticket.age() <= TICKET_AGE else None

    def age(self) -> timedelta:
        return timedelta(milliseconds=now_in_milliseconds() - self.issued_at)

    def signature(self) -> Signature | None:
        return (
            Signature.objects.select_related("petition__parent", "text")
            .filter(
                petition_id=uuid.UUID(self.petition), mailbox_key=self.mailbox_key, seat=self.seat
            )
            .first()
        )
