"""Cities, ties, petitions and their pages in the admin."""

from campaigns.wagtail_hooks import launching, records, translations

__all__ = ["launching", "records", "translations"]
