"""Cities, ties, petitions and their pages in the admin."""

from campaigns.wagtail_hooks import changes, evidence, pages, publishing, records, rights

__all__ = ["changes", "evidence", "pages", "publishing", "records", "rights"]
