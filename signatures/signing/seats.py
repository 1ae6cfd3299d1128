"""The places of a mailbox in a petition: two people may share one."""

from signatures.models import Signature

SEATS = (0, 1)


def stored(signature: Signature) -> Signature:
    """The signature in that seat: the one given, unless there is one already.

    That one is left as it is, but held until the transaction ends, so that nobody deletes it.
    """
    Signature.objects.bulk_create(
        [signature],
        update_conflicts=True,
        unique_fields=["petition", "mailbox_key", "seat"],
        update_fields=["seat"],
    )
    rows = Signature.objects.of_mailbox(signature.petition, signature.mailbox_key)
    return rows.get(seat=signature.seat)


def seat_for(taken: list[Signature], name_key: str) -> int:
    """The person's own seat, else a free one, else one that nobody confirmed, else the last.

    Two people may share a mailbox. What strangers write in keeps neither out: a submission
    carries all of its own content, whatever its seat was made with.
    """
    names = {signature.seat: signature.name_key for signature in taken}
    for seat in SEATS:
        if names.get(seat, name_key) == name_key:
            return seat
    unconfirmed = [each.seat for each in taken if each.status == Signature.Status.PENDING]
    return unconfirmed[0] if unconfirmed else SEATS[-1]
