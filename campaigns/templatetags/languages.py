"""Words of another language than the page's, marked for those who hear the page read."""

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.models import Page

from campaigns.placeholders import marked
from translations.languages.names import spoken_in

register = template.Library()


@register.filter
def in_language(text: object, language: str) -> SafeString:
    """The text, with its language where that is not the page's.

    Empty where it is in another alphabet than that language's: then nobody knows what it is in.
    """
    actual = spoken_in(str(text), language)
    if actual == get_language():
        return conditional_escape(str(text))
    return format_html('<span lang="{}">{}</span>', actual, text)


@register.simple_tag
def live_elsewhere(page: Page) -> list[str]:
    """The other languages in which a page is live."""
    return [str(other.locale) for other in page.get_translations().live().select_related("locale")]


@register.filter
def with_names(text: str, page: Page) -> SafeString:
    """A sentence of a page, in which names without a translation carry their language."""
    return marked(text, getattr(page, "foreign_names", []))
