"""One slug for a page in every language, from the moment that its source has it."""

from typing import Any

from django.db import transaction
from wagtail.coreutils import find_available_slug
from wagtail.models import Locale, Page


@transaction.atomic
def share(page: Page) -> None:
    """Gives a source page's translations the slug that is live.

    Wagtail makes redirects from a page's old address, and from those of the pages below it, when
    the page is saved. Waiting for a translation's next publishing would leave the two languages
    with different slugs until then.
    """
    source = Page.objects.get(pk=page.pk)
    if source.locale_id != Locale.get_default().pk:
        return
    for other in source.get_translations().filter(alias_of=None).exclude(slug=source.slug):
        slug = find_available_slug(other.get_parent(), source.slug, ignore_page_id=other.pk)
        if slug == other.slug:
            continue
        other.slug = slug
        other.save(clean=False)
        _in_draft(other, slug)


def keep_possible(page: Page) -> None:
    """A translation takes its source's slug, unless a page beside it has that already.

    Home pages of all languages hang below one root, each with a slug of its own.
    """
    if find_available_slug(page.get_parent(), page.slug, ignore_page_id=page.pk) != page.slug:
        page.slug = Page.objects.values_list("slug", flat=True).get(pk=page.pk)


def _in_draft(page: Page, slug: str) -> None:
    """A draft carries the slug too, and would bring the old one back."""
    revision: Any = page.latest_revision
    if revision and revision.content.get("slug") != slug:
        revision.content = {**revision.content, "slug": slug}
        revision.save(update_fields=["content"])
