"""What people are told where a translation goes live, or does not."""

from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import TranslatableMixin

from translation_desk.notes import notes_of
from translations.gaps import Gap, translation_of

TEXTS_LISTED = 10


def warn_of_notes(request: HttpRequest, instance: TranslatableMixin) -> None:
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
        (f"{editor}{note.anchor}", note.place, remark)
        for note in remarkable[:TEXTS_LISTED]
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


def sentence(instance: TranslatableMixin, found: list[Gap], refused: bool) -> SafeString:
    """What is missing, each with its field, and where to translate it."""
    if refused:
        heading = ngettext(
            "“%(title)s” cannot be published: %(count)s text that visitors need is not translated.",
            "“%(title)s” cannot be published: %(count)s texts that visitors need are not "
            "translated.",
            len(found),
        )
    else:
        heading = ngettext(
            "“%(title)s” has %(count)s text that is not translated. It stays as it is live now, "
            "or is left out until then.",
            "“%(title)s” has %(count)s texts that are not translated. They stay as they are live "
            "now, or are left out until then.",
            len(found),
        )
    editor = AdminURLFinder().get_edit_url(instance) or ""
    draft = _("(a draft waits to be accepted)")
    lines = [
        (
            gap.address or f"{editor}{gap.anchor}",
            gap.field,
            Truncator(gap.words).chars(80),
            draft if gap.has_draft else "",
        )
        for gap in found[:TEXTS_LISTED]
    ]
    return format_html(
        '{} <ul>{}</ul> <a class="w-text-white w-underline" href="{}">{}</a>',
        heading % {"title": instance, "count": len(found)},
        format_html_join(
            "", '<li><a class="w-text-white w-underline" href="{}">{}: {}</a> {}</li>', lines
        ),
        f"{editor}#changes",
        _("To the translation"),
    )


def may_go_live(request: HttpRequest, instance: TranslatableMixin, found: list[Gap]) -> bool:
    """False, with the list of gaps shown, for a translation without an essential text.

    The rest is warned of, and what lacks a placeholder or does not keep to the glossary.
    """
    essential = [gap for gap in found if gap.is_essential]
    if essential:
        messages.error(request, sentence(instance, essential, refused=True))
        return False
    if found:
        messages.warning(request, sentence(instance, found, refused=False))
    warn_of_notes(request, instance)
    return True
