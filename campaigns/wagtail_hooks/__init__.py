"""Cities, ties, petitions and their pages in the admin."""

from campaigns.wagtail_hooks import records

__all__ = ["records"]
