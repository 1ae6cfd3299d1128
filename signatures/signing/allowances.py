"""What may be done for a mailbox five times a day: sending it a mail, trying a code.

Each time is a row that is free again 24 hours after it was used, so that no day's edge lets more
pass. A row is made or taken by one statement: of two that come at once only one gets it.
"""

import uuid
from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import Min
from django.utils import timezone

from signatures.models import Allowance

A_DAY = 5
DAY = timedelta(days=1)


# A holder's own, else the first that was never used or is free again.
TAKE = """
    INSERT INTO signatures_allowance (mailbox, kind, number, free_at, holder)
    SELECT %s, %s, numbers.number, %s, %s
    FROM ({numbers}) AS numbers
    LEFT JOIN signatures_allowance AS used
        ON used.mailbox = %s AND used.kind = %s AND used.number = numbers.number
    WHERE used.id IS NULL OR used.holder = %s OR used.free_at <= %s
    ORDER BY CASE WHEN used.holder = %s THEN 0 ELSE 1 END, numbers.number
    LIMIT 1
    ON CONFLICT (mailbox, kind, number)
    DO UPDATE SET free_at = excluded.free_at, holder = excluded.holder
    WHERE signatures_allowance.holder = excluded.holder OR signatures_allowance.free_at <= %s
    RETURNING number
"""


def take_allowance(
    mailbox: str, kind: Allowance.Kind, holder: uuid.UUID | None = None, a_day: int = A_DAY
) -> bool:
    """Uses one of the day's; False when none is left. A holder goes on with what it has."""
    now = timezone.now()
    numbers = " UNION ALL ".join(["SELECT %s AS number"] * a_day)
    with connection.cursor() as cursor:
        key = models.UUIDField().get_db_prep_value(holder, connection)
        at = [connection.ops.adapt_datetimefield_value(each) for each in (now + DAY, now)]
        values = [
            mailbox,
            str(kind),
            at[0],
            key,
            *range(a_day),
            mailbox,
            str(kind),
            key,
            at[1],
            key,
        ]
        free = Allowance.objects.filter(mailbox=mailbox, kind=kind)
        while True:
            cursor.execute(TAKE.format(numbers=numbers), [*values, at[1]])
            if cursor.fetchone():
                return True
            # Somebody took the one that was chosen, or there was none.
            if free.filter(free_at__gt=now).count() >= a_day:
                return False


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
