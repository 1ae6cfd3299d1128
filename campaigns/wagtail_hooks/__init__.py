"""Cities, ties, petitions and their pages in the admin."""

from campaigns.wagtail_hooks import publishing, records, rights

__all__ = ["publishing", "records", "rights"]
