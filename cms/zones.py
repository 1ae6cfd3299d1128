"""The time zones that one may choose."""

import zoneinfo

# No browser knows these: the machine's own zone, on some systems, and one that stands for none.
NAMES = frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})
