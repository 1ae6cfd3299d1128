"""A day without its year as it is written with it."""

MONTH_DAY_FORMAT = "N\u00a0j"
