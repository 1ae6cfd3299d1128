"""Finds signatures by what their signers wrote.

That lies encrypted, so no index finds it: it is read and decrypted, in steps that are bounded.
"""

import unicodedata
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from campaigns.models import Petition
from signatures.models import Signature, SignatureQuerySet

# How many signatures one step reads, newest first.
STEP = 20_000
SIGNATURES_AT_A_TIME = 2_000
# Written for one another.
APOSTROPHES = dict.fromkeys(map(ord, "’ʼʻ`´‘"), "'")


def folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(APOSTROPHES)


@dataclass
class Found:
    rows: list[Signature] = field(default_factory=list)
    # Where the next step begins; "" when there is nothing more to read.
    after: str = ""


def find(
    rows: SignatureQuerySet,
    words: str,
    texts: Callable[[Signature], Iterable[str]],
    limit: int,
    after: str = "",
) -> Found:
    """Signatures one of whose texts holds these words, the newest first, at most `limit`."""
    wanted, found = folded(words), Found()
    newest = from_here(rows, after).order_by("-confirmed_at", "-id")[: STEP + 1]
    last = None
    for number, row in enumerate(newest.iterator(chunk_size=SIGNATURES_AT_A_TIME)):
        if last and (number == STEP or len(found.rows) == limit):
            found.after = f"{last.confirmed_at:%Y-%m-%dT%H:%M:%S.%f%z}_{last.pk}"
            break
        if any(wanted in folded(text) for text in texts(row)):
            found.rows.append(row)
        last = row
    return found


def from_here(rows: SignatureQuerySet, after: str) -> SignatureQuerySet:
    """What a step before this one has not read; everything, where that cannot be told."""
    moment, _sign, key = after.partition("_")
    try:
        at, last = datetime.fromisoformat(moment), uuid.UUID(key)
    except ValueError:
        return rows
    if at.tzinfo is None:
        return rows
    return rows.filter(Q(confirmed_at__lt=at) | Q(confirmed_at=at, id__lt=last))


def by_number(petition: Petition, number: int) -> SignatureQuerySet:
    """The signature that its signer knows by this number, see `counts.position_of`."""
    confirmed = Signature.objects.counted().filter(petition=petition)
    if not 1 <= number <= confirmed.count():
        return confirmed.none()
    in_order = confirmed.order_by("confirmed_at", "id").values("pk")
    return confirmed.filter(pk__in=in_order[number - 1 : number])
