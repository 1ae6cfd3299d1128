"""What may be done for a mailbox five times a day: sending it a mail, trying a code.

Each time is a row that is free again 24 hours after it was used, so that no day's edge lets more
pass. A row is taken by one conditional update: of two that come at once only one gets it.
"""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from signatures.models import Allowance

A_DAY = 5
DAY = timedelta(days=1)


def take_allowance(
    mailbox: str, kind: Allowance.Kind, holder: uuid.UUID | None = None, a_day: int = A_DAY
) -> bool:
    """Uses one of the day's; False when none is left. A holder goes on with what it has."""
    now = timezone.now()
    rows = Allowance.objects.filter(mailbox=mailbox, kind=kind)
    all_of_them = [
        Allowance(mailbox=mailbox, kind=kind, number=number, free_at=now) for number in range(a_day)
    ]
    with transaction.atomic():
        # Changes nothing in those that are there already, but keeps them from being deleted.
        Allowance.objects.bulk_create(
            all_of_them,
            update_conflicts=True,
            unique_fields=["mailbox", "kind", "number"],
            update_fields=["number"],
        )
        if holder and rows.filter(holder=holder).update(free_at=now + DAY):
            return True
        free = rows.filter(free_at__lte=now)
        return any(
            free.filter(pk=pk).update(free_at=now + DAY, holder=holder)
            for pk in free.order_by("number").values_list("pk", flat=True)
        )


def give_back(mailbox: str, kind: Allowance.Kind) -> None:
    """Undoes the last `take`, as if it had not been."""
    used = Allowance.objects.filter(mailbox=mailbox, kind=kind, free_at__gt=timezone.now())
    last = used.order_by("-free_at").values_list("pk", flat=True)[:1]
    used.filter(pk__in=list(last)).update(free_at=timezone.now())


def next_free(mailbox: str, kind: Allowance.Kind) -> datetime:
    """When the first of those used up may be used again."""
    rows = Allowance.objects.filter(mailbox=mailbox, kind=kind)
    first: datetime | None = rows.aggregate(first=Min("free_at"))["first"]
    return first or timezone.now()
