"""Cities, ties, petitions and their pages in the admin."""

from campaigns.wagtail_hooks import (
    changes,
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
    "changes",
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
