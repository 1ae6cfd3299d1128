"""Cities, ties, petitions and their pages in the admin."""

from campaigns.wagtail_hooks import records, rights

__all__ = ["records", "rights"]
