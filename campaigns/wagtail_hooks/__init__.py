"""Cities, ties, petitions and their pages in the admin."""

from campaigns.wagtail_hooks import records, translations

__all__ = ["records", "translations"]
