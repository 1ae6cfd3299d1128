"""Why a page does not go live: the same words in the editor, in bulk, in commands and logs."""

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db.models import Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page

LISTED = 10


def reasons(error: ValidationError, model: type[Model] = Page) -> list[str]:
    """Each reason, after the field that it is about."""
    if not hasattr(error, "error_dict"):
        return list(error.messages)
    return [
        reason if name == NON_FIELD_ERRORS else f"{label(model, name)}: {reason}"
        for name, found in error.message_dict.items()
        for reason in found
    ]


def label(model: type[Model], name: str) -> str:
    try:
        return capfirst(str(model._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def heading(page: Model) -> str:
    return _("“%(title)s” cannot be published.") % {"title": title_of(page)}


def title_of(page: Model) -> str:
    return page.get_admin_display_title() if isinstance(page, Page) else str(page)


def refusal_as_sentence(page: Model, error: ValidationError) -> str:
    """In plain text."""
    found = reasons(error, type(page) if isinstance(page, Page) else Page)
    return " ".join([heading(page), *found[:LISTED]])


def shown(page: Page, error: ValidationError) -> SafeString:
    """With a list, and a link to where it is put right."""
    found = reasons(error, type(page))[:LISTED]
    return format_html(
        '{} <ul>{}</ul> <a class="w-text-white w-underline" href="{}">{}</a>',
        heading(page),
        format_html_join("", "<li>{}</li>", ([reason] for reason in found)),
        AdminURLFinder().get_edit_url(page) or "",
        _("To the page"),
    )
