"""The translators' workplace in the admin."""

from translation_desk.wagtail_hooks import glossary, localize, po_files, translators

__all__ = ["glossary", "localize", "po_files", "translators"]
