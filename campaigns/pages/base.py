"""What every public page has."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PageViewRestriction, Site
from wagtail.query import PageQuerySet
from wagtail.url_routing import RouteResult
from wagtail_localize.fields import SynchronizedField

from campaigns.blocks.pointed import gather
from campaigns.pages.panels import CheckedPageForm, ProblemsPanel
from campaigns.pages.routing import Found, found_for
from campaigns.records.visibility import TAKEN_DOWN, is_public, visible
from pagecache.declaring import declare
from security.printable import make_printable
from translations import slugs
from translations.gaps import clear_handover, resync
from translations.publishing import refuse_foreign, shows_words
from translations.sync.following import follow, offer_known

# How long a cache may keep a page. The count on it may be as old again, ten seconds in all.
PAGE_SECONDS = 5
SHARED_FIELDS: list[SynchronizedField] = [
    SynchronizedField("slug", overridable=False),
    SynchronizedField("show_in_menus", overridable=False),
]


PROBLEMS_PANEL: ProblemsPanel = ProblemsPanel(heading=_("Before you publish"), icon="glasses")


def refuse_other_language(page: Page, parent: Page) -> None:
    """Raises: ValidationError, where a page would stand below one in another language."""
    # A page without a language is given its parent's by Wagtail.
    if parent.depth > 1 and page.locale_id not in (None, parent.locale_id):
        reason = _(
            "A page in one language (%(language)s) does not stand below one in another "
            "(%(other)s). Translate it instead."
        )
        details = {"language": page.locale, "other": parent.locale}
        raise ValidationError({NON_FIELD_ERRORS: ValidationError(reason, params=details)})


def forget_addresses(*keepers: object) -> None:
    Site.clear_site_root_paths_cache()
    for keeper in filter(None, keepers):
        vars(keeper).pop("_wagtail_cached_site_root_paths", None)


def full_address(page: Page) -> str | None:
    """Of any page, as those of ours tell it themselves: None for one of no site only."""
    address: str | None = page.full_url
    if address is None:
        forget_addresses(page)
        address = page.full_url
    return address


class PublicPageMixin(models.Model):
    """A page that any cache may keep: no cookie, no session, the same for everyone."""

    # The texts without which a translation may not go live; of the others, the editor is warned.
    essential_texts: ClassVar[frozenset[str]] = frozenset({"title"})
    # What an address may ask of the page in words of its own.
    free_texts: ClassVar[tuple[str, ...]] = ()
    # How long it may be kept, where something in it moves that nothing tells of.
    kept_seconds: ClassVar[float | None] = None
    # Whether a view of it tells something of the petition of the page above.
    shows_petition_above: ClassVar[bool] = True
    base_form_class = CheckedPageForm

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises: ValidationError, before visitors see words of another language."""
        if self._state.adding and self.path:  # type: ignore[attr-defined]
            refuse_other_language(self, self.get_parent())  # type: ignore[attr-defined]
        if shows_words(self, kwargs.get("update_fields")):
            refuse_foreign(self)
        super().save(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        make_printable(self)
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        """What Wagtail asks of a draft."""
        make_printable(self)
        super().minimal_clean()  # type: ignore[misc]

    def after_publishing(self) -> None:
        """Shows the page's translators at once what is new in it; its slug is theirs too."""
        slugs.share(self)
        for translated in follow(self):
            translated.keep_words()
        resync(self)
        offer_known(self)
        if self.language != settings.LANGUAGE_CODE:
            clear_handover(self)

    def keep_words(self) -> None:
        """Keeps what the page's visitors sign from now on, where they can sign."""

    # What is known already of a page that is served.
    found: Found | None = None

    @classmethod
    def on_the_way(cls) -> PageQuerySet:
        """With what a page below shows of it that tells nothing of its petition."""
        return cls.objects.select_related("locale")  # type: ignore[attr-defined]

    @classmethod
    def for_serving(cls) -> PageQuerySet:
        """With what a view of the page needs."""
        return cls.on_the_way()

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        self.found = found_for(request)
        slug = next(iter(path_components), None)
        address = f"{self.url_path}{slug}/"  # type: ignore[attr-defined]
        row = self.found.by_address.get(address) if self.found else None
        model: Any = row.specific_class if row else None
        is_ours = model is not None and issubclass(model, PublicPageMixin)
        if row is None or not is_ours or self.answers(path_components):
            return super().route(request, path_components)  # type: ignore[misc]
        next_address = f"{address}{''.join(path_components[1:2])}/"
        next_row: Any = self.found.by_address.get(next_address) if self.found else None
        is_shown = getattr(next_row and next_row.specific_class, "shows_petition_above", True)
        page = (model.for_serving() if is_shown else model.on_the_way()).get(pk=row.pk)
        page.come_from(self)
        return page.route(request, path_components[1:])

    def answers(self, path_components: list[str]) -> bool:
        """Whether an address below the page's own is no page's, but one of its views."""
        return False

    def come_from(self, parent: Page) -> None:
        """Keeps the page above, by which this one was reached."""
        self._cached_parent_obj = parent

    def get_view_restrictions(self) -> "models.QuerySet[PageViewRestriction]":
        if self.found and self.found.is_unrestricted(self):
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()  # type: ignore[misc]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Where a language has no live home page, Wagtail falls back to the source language's tree.
        is_foreign = get_language() != self.language or self.repeats_another_language
        is_seen = not is_foreign and self.has_live_ancestors
        if not is_seen and not getattr(request, "is_preview", False):
            raise Http404
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        if not getattr(request, "is_preview", False) and not response.has_header("Cache-Control"):
            restricted = self.get_view_restrictions().exists()
            if restricted:
                patch_cache_control(response, private=True, no_store=True)
            else:
                patch_cache_control(response, public=True, max_age=PAGE_SECONDS)
                shown = self.shown_records()
                declare(response, free=self.free_texts, seconds=self.kept_seconds, records=shown)
        return response

    def shown_records(self) -> list[str] | None:
        """Of cities' records, all that the page shows; None where it may show any."""
        return None

    @property
    def streams(self) -> list[Any]:
        """The bodies whose blocks the page shows."""
        return [self.body]  # type: ignore[attr-defined]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        gather(self.streams)
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        return context

    def serve_password_required_response(
        self, request: HttpRequest, form: Form, action_url: str
    ) -> HttpResponse:
        """Without a word of the page, which Wagtail would give to the template."""
        context = {"form": form, "action_url": action_url}
        return TemplateResponse(request, "wagtailcore/password_required.html", context)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """In the page's own language, whatever the editor's."""
        with translation.override(self.language):
            response = super().serve_preview(request, mode_name)  # type: ignore[misc]
            return response.render()

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """None for a page of no site only: a home page that is new to this process is looked up."""
        parts = super().get_url_parts(request)  # type: ignore[misc]
        if parts is None:
            forget_addresses(request, self)
            parts = super().get_url_parts(request)  # type: ignore[misc]
        return parts

    @property
    def language(self) -> str:
        return self.locale.language_code  # type: ignore[attr-defined]

    # What is told of the page where it is not itself: to search engines, in shared links.
    @property
    def window_title(self) -> str:
        return self.seo_title or self.title  # type: ignore[attr-defined]

    @property
    def description(self) -> str:
        return self.search_description or getattr(self, "lead", "")  # type: ignore[attr-defined]

    @property
    def has_live_ancestors(self) -> bool:
        """Below a page that was taken down nothing is to be seen: it would have no context."""
        if self.found:
            return self.found.is_live(self)
        return not Page.objects.ancestor_of(self).filter(TAKEN_DOWN).exists()

    @property
    def repeats_another_language(self) -> bool:
        """Whether this is an alias, Wagtail's copy of a page with the words of its language."""
        alias_of = self.alias_of  # type: ignore[attr-defined]
        return alias_of is not None and alias_of.locale_id != self.locale_id  # type: ignore[attr-defined]

    @cached_property
    def language_links(self) -> dict[str, str]:
        """Addresses of the live pages that say the same, by language, this one included."""
        pages: Iterable[Any] = (
            self.found.seen_translations(self)
            if self.found
            else self.live_translations().select_related("locale")
        )
        return {
            page.locale.language_code: address
            for page in pages
            if page.alias_of_id is None and (address := full_address(page))
        }

    def live_translations(self) -> "models.QuerySet[Any]":
        """Those that every visitor can see, this one included."""
        return visible(self.get_translations(inclusive=True)).filter(is_public())  # type: ignore[attr-defined]

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        if not self.full_url:  # type: ignore[attr-defined]
            return []
        alternates = [
            {"lang_code": language, "location": address}
            for language, address in self.language_links.items()
        ]
        if default := self.language_links.get(settings.LANGUAGE_CODE):
            alternates.append({"lang_code": "x-default", "location": default})
        urls = super().get_sitemap_urls(request)  # type: ignore[misc]
        return [{**url, "alternates": alternates} for url in urls]
