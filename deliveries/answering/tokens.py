"""The secret in the mailed link by which a recipient answers. It is derived, never stored."""

import uuid

from django.core import signing

from deliveries.models import AnswerLink

# In no alphabet of the rest, and the same in any address.
SIGNER = signing.Signer(sep=".", salt="pidpys.deliveries.answer", algorithm="sha256")


def answer_token(link: AnswerLink) -> str:
    return SIGNER.sign(f"{link.pk.hex}-{link.generation}")


def find_link(token: str) -> AnswerLink | None:
    """The link that takes an answer; None for one forged, used, revoked or too old alike."""
    try:
        key, _sign, generation = SIGNER.unsign(token).partition("-")
    except signing.BadSignature:
        return None
    found = AnswerLink.objects.open().select_related("delivery__petition__parent")
    link: AnswerLink | None = found.filter(pk=uuid.UUID(key), generation=int(generation)).first()
    return link
