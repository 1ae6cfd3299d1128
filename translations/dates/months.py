"""Months by the calendar."""

import calendar
from datetime import datetime, timedelta


def months_before(moment: datetime, months: int) -> datetime:
    """The same day of an earlier month, or that month's last day where it has no such day."""
    count = moment.year * 12 + moment.month - 1 - months
    year, month = count // 12, count % 12 + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day of a later month; where it has no such day, the next month's first begins.

    So it is the first moment of which `months_before` says that the months are over.
    """
    count = moment.year * 12 + moment.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if moment.day <= calendar.monthrange(year, month)[1]:
        return moment.replace(year=year, month=month)
    last = calendar.monthrange(year, month)[1]
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.replace(year=year, month=month, day=last) + timedelta(days=1)
