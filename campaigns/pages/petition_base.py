"""What every page has that asks for signatures."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Locale, Page
from wagtail.query import PageQuerySet

from campaigns import previews
from campaigns.pages.base import PublicPageMixin
from campaigns.pages.news import NewsMixin
from campaigns.pages.wording import WordingMixin
from campaigns.records.answers import Answer, answer_due
from campaigns.records.city_names import unnamed
from campaigns.records.petitions import JOINED, Petition
from campaigns.records.standings import Rung, ladder
from campaigns.records.text_versions import SignedText, TextVersion
from translations.gaps import Gap


def below(url: dict[str, Any], part: str) -> dict[str, Any]:
    """An entry of the sitemap for an address below another's."""
    alternates = [{**each, "location": each["location"] + part} for each in url["alternates"]]
    return {**url, "location": url["location"] + part, "alternates": alternates}


class PetitionPageBase(WordingMixin, PublicPageMixin, NewsMixin, RoutablePageMixin, Page):
    """A page that asks for signatures."""

    if TYPE_CHECKING:
        petition: Any
        campaign: Any
        consent: Any
        starter: Any

    class Meta:
        abstract = True

    @classmethod
    def for_serving(cls) -> PageQuerySet:
        joined = [f"petition__{name}" for name in JOINED]
        return super().for_serving().select_related("petition", *joined)

    def answers(self, path_components: list[str]) -> bool:
        try:
            self.resolve_subpage("/".join(["", *path_components, ""]))
        except Http404:
            return False
        return bool(self.live)

    @property
    def words(self) -> SignedText:
        """What a visitor of this page signs."""
        return SignedText(self.language, self.heading, self.demand, self.consent)

    def name_gaps(self) -> list[Gap]:
        """The cities whose names this page's language lacks."""
        tie = self.petition.tie if self.petition else None
        if tie is None or self.locale_id == Locale.get_default().pk:
            return []
        label = str(_("Name of a city"))
        return [
            Gap("petition", label, str(city.name_in(settings.LANGUAGE_CODE)), True, address=address)
            for city, address in unnamed(tie, self.locale)
        ]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # A preview shows a petition that is made up.
        if self.petition_id and not getattr(request, "is_preview", False):
            if not self.found:
                self.petition = Petition.objects.select_related(*JOINED).get(pk=self.petition_id)
            self.petition.gather()
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context

    def render_with(self, request: HttpRequest, **context: Any) -> HttpResponse:
        """The page with more in its context than a plain view of it has."""
        return render(request, self.template, {**self.get_context(request), **context})

    @property
    def preview_modes(self) -> list[Any]:
        return previews.modes(self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return previews.render(self, request, mode_name)

    def chronicle(self) -> list[Any]:
        """News, and what happened to the petition and to its tie, the newest first."""
        events = list(self.petition.events.all())
        if self.petition.tie:
            events += self.petition.tie.events.all()
        dated = [event for event in events if event.date]
        # Of one day the last one entered comes first.
        dated.sort(key=lambda event: event.pk or 0, reverse=True)
        return sorted([*self.newest_updates(), *dated], key=lambda entry: entry.date, reverse=True)

    def ladder(self) -> list[Rung]:
        return ladder(self.petition)

    def recipients_answers(self) -> list[Answer]:
        """Those that are published, the newest first."""
        answered = [event for event in self.petition.events.all() if hasattr(event, "answer")]
        return [event.answer for event in reversed(answered)]

    @property
    def answer_due(self) -> date | None:
        return answer_due(self.petition)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The page, and what stands below it without being a page."""
        urls = super().get_sitemap_urls(request)
        return urls + [below(url, part) for part in self.parts_below() for url in urls]

    def get_cached_paths(self) -> list[str]:
        """Of a CDN that is told when the page is published."""
        return self.get_route_paths()

    def parts_below(self) -> list[str]:
        """Of a list of many pages, so nothing is asked of the database."""
        return ["news/"] if self.numchild else []

    def signable_pages(self) -> "list[PetitionPageBase]":
        """The pages whose words change when this one is published."""
        return [self]

    def after_publishing(self) -> None:
        super().after_publishing()
        self.keep_words()

    def keep_words(self) -> None:
        page = type(self).objects.get(pk=self.pk)
        # A page that is only scheduled goes live later.
        if page.live:
            TextVersion.record((each.petition, each.words) for each in page.signable_pages())

    def clean(self) -> None:
        super().clean()
        if not self.petition_id:
            return
        taken = self.petition.pages().filter(locale=self.locale_id).exclude(pk=self.pk)
        if taken.exists():
            raise ValidationError(
                _(
                    "This petition already has a page in this language. "
                    "Launch a new city instead of copying a page."
                )
            )
