"""The words about a petition in one language."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from campaigns import patterns
from campaigns.blocks import CampaignBlocks
from campaigns.models.cities import CityName
from campaigns.models.form import FormMixin
from campaigns.models.petitions import Petition
from campaigns.models.texts import TextVersion, Words
from campaigns.models.ties import Tie

# How long a cache may keep a page; the count on it is never older.
PAGE_SECONDS = 10
SHARED_FIELDS = [
    SynchronizedField("slug", overridable=False),
    SynchronizedField("show_in_menus", overridable=False),
]


class PublicPageMixin(models.Model):
    """A page that any cache may keep: no cookie, no session, the same for everyone."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().serve(request, *args, **kwargs)  # type: ignore[misc]
        if not getattr(request, "is_preview", False) and not response.has_header("Cache-Control"):
            restricted = self.get_view_restrictions().exists()  # type: ignore[attr-defined]
            if restricted:
                patch_cache_control(response, private=True, no_store=True)
            else:
                patch_cache_control(response, public=True, max_age=PAGE_SECONDS)
        return response

    @property
    def language(self) -> str:
        return self.locale.language_code  # type: ignore[attr-defined, no-any-return]

    @cached_property
    def language_links(self) -> dict[str, str]:
        """Addresses of the live pages that say the same, by language, this one included."""
        pages = self.get_translations(inclusive=True)  # type: ignore[attr-defined]
        return {
            page.locale.language_code: page.full_url
            for page in pages.live().select_related("locale").filter(alias_of=None)
        }

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        alternates = [
            {"lang_code": language, "location": address}
            for language, address in self.language_links.items()
        ]
        urls = super().get_sitemap_urls(request)  # type: ignore[misc]
        return [{**url, "alternates": alternates} for url in urls]


class PetitionPageBase(PublicPageMixin, RoutablePageMixin, Page):
    """A page that asks for signatures."""

    if TYPE_CHECKING:
        petition: Any
        heading: Any
        ask: Any
        consent: Any
        campaign: Any

    class Meta:
        abstract = True

    @property
    def words(self) -> Words:
        """What a visitor of this page signs."""
        return Words(self.language, self.heading, self.ask, self.consent)

    def render_with(self, request: HttpRequest, **context: Any) -> HttpResponse:
        """The page with more in its context than a plain view of it has."""
        return render(request, self.template, {**self.get_context(request), **context})

    def signable_pages(self) -> "list[PetitionPageBase]":
        """The pages whose words change when this one is published."""
        return [self]

    def publish(self, *args: Any, **kwargs: Any) -> None:
        """Publishes the page and keeps the words that its visitors will sign from now on."""
        super().publish(*args, **kwargs)
        page = type(self).objects.get(pk=self.pk)
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


