"""Cities, ties, petitions and their pages in the admin."""

from campaigns.wagtail_hooks import (
    evidence,
    exchange,
    glossary,
    launching,
    pages,
    publishing,
    records,
    rights,
    translations,
    translators,
)

__all__ = [
    "evidence",
    "exchange",
    "glossary",
    "launching",
    "pages",
    "publishing",
    "records",
    "rights",
    "translations",
    "translators",
]
