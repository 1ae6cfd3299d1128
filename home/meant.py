"""Which city an address may have meant that leads nowhere."""

import re

from django.http import HttpRequest

from campaigns.pages import search
from home import surroundings
from home.other_languages import WAGTAIL_SERVE

# As city pages' addresses are spelled, in whatever alphabet somebody tried.
SLUG = re.compile(r"[^\W\d_]{2,40}(?:[-'’ ][^\W\d_]{1,40})*")
MOST_SHOWN = 6


def words_of(path: str) -> str:
    """The last part of an address as the words of a search; empty where it is no name."""
    last = path.rstrip("/").rpartition("/")[2][: search.MOST_LETTERS]
    return last.replace("-", " ") if SLUG.fullmatch(last) else ""


def meant_cities(request: HttpRequest) -> tuple[str, search.Found]:
    """What is searched for, and what is found of it: nothing where no page could be."""
    match, nothing = request.resolver_match, search.Found([])
    query = words_of(request.path) if not match or match.url_name == WAGTAIL_SERVE else ""
    site = surroundings.site_of(request) if query else None
    home = surroundings.home_in(site) if site else None
    if not home or search.asked_too_often(request):
        return "", nothing
    found = home.find(query)
    return query, search.Found(found.rows[:MOST_SHOWN], found.are_alike)
