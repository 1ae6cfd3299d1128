"""What a page says of itself to programs that read it, in the words of schema.org."""

import json
from datetime import datetime
from typing import Any, Protocol

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()


class Describing(Protocol):
    """A public page."""

    title: str
    language: str
    description: str
    language_links: dict[str, str]
    first_published_at: datetime | None
    last_published_at: datetime | None


class Picture(Protocol):
    @property
    def address(self) -> str: ...
    @property
    def alt(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def height(self) -> int: ...


# Within a data block nothing may end it.
ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@register.simple_tag
def json_ld(page: Describing, menu: dict[str, Any], card: Picture) -> SafeString:
    links = dict(page.language_links)
    address = links.pop(get_language() or "", None)
    if address is None:
        return SafeString("")
    found = {"@context": "https://schema.org", **described(page, menu, address, links)}
    found["image"] = {
        "@type": "ImageObject",
        "url": menu["root_url"] + card.address,
        "width": card.width,
        "height": card.height,
        "caption": card.alt,
    }
    said = json.dumps(found, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{said}</script>')  # noqa: S308


def described(
    page: Describing, menu: dict[str, Any], address: str, links: dict[str, str]
) -> dict[str, Any]:
    """A page in its own language; those that say the same are its translations."""
    is_news, home = getattr(page, "is_news", False), menu["home"]
    kind = "NewsArticle" if is_news else "WebPage"
    published = getattr(page, "date", None) if is_news else page.first_published_at
    found = {
        "@type": kind,
        "url": address,
        "headline" if is_news else "name": getattr(page, "heading", page.title),
        "description": page.description,
        "inLanguage": page.language,
        "datePublished": published and published.isoformat(),
        "dateModified": page.last_published_at and page.last_published_at.isoformat(),
        "isPartOf": {"@type": "WebSite", "name": home.title, "url": home.full_url},
        "workTranslation": [
            {"@type": kind, "url": url, "inLanguage": language} for language, url in links.items()
        ],
    }
    if is_news:
        found["publisher"] = {"@type": "Organization", "name": home.title, "url": home.full_url}
    return {name: value for name, value in found.items() if value}
