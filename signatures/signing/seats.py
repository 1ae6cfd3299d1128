"""The places of a mailbox in a petition: two people may share one."""

from pagecache.changes import adding
from signatures.models import Signature

SEATS = (0, 1)


def stored(signature: Signature) -> Signature:
    """The signature in that seat: the one given, unless there is one already.

    That one is left as it is, but held until the transaction ends, so that nobody deletes it.
    """
    with adding():
        Signature.objects.bulk_create(
            [signature],
            update_conflicts=True,
            unique_fields=["petition", "mailbox_key", "seat"],
            update_fields=["seat"],
        )
    rows = Signature.objects.of_mailbox(signature.petition, signature.mailbox_key)
    return rows.get(seat=signature.seat)


def seat_for(taken: list[Signature], name_key: str) -> int:
    """The person's own seat or one left by somebody, else a free one, else one nobody confirmed.

    Two people may share a mailbox. What strangers write in keeps neither out: a submission
    carries all of its own content, whatever its seat was made with.
    """
    known = known_seat(taken, name_key)
    unconfirmed = [each.seat for each in taken if each.status == Signature.Status.PENDING]
    free = [seat for seat in SEATS if seat not in {each.seat for each in taken}]
    return next(iter([*known, *free, *unconfirmed]), SEATS[-1])


def known_seat(taken: list[Signature], name_key: str) -> list[int]:
    """The person's own seat, else those whose signers are known no more, most of all counted ones.

    Whoever signs may be the one who was made unknown, and is not to be counted twice.
    """
    own = [each.seat for each in taken if each.name_key == name_key]
    status = Signature.Status
    left = [
        each.seat
        for wanted in (status.CONFIRMED, status.WITHDRAWN)
        for each in taken
        if each.status == wanted and not each.name_key
    ]
    return own or left
