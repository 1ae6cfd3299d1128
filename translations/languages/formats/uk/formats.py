"""Dates as Ukrainians write them: no leading zero, and no break before the sign of the year."""

DATE_FORMAT = "j E Y\u00a0р."
DATETIME_FORMAT = "j E Y\u00a0р., H:i"
