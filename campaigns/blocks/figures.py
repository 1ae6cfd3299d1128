"""Figures in a text: numbers of two or more digits that are no year and no part of a date."""

import re
from functools import cache
from html import unescape

from django.conf import settings
from django.utils import dates, translation

TAG = re.compile(r"<[^>]*>")
# Addresses, days as numbers, times of day, and years, with the second of two of them.
NO_FIGURES = [
    re.compile(r"https?://\S+"),
    re.compile(r"\b\d{1,4}([./-])\d{1,2}\1\d{1,4}\b"),
    re.compile(r"\b\d{1,2}:\d\d\b"),
    re.compile(r"(?<![\d.,])(?:1[5-9]|2[01])\d\d(?:[/–-]\d\d(?!\d))?(?!\d|[.,]\d)"),
]
# Not within a name, like COVID-19, and no ordinal, like 64th.
FIGURE = re.compile(r"(?<![\w-])\d(?:[.,\u00a0\u202f]?\d| (?=\d{3}(?!\d)))+(?!\w|-[^\W\d]{1,3}\b)")


@cache
def days_in_words(language: str) -> re.Pattern[str]:
    """As they are written in a language: May 28; 28 травня."""
    with translation.override(language):
        kinds = (dates.MONTHS, dates.MONTHS_ALT, dates.MONTHS_3, dates.MONTHS_AP)
        months = {str(name).strip(".").casefold() for kind in kinds for name in kind.values()}
    month = rf"\b(?:{'|'.join(map(re.escape, sorted(months)))})\b\.?"
    day = r"\d{1,2}(?!\d)(?:\s?[–-]\s?\d{1,2}(?!\d))?"
    return re.compile(rf"\b{day}\.?\s+{month}|{month}\s+{day}", re.IGNORECASE)


def first_figure(html: str, language: str) -> str:
    """Empty where there is none."""
    text = unescape(TAG.sub(" ", html))
    for known in (*map(days_in_words, (language, settings.LANGUAGE_CODE)), *NO_FIGURES):
        text = known.sub(" ", text)
    found = FIGURE.search(text)
    return found[0] if found else ""
