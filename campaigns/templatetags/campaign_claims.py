"""The claims of a campaign on its pages."""

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.pages.city_rows import CityRow
from campaigns.pages.claims import FoundClaim
from pagecache.holes import hole

register = template.Library()


@register.filter
def with_evidence(rows: Iterable[CityRow]) -> list[CityRow]:
    return [row for row in rows if row.claims]


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
        sources="; ".join(source.cited for source in claim.value["sources"]),
        address=claim.address(page),
        read=format_html(_("accessed {day}"), day=hole("day_of_reading", page.petition.time_zone)),
    )
