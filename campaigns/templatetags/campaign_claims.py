"""The claims of a campaign on its pages."""

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.blocks.citations import SourceValue
from campaigns.pages.city_rows import CityRow
from campaigns.pages.claims import FoundClaim
from campaigns.templatetags.languages import in_language
from pagecache.holes import hole

register = template.Library()


@register.filter
def with_evidence(rows: Iterable[CityRow]) -> list[CityRow]:
    return [row for row in rows if row.claims]


@register.filter
def one_by_one(names: Iterable[tuple[str, str]]) -> SafeString:
    """Names in a row, each marked with its language where that is not the page's."""
    return format_html_join("; ", "{}", ((in_language(*each),) for each in names))


@register.simple_tag(takes_context=True)
def citation(context: Context, claim: FoundClaim, publisher: str) -> SafeString:
    """A line to copy, in the page's language; its last day is that of the reading."""
    page, published = context["page"], claim.holder.last_published_at
    local = page.petition.local_time(published) if published else None
    return format_html(
        # Translators: A citation, as readers copy it into their own texts.
        _(
            "“{claim}.” {campaign}. {publisher} ({day}). According to: {sources}. {address} "
            "({read})."
        ),
        claim=claim.value["heading"],
        campaign=page.title,
        publisher=publisher,
        day=date_format(local, "DATE_FORMAT") if local else "",
        sources=format_html_join(
            "; ", "{}", ((cited(source),) for source in claim.value["sources"])
        ),
        address=claim.address(page),
        read=format_html(_("accessed {day}"), day=hole("day_of_reading", page.petition.time_zone)),
    )


def cited(source: SourceValue) -> SafeString:
    """A source in a citation of what it says."""
    publisher = in_language(source["publisher"], source["language"])
    return format_html("{} ({})", publisher, source.shown_date) if source.shown_date else publisher
