"""What is told of a translation that goes live, whichever button published it."""

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from campaigns.completeness import translation_of
from campaigns.translation_notes import notes_of

LISTED = 10


def warn_of_notes(request: HttpRequest, instance: Any) -> None:
    """Says which texts lack a placeholder or call the glossary's terms otherwise.

    What is only drafted is not live.
    """
    translation = translation_of(instance)
    notes = notes_of(translation, type(instance)).notes if translation else []
    remarkable = [note for note in notes if note.remarks and not note.is_draft]
    if not remarkable:
        return
    heading = ngettext(
        "“%(title)s” has %(count)s text that should be looked at.",
        "“%(title)s” has %(count)s texts that should be looked at.",
        len(remarkable),
    )
    editor = AdminURLFinder().get_edit_url(instance) or ""
    lines = [
        (f"{editor}{note.anchor}", note.field, remark)
        for note in remarkable[:LISTED]
        for remark in note.remarks
    ]
    messages.warning(
        request,
        format_html(
            "{} <ul>{}</ul>",
            heading % {"title": instance, "count": len(remarkable)},
            format_html_join("", '<li><a href="{}">{}</a>: {}</li>', lines),
        ),
    )
