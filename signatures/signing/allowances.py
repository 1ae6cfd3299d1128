"""What may be done for a mailbox five times a day: sending it a mail, trying a code.

Each time is a row that is free again 24 hours after it was used, so that no day's edge lets more
pass. A row is made or taken by one statement: of two that come at once only one gets it.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, models
from django.db.models import Count, Min
from django.utils import timezone

from signatures.models import Allowance

A_DAY = 5
DAY = timedelta(days=1)


# Of each mailbox a holder's own, else the first that was never used or is free again. In the same
# order everywhere, so that no two wait for each other.
TAKE = """
    INSERT INTO signatures_allowance (mailbox, kind, number, free_at, holder)
    SELECT mailbox, %s, number, %s, holder FROM (
        SELECT asked.mailbox, numbers.number, asked.holder, ROW_NUMBER() OVER (
            PARTITION BY asked.mailbox
            ORDER BY CASE WHEN used.holder = asked.holder THEN 0 ELSE 1 END, numbers.number
        ) AS place
        FROM ({asked}) AS asked
        CROSS JOIN ({numbers}) AS numbers
        LEFT JOIN signatures_allowance AS used
            ON used.mailbox = asked.mailbox AND used.kind = %s AND used.number = numbers.number
        WHERE used.id IS NULL OR used.holder = asked.holder OR used.free_at <= %s
    ) AS free
    WHERE place = 1
    ORDER BY mailbox
    ON CONFLICT (mailbox, kind, number)
    DO UPDATE SET free_at = excluded.free_at, holder = excluded.holder
    WHERE signatures_allowance.holder = excluded.holder OR signatures_allowance.free_at <= %s
    RETURNING mailbox
"""


def take_allowance(
    mailbox: str, kind: Allowance.Kind, holder: uuid.UUID | None = None, a_day: int = A_DAY
) -> bool:
    """Uses one of the day's; False when none is left. A holder goes on with what it has."""
    return bool(take_allowances({mailbox: holder}, kind, a_day))


def take_allowances(
    holders: Mapping[str, uuid.UUID | None], kind: Allowance.Kind, a_day: int = A_DAY
) -> set[str]:
    """Uses one of the day's of each mailbox for its holder; returns those that had one."""
    now, taken = timezone.now(), set[str]()
    asking = dict(holders)
    used = Allowance.objects.filter(kind=kind, free_at__gt=now)
    while asking:
        just_taken = _take(asking, kind, a_day, now)
        taken |= just_taken
        # Of the others somebody took the one that was chosen, or there was none.
        left = asking.keys() - just_taken
        numbers = used.filter(mailbox__in=left).order_by().values_list("mailbox")
        full = dict(numbers.annotate(number=Count("pk")).filter(number__gte=a_day)) if left else {}
        asking = {mailbox: asking[mailbox] for mailbox in left - full.keys()}
    return taken


def _take(
    holders: Mapping[str, uuid.UUID | None], kind: Allowance.Kind, a_day: int, now: datetime
) -> set[str]:
    key = models.UUIDField()
    asked = f"SELECT %s AS mailbox, CAST(%s AS {key.db_type(connection)}) AS holder"
    statement = TAKE.format(
        asked=" UNION ALL ".join([asked] * len(holders)),
        numbers=" UNION ALL ".join(["SELECT %s AS number"] * a_day),
    )
    pairs = [
        each
        for mailbox, holder in holders.items()
        for each in (mailbox, key.get_db_prep_value(holder, connection))
    ]
    until, since = (connection.ops.adapt_datetimefield_value(each) for each in (now + DAY, now))
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [str(kind), until, *pairs, *range(a_day), str(kind), since, since]
        )
        return {mailbox for (mailbox,) in cursor.fetchall()}


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
