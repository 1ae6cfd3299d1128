"""How words are set: those of another language marked, small ones held to the next."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from wagtail.models import Page

from campaigns.placeholders import marked
from campaigns.records.answers import Answer, ShownText
from translations.languages.names import spoken_in

register = template.Library()
# Prepositions and conjunctions in Cyrillic letters, which no line ends with.
SMALL_WORD = re.compile(r"(?<![\w’'-])([а-яґєії]{1,2}) (?=\S)", re.IGNORECASE)


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
def answer_text(answer: Answer) -> ShownText:
    """In the page's language where there is a translation."""
    return answer.text_in(get_language() or "")


@register.simple_tag
def live_elsewhere(page: Page) -> list[str]:
    """The other languages in which a page is live."""
    return [str(other.locale) for other in page.get_translations().live().select_related("locale")]


@register.filter
def with_names(text: str, page: Page) -> SafeString:
    """A sentence of a page, in which names without a translation carry their language."""
    return marked(text, getattr(page, "foreign_names", []))


@register.filter
def unbroken(text: str) -> SafeString:
    """A heading in which a word of one or two letters stands in a line with the next."""
    html = SMALL_WORD.sub("\\1\u00a0", conditional_escape(text))
    return mark_safe(html)  # noqa: S308 - escaped above