class CampaignPage(FormMixin, PetitionPageBase):
    """The campaign-wide petition, and what its city pages have in common."""

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, verbose_name=_("petition"), null=True, blank=True
    )
    lead = models.TextField(_("lead"), blank=True)
    ask = models.TextField(_("ask"), help_text=_("What a signer demands."))
    starter = models.CharField(_("started by"), max_length=120)
    recipients = models.CharField(_("recipients"), max_length=120)
    consent_text = models.TextField(_("consent text"))
    share_text = models.TextField(_("share text"), blank=True)
    city_heading = models.CharField(
        _("heading"), max_length=250, validators=[patterns.validate_pattern]
    )
    city_lead = models.TextField(_("lead"), blank=True, validators=[patterns.validate_pattern])
    city_ask = models.TextField(_("ask"), validators=[patterns.validate_pattern])
    city_recipient = models.CharField(
        _("recipient"), max_length=200, validators=[patterns.validate_pattern]
    )
    city_share = models.TextField(
        _("share text"), blank=True, validators=[patterns.validate_pattern]
    )
    body = StreamField(CampaignBlocks(), verbose_name=_("body"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("ask"),
        FieldPanel("starter"),
        FieldPanel("recipients"),
        FieldPanel("body"),
        FieldPanel("consent_text"),
        FieldPanel("share_text"),
        *FormMixin.form_panels,
        MultiFieldPanel(
            [
                FieldPanel("city_heading"),
                FieldPanel("city_lead"),
                FieldPanel("city_ask"),
                FieldPanel("city_recipient"),
                FieldPanel("city_share"),
                *FormMixin.city_form_panels,
            ],
            heading=_("Patterns for city pages"),
            help_text=_(
                "Cities fill these placeholders: {city}, {of_city}, {in_city}, {with_city}, "
                "{state}, the same for {sister_city}, and {sister_region}."
            ),
        ),
    ]
    override_translatable_fields = [
        *SHARED_FIELDS,
        *FormMixin.shared_form_fields,
        SynchronizedField("petition", False),
    ]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["campaigns.PetitionPage"]
    template = "campaigns/campaign_page.html"

    class Meta:
        verbose_name = _("campaign page")
        verbose_name_plural = _("campaign pages")

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """A new campaign gets its petition with its page."""
        if self.petition is None:
            self.petition = Petition.objects.create()
        super().full_clean(*args, **kwargs)

    def signable_pages(self) -> list[PetitionPageBase]:
        return [self, *self.city_pages()]

    def city_pages(self) -> "list[PetitionPage]":
        """The live city pages of this language, by name, with their ties and names at hand."""
        pages = (
            PetitionPage.objects.child_of(self)
            .live()
            .select_related("petition__tie__city", "petition__tie__sister_city", "locale")
            .prefetch_related(
                "petition__tie__events",
                "petition__tie__city__names__locale",
                "petition__tie__sister_city__names__locale",
            )
        )
        for page in pages:
            page.campaign = self
        return sorted(pages, key=lambda page: page.city_name.name.casefold())

    # What a template shows of a page that asks for signatures, campaign-wide or of a city.
    @property
    def heading(self) -> str:
        return self.title

    @property
    def recipient(self) -> str:
        return self.recipients

    @property
    def consent(self) -> str:
        return self.consent_text

    @property
    def share_words(self) -> str:
        return self.share_text or self.title

    @property
    def thank_you(self) -> str:
        return self.thank_you_text

    @property
    def closing(self) -> str:
        return self.closing_text

    @cached_property
    def campaign(self) -> "CampaignPage":
        return self

    @property
    def blocks(self) -> list[Any]:
        """The blocks that are about no city in particular."""
        return [
            block
            for block in self.body
            if block.block_type != "evidence" or block.value["city"] is None
        ]

    @path("cities/", name="cities")
    def cities(self, request: HttpRequest) -> HttpResponse:
        """The outcome tracker: every city, its tie's status, its count."""
        links = {language: f"{url}cities/" for language, url in self.language_links.items()}
        return self.render(
            request,
            template="campaigns/cities.html",
            context_overrides={"language_links": links, "city_pages": self.city_pages()},
        )


class PetitionPage(PetitionPageBase):
    """A city's petition. It stores no sentence of its own unless an editor writes one."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, verbose_name=_("petition"))
    own_heading = models.CharField(_("heading"), max_length=250, blank=True)
    own_ask = models.TextField(_("ask"), blank=True)
    own_share_text = models.TextField(_("share text"), blank=True)
    body = StreamField(CampaignBlocks(), verbose_name=_("blocks of this city alone"), blank=True)

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("own_heading"), FieldPanel("own_ask"), FieldPanel("own_share_text")],
            heading=_("Words of this city alone"),
            help_text=_("Left empty, they are composed from the campaign's patterns."),
        ),
        FieldPanel("body"),
    ]
    override_translatable_fields = [
        *SHARED_FIELDS,
        SynchronizedField("petition", False),
        SynchronizedField("title", overridable=False),
    ]
    parent_page_types = ["campaigns.CampaignPage"]
    subpage_types: list[str] = []
    template = "campaigns/petition_page.html"
    # New cities come by launching, which makes the records that a page needs.
    is_creatable = False

    class Meta:
        verbose_name = _("city page")
        verbose_name_plural = _("city pages")

    @cached_property
    def campaign(self) -> CampaignPage:
        return CampaignPage.objects.select_related("locale").parent_of(self).get()

    @property
    def tie(self) -> Tie:
        tie = self.petition.tie
        assert tie is not None, "the database lets no city petition be without its tie"  # noqa: S101
        return tie

    @cached_property
    def city_name(self) -> CityName:
        return self.tie.city.name_in(self.language)

    @cached_property
    def sister_city_name(self) -> CityName:
        return self.tie.sister_city.name_in(self.language)

    @cached_property
    def forms(self) -> dict[str, str]:
        return patterns.forms(self.city_name, self.sister_city_name)

    @property
    def heading(self) -> str:
        return self.own_heading or patterns.compose(self.campaign.city_heading, self.forms)

    @property
    def lead(self) -> str:
        return patterns.compose(self.campaign.city_lead, self.forms)

    @property
    def ask(self) -> str:
        return self.own_ask or patterns.compose(self.campaign.city_ask, self.forms)

    @property
    def starter(self) -> str:
        return self.campaign.starter

    @property
    def recipient(self) -> str:
        return patterns.compose(self.campaign.city_recipient, self.forms)

    @property
    def share_words(self) -> str:
        own = self.own_share_text or patterns.compose(self.campaign.city_share, self.forms)
        return own or self.heading

    @property
    def thank_you(self) -> str:
        campaign = self.campaign
        return patterns.compose(campaign.city_thank_you, self.forms) or campaign.thank_you_text

    @property
    def closing(self) -> str:
        campaign = self.campaign
        return patterns.compose(campaign.city_closing, self.forms) or campaign.closing_text

    @property
    def consent(self) -> str:
        return self.campaign.consent_text

    def get_admin_display_title(self) -> str:
        return f"{self.city_name} – {self.sister_city_name.name}"

    @property
    def blocks(self) -> list[Any]:
        """The campaign's blocks that concern this city and are not hidden, then its own."""
        sister_city = self.tie.sister_city
        hidden = set(self.petition.hidden_blocks)
        inherited = [
            block
            for block in self.campaign.body
            if block.id not in hidden
            and (block.block_type != "evidence" or block.value["city"] in (None, sister_city))
        ]
        return [*inherited, *self.body]
