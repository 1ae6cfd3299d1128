"""Dates as Ukrainians write them: no leading zero, and one line for day and month."""

DATE_FORMAT = "j\u00a0E Y\u00a0р."
DATETIME_FORMAT = "j\u00a0E Y\u00a0р., H:i"
MONTH_DAY_FORMAT = "j\u00a0E"
