"""Which pages visitors can see."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Exists, OuterRef
from django.db.models.functions import Substr
from django.db.models.sql.compiler import SQLCompiler
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet

# The root of all pages is none of ours.
TAKEN_DOWN = models.Q(live=False, depth__gt=1)
# Site, campaign, city and its news hang below the root; more than there will ever be.
DEPTHS = range(1, 9)


def visible(pages: PageQuerySet) -> PageQuerySet:
    """Those that are live, as is everything above them."""
    return pages.filter(~Exists(Page.objects.filter(TAKEN_DOWN, path__in=paths_above())))


UNRESTRICTED = (
    f"NOT EXISTS (SELECT 1 FROM {PageViewRestriction._meta.db_table} restricted"  # noqa: S608
    f" INNER JOIN {Page._meta.db_table} above ON above.id = restricted.page_id"
    " WHERE above.path IN ({}))"
)


class IsUnrestricted(models.Func):
    """Of a path: no page is restricted that it leads to or through.

    Written out, since Django took longer to put it together than a database to answer it.
    """

    output_field = models.BooleanField()
    arity = 1

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **kwargs: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        path, params = compiler.compile(self.source_expressions[0])
        above = [f"SUBSTR({path}, 1, {depth * Page.steplen})" for depth in DEPTHS]
        return UNRESTRICTED.format(", ".join(above)), tuple(params) * len(above)


def is_public() -> models.Q:
    """Of a page: neither it nor one above it is for some visitors alone."""
    return models.Q(IsUnrestricted("path"))


def paths_above() -> list[Substr]:
    """Of a page and of all above it: found by an index, where comparing would read all pages."""
    return [Substr(OuterRef("path"), 1, depth * Page.steplen) for depth in DEPTHS]
