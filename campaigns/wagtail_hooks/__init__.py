"""Cities, ties, petitions and their pages in the admin."""

from campaigns.wagtail_hooks import evidence, launching, publishing, records, rights, translations

__all__ = ["evidence", "launching", "publishing", "records", "rights", "translations"]
