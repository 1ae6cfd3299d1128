"""Signatures of one petition that may be one person's, kept apart and shown to staff."""

from django.db.models import Exists, OuterRef, Q

from signatures.models import Signature, SignatureQuerySet, Submission


def beside_another(rows: SignatureQuerySet) -> SignatureQuerySet:
    """Those of them beside which stands another: of a second person at the mailbox, or of one whose
    address is another spelling of the same, by a `+tag` or by dots, for the week in which that is
    known.

    Which is most often as it should be: couples share mailboxes.
    """
    here = Signature.objects.filter(petition=OuterRef("petition"))
    first = here.filter(mailbox_key=OuterRef("mailbox_key"), seat=0)
    spelled = Submission.objects.that_made_it().filter(reader_key__gt="")
    petition, reader = OuterRef("signature__petition"), OuterRef("reader_key")
    plain = Signature.objects.filter(petition=petition, mailbox_key=reader)
    others = spelled.filter(signature__petition=petition, reader_key=reader)
    twins = spelled.filter(Exists(plain) | Exists(others.exclude(signature=OuterRef("signature"))))
    return rows.filter(Q(pk__in=twins.values("signature")) | Q(Exists(first), seat=1))
