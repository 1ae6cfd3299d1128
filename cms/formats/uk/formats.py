"""Days of the month without a zero before them, and the year not parted from its “р.”."""

DATE_FORMAT = "j E Y\u00a0р."
DATETIME_FORMAT = "j E Y\u00a0р. H:i"
