"""Cities, ties, petitions and their pages in the admin."""

from campaigns.wagtail_hooks import launching, publishing, records, rights, translations

__all__ = ["launching", "publishing", "records", "rights", "translations"]
