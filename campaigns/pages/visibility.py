"""Which pages visitors can see."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Substr
from wagtail.models import Page
from wagtail.query import PageQuerySet

# The root of all pages is none of ours.
TAKEN_DOWN = models.Q(live=False, depth__gt=1)
# Site, campaign, city and its news hang below the root; more than there will ever be.
DEEPEST = 8


def visible(pages: PageQuerySet) -> PageQuerySet:
    """Those that are live, as is everything above them."""
    # Each of these is found by the index of paths, where a comparison would read all pages.
    above = [Substr(OuterRef("path"), 1, depth * Page.steplen) for depth in range(1, DEEPEST + 1)]
    return pages.filter(~Exists(Page.objects.filter(TAKEN_DOWN, path__in=above)))
