"""Which pages visitors can see."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Substr
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

# The root of all pages is none of ours.
TAKEN_DOWN = models.Q(live=False, depth__gt=1)
# Site, campaign, city and its news hang below the root; more than there will ever be.
DEEPEST = 8


def visible(pages: PageQuerySet) -> PageQuerySet:
    """Those that are live, as is everything above them."""
    return pages.filter(~Exists(Page.objects.filter(TAKEN_DOWN, path__in=paths_above())))


def is_public() -> models.Q:
    """Of a page: neither it nor one above it is for some visitors alone."""
    return models.Q(~Exists(PageViewRestriction.objects.filter(page__path__in=paths_above())))


def paths_above() -> list[Substr]:
    """Of a page and of all above it: found by an index, where comparing would read all pages."""
    return [Substr(OuterRef("path"), 1, depth * Page.steplen) for depth in range(1, DEEPEST + 1)]
