"""Somebody who signed and wants to be shown to nobody."""

ADDRESS = "nightingale.7f3@example.org"
NAME = "Florence Nightingale-7f3"
COMMENT = "A comment of hers 7f3"
