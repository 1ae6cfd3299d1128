"""The time zones that one may choose."""

import zoneinfo
from datetime import date, datetime

from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

# No browser knows these: the machine's own zone, on some systems, and one that stands for none.
ZONE_NAMES = frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})

# Of names like EST or US/Pacific, some never change their clocks, and all have one of these, too.
REGIONS = (
    *("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian"),
    "Pacific",
)


def choices(kept: str) -> list[tuple[str, str]]:
    """The zones of places, and the one that was chosen already."""
    of_places = {name for name in ZONE_NAMES if name.partition("/")[0] in REGIONS}
    return [(name, name) for name in sorted(of_places | {kept})]


def has_come(day: date, *names: str) -> bool:
    """Whether it is that day already, where the reader is or in one of the zones."""
    here = timezone.get_current_timezone()
    there = (zoneinfo.ZoneInfo(name) for name in names if name in ZONE_NAMES)
    return any(day <= timezone.localdate(timezone=zone) for zone in (here, *there))


def by_clocks(local: datetime, name: str) -> datetime:
    """The moment at which the clocks of a zone show this.

    Raises: ValidationError, where they show it twice or never, since they are changed then.
    """
    with timezone.override(name):
        moment: datetime = from_current_timezone(local)
    return moment


def moment(local: datetime) -> str:
    """A moment as lists and exports tell it, with the short name of the zone that it is in."""
    return f"{date_format(local, 'DATETIME_FORMAT')} {zone_name(local)}".strip()


def zone_name(local: datetime) -> str:
    """A moment's zone, by its abbreviation in English, like EST; elsewhere, where few know that,
    by its distance, like UTC−5.
    """
    if (get_language() or "en").partition("-")[0] == "en":
        return local.tzname() or ""
    sign, hours, minutes = f"{local:%z}"[0], f"{local:%z}"[1:3], f"{local:%z}"[3:5]
    whole = f"UTC{sign.replace('-', '−')}{int(hours)}"
    return whole if minutes == "00" else f"{whole}:{minutes}"
