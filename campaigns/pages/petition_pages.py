"""The words about a petition in one language."""

from typing import Any

from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import BoundBlock
from wagtail.contrib.routable_page.models import path
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.query import PageQuerySet
from wagtail_localize.fields import SynchronizedField

from campaigns import placeholders
from campaigns.blocks.content import CampaignBlocks
from campaigns.blocks.pointed import gathered, linked
from campaigns.blocks.shown import ShownBlock, shown
from campaigns.blocks.wordings import CampaignWordings, CityWordings
from campaigns.pages import claims, search, tracker
from campaigns.pages.base import PAGE_SECONDS, PROBLEMS_PANEL, SHARED_FIELDS
from campaigns.pages.city_rows import (
    CityLink,
    CityRow,
    HomeCity,
    city_links,
    city_rows,
    home_cities,
)
from campaigns.pages.outcomes import OutcomeCounts, count_outcomes
from campaigns.pages.parts import Part, number_of, part_of
from campaigns.pages.petition_base import PetitionPageBase
from campaigns.pages.sign_form import FormMixin
from campaigns.records.cities import CityName
from campaigns.records.form_shape import OPTIONAL_FIELDS
from campaigns.records.freshness import STALE, older_than
from campaigns.records.petitions import Petition
from campaigns.records.recipients import (
    RecipientWords,
    mayor_told,
    mayor_words,
    named_mayors,
)
from campaigns.records.standings import Step, Wordings, wordings
from campaigns.records.ties import Tie
from campaigns.records.visibility import is_public
from pagecache.declaring import declare
from translations.gaps import translation_of
from translations.languages.collation import sort_key


class CampaignPage(FormMixin, PetitionPageBase):
    """The campaign-wide petition, and what its city pages have in common."""

    petition = models.ForeignKey(
        Petition, on_delete=models.PROTECT, verbose_name=_("petition"), null=True, blank=True
    )
    # Translators: The paragraph below a page’s heading.
    lead = models.TextField(_("lead"), blank=True)
    # Translators: A noun: what the signers of a petition demand.
    ask = models.TextField(_("ask"), help_text=_("What a signer demands."))
    starter = models.CharField(_("started by"), max_length=120)
    recipients = models.CharField(_("recipients"), max_length=120)
    consent_text = models.TextField(
        _("consent text"),
        help_text=_(
            "Begin with one sentence, which is shown beside the checkbox: who keeps the data, "
            "and that signing discloses a political opinion. Then leave a blank line. Everything "
            "after it is folded below."
        ),
    )
    share_text = models.TextField(_("share text"), blank=True)
    city_heading = models.CharField(
        _("heading"), max_length=250, validators=[placeholders.validate_pattern]
    )
    city_lead = models.TextField(_("lead"), blank=True, validators=[placeholders.validate_pattern])
    city_ask = models.TextField(_("ask"), validators=[placeholders.validate_pattern])
    city_recipient = models.CharField(
        _("recipient"), max_length=200, validators=[placeholders.validate_pattern]
    )
    city_share = models.TextField(
        _("share text"), blank=True, validators=[placeholders.validate_pattern]
    )
    state_words = StreamField(
        CampaignWordings(),
        verbose_name=_("words by state"),
        blank=True,
        help_text=_(
            "What the page says instead when nobody can sign. Where you leave a field empty, it "
            "says a neutral sentence that asks for nothing."
        ),
    )
    city_words = StreamField(
        CityWordings(),
        verbose_name=_("words by status and state"),
        blank=True,
        help_text=_(
            "The patterns above are for an active tie and a petition that can be signed. In all "
            "other cases, city pages say what you write here; where you write nothing, they say "
            "only what is known."
        ),
    )
    body = StreamField(CampaignBlocks(), verbose_name=_("body"), blank=True)

    essential_texts = frozenset(
        {
            "title",
            "ask",
            "starter",
            "recipients",
            "consent_text",
            "city_heading",
            "city_ask",
            "city_recipient",
            "state_words",
            "city_words",
            "extra_questions",
            *(f"{name}_help" for name in OPTIONAL_FIELDS),
        }
    )
    content_panels = [
        PROBLEMS_PANEL,
        *Page.content_panels,
        FieldPanel("lead"),
        FieldPanel("ask"),
        FieldPanel("starter"),
        FieldPanel("recipients"),
        FieldPanel("body"),
        FieldPanel("consent_text"),
        FieldPanel("share_text"),
        FieldPanel("state_words"),
        *FormMixin.form_panels,
        MultiFieldPanel(
            [
                FieldPanel("city_heading"),
                FieldPanel("city_lead"),
                FieldPanel("city_ask"),
                FieldPanel("city_recipient"),
                FieldPanel("city_share"),
                FieldPanel("city_words"),
                *FormMixin.city_form_panels,
            ],
            heading=_("Patterns for city pages"),
            help_text=_(
                "Cities fill these placeholders: {city}, {of_city}, {in_city}, {with_city}, "
                "{state}, the same for {sister_city}, and {sister_region}. {mayor}, {to_mayor} and "
                "{of_mayor} name the mayor together with the city, as in “the mayor of Portland”."
            ),
        ),
    ]
    override_translatable_fields = [
        *SHARED_FIELDS,
        *FormMixin.shared_form_fields,
        SynchronizedField("petition", False),
    ]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["campaigns.PetitionPage", "campaigns.UpdatePage"]
    template = "campaigns/campaign_page.html"

    class Meta:
        verbose_name = _("campaign page")
        verbose_name_plural = _("campaign pages")

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new campaign gets its petition with its page; a preview of it gets none.

        Its time zone is that of whoever makes it, until they choose another.
        """
        if self.petition is None:
            zone = timezone.get_current_timezone_name()
            self.petition = Petition.objects.create(time_zone=zone)
        super().save(*args, **kwargs)

    def signable_pages(self) -> list[PetitionPageBase]:
        return [self, *self.city_pages()]

    def as_drafted(self) -> "CampaignPage":
        """As its newest draft has it; of a translation, with the source's words where it has none.

        It is not to be saved.
        """
        if translation := translation_of(self):
            return translation.source.get_ephemeral_translated_instance(self.locale, fallback=True)
        if self.has_unpublished_changes and self.latest_revision_id:
            return self.get_latest_revision_as_object()
        return self

    def all_cities(self) -> PageQuerySet:
        """Those of this language, live or not."""
        return PetitionPage.objects.child_of(self).filter(locale=self.locale_id)

    def cities_below(self) -> PageQuerySet:
        """Those that every visitor can see, once they are live."""
        below = self.all_cities()
        # A campaign that is for some alone shows them its cities.
        return below if self.get_view_restrictions().exists() else below.filter(is_public())

    def city_pages(self) -> "list[PetitionPage]":
        """The live city pages of this language, by name, with their ties and names at hand."""
        return self.named(self.cities_below().live())

    @property
    def names_mayors(self) -> bool:
        """Whether its cities' pages say anywhere who is mayor there."""
        texts = [self.city_heading, self.city_lead, self.city_ask, self.city_recipient]
        texts += [self.city_share, str(self.city_words.get_prep_value())]
        return any(map(placeholders.names_mayor, texts))

    def named(self, pages: PageQuerySet) -> "list[PetitionPage]":
        """City pages by name, in a constant number of queries."""
        pages = pages.select_related(
            *("petition__parent", "petition__tie__city", "petition__tie__sister_city"), "locale"
        ).prefetch_related(
            "petition__events",
            "petition__tie__events",
            "petition__tie__city__names__locale",
            "petition__tie__sister_city__names__locale",
        )
        if self.names_mayors:
            pages = pages.prefetch_related(named_mayors("petition__tie__city"))
        for page in pages:
            page.campaign = self
        return sorted(pages, key=lambda page: sort_key(page.city_name.name, self.language))

    def city_rows(self) -> list[CityRow]:
        """The same in lists, which have no use for the pages' words."""
        return city_rows(self.cities_below().live(), self)

    def home_cities(self) -> list[HomeCity]:
        """In which its signers may say that they live; a page that is not stored has none."""
        return home_cities(self.cities_below().live(), self.language) if self.pk else []

    def parts_of(self, cities: list[CityRow]) -> Part:
        """The tracker's parts."""
        return part_of(
            cities,
            "",
            lambda number: f"{self.url}cities/{number and f'?p={number}'}",
            lambda city: city.city_name,
        )

    def outcomes(self) -> OutcomeCounts:
        """Of the cities that the tracker lists."""
        return count_outcomes(self.cities_below().live())

    # What a template shows of a page that asks for signatures, campaign-wide or of a city.
    @property
    def wordings(self) -> Wordings:
        return wordings(self.state_words)

    def own(self, name: str) -> str:
        return ""

    def general(self, name: str) -> str:
        texts = {
            "heading": self.title,
            "lead": self.lead,
            "ask": self.ask,
            "description": self.search_description or self.lead,
            "share": self.share_text,
        }
        return texts[name]

    def filled(self, pattern: str) -> str:
        return pattern

    @property
    def neutral_heading(self) -> str:
        return self.title

    @property
    def recipient(self) -> str:
        return self.recipients

    @property
    def consent(self) -> str:
        return self.consent_text

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
    def blocks(self) -> list[ShownBlock]:
        """The blocks that are about no city in particular."""
        return [block for block in shown(self.body) if block.city is None]

    def nearest_open(self, but: models.QuerySet[Any] | None = None) -> list[CityLink]:
        """None is near a campaign."""
        return []

    def get_route_paths(self) -> list[str]:
        found = (f"/{part}" for part in claims.addresses_below(self))
        return [*super().get_route_paths(), "/cities/", *found]

    def parts_below(self) -> list[str]:
        news = ["news/"] if self.updates().exists() else []
        return ["cities/", *news]

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """With all claims that stand below it, each in the languages that have it."""
        urls = super().get_sitemap_urls(request)
        if not urls:
            return []
        pages = self.live_translations().select_related("locale")
        live = {page.language: claims.addresses_below(page) for page in pages}
        own = live.get(self.language, ())
        return urls + [claims.in_sitemap(urls[0], part, live, self.language) for part in own]

    def evidence_about_cities(self) -> claims.CityEvidence:
        return claims.evidence_about_cities(self)

    def resolve_subpage(self, path: str) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Raises: Http404, for what is no claim, so that it is sought in other languages, too."""
        view, args, kwargs = super().resolve_subpage(path)
        if "key" in kwargs and claims.find_claim(self, kwargs["key"]) is None:
            raise Http404
        return view, args, kwargs

    @path("evidence/<slug:key>/", name="claim")
    def claim(self, request: HttpRequest, key: str) -> HttpResponse:
        """One claim, with its sources, its corrections, and how to cite it."""
        found = claims.find_claim(self, key)
        if found is None:
            raise Http404
        languages = found.languages()
        links = {
            language: f"{url}{claims.BELOW}{key}/"
            for language, url in self.language_links.items()
            if language in languages
        }
        response: HttpResponse = self.render(
            request,
            template="campaigns/claim.html",
            context_overrides={
                "language_links": links,
                "claim": found,
                "description": found.description,
                "pairs": city_rows(found.pairs(self.cities_below().live()), self),
            },
        )
        return response

    @path("cities/", name="cities")
    def cities(self, request: HttpRequest) -> HttpResponse:
        """The outcome tracker: every city, its tie's status, its count."""
        if any(request.GET.getlist("q")) and search.asked_too_often(request):
            return search.refused(request)
        links = {language: f"{url}cities/" for language, url in self.language_links.items()}
        cities = claims.with_claims(self.city_rows(), claims.claims_by_page(self))
        states = tracker.states(cities, self.language)
        slugs = {state.slug for state in states}
        question = tracker.TrackerQuestion.asked(request.GET, slugs)
        chosen = [city for city in cities if question.fits(city)]
        found = search.find(question.q, chosen) if question.q else search.Found(chosen)
        response: HttpResponse = self.render(
            request,
            template="campaigns/cities.html",
            context_overrides={
                "language_links": links,
                "found": found,
                "part_number": number_of(question.p, len(found.rows)),
                "question": question,
                "columns": question.columns(),
                "states": states,
                "state": next((each for each in states if each.slug == question.state), None),
                "statuses": tracker.LABELS.items(),
                "steps": Step.choices,
                "status_label": tracker.LABELS.get(question.status),
                "step_label": dict(Step.choices).get(question.step),
                "fill": question.fill,
                "legend": question.fill.legend(cities),
                "tiles": tracker.tiles(cities, question.fill),
            },
        )
        seconds = PAGE_SECONDS if question.is_by_number else None
        choices = tracker.choices(slugs, len(cities))
        declare(response, choices, free=["q"], seconds=seconds)
        return response


class PetitionPage(PetitionPageBase):
    """A city's petition. It stores no sentence of its own unless an editor writes one."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, verbose_name=_("petition"))
    own_heading = models.CharField(_("heading"), max_length=250, blank=True)
    own_ask = models.TextField(_("ask"), blank=True)
    own_share_text = models.TextField(_("share text"), blank=True)
    body = StreamField(CampaignBlocks(), verbose_name=_("blocks of this city alone"), blank=True)

    essential_texts = frozenset({"own_heading", "own_ask"})
    content_panels = [
        PROBLEMS_PANEL,
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
    subpage_types = ["campaigns.UpdatePage"]
    template = "campaigns/petition_page.html"
    shows_petition_above = False
    # New cities come by launching, which makes the records that a page needs.
    is_creatable = False

    class Meta:
        verbose_name = _("city page")
        verbose_name_plural = _("city pages")

    @classmethod
    def for_serving(cls) -> PageQuerySet:
        """With what names its mayor, so that it is not asked for by itself."""
        city, language = map(models.OuterRef, ("petition__tie__city", "locale__language_code"))
        return super().for_serving().annotate(mayor_told=mayor_told(city, language))

    def come_from(self, parent: Page) -> None:
        super().come_from(parent)
        self.campaign = parent

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

    @property
    def foreign_names(self) -> list[tuple[str, str]]:
        """Forms of the cities' names that are not in the page's language, with theirs."""
        names = (self.city_name, self.sister_city_name)
        return [
            (form, name.language)
            for name in names
            if name.language != self.language
            for form in (name.name, name.of_form, name.in_form, name.with_form, name.region)
        ]

    @cached_property
    def forms(self) -> dict[str, str]:
        return placeholders.values(self.city_name, self.sister_city_name)

    @property
    def wordings(self) -> Wordings:
        return wordings(self.campaign.city_words)

    def own(self, name: str) -> str:
        texts = {
            "heading": self.own_heading,
            "ask": self.own_ask,
            "description": self.search_description,
            "share": self.own_share_text,
        }
        return texts.get(name, "")

    def general(self, name: str) -> str:
        patterns = {
            "heading": self.campaign.city_heading,
            "lead": self.campaign.city_lead,
            "ask": self.campaign.city_ask,
            "description": self.campaign.city_lead,
            "share": self.campaign.city_share,
        }
        return patterns[name]

    @cached_property
    def mayor_forms(self) -> dict[str, str]:
        if "mayor_told" in vars(self):
            holder = self.mayor_told and RecipientWords(**self.mayor_told)
        else:
            holder = mayor_words(self.tie.city, self.language)
        return placeholders.mayor_values(self.city_name, holder, self.language)

    def values_for(self, pattern: str) -> dict[str, str]:
        """Who is mayor is asked only where it is told."""
        names_mayor = placeholders.names_mayor(pattern)
        return {**self.forms, **self.mayor_forms} if names_mayor else self.forms

    def filled(self, pattern: str) -> str:
        return placeholders.fill(pattern, self.values_for(pattern))

    @property
    def neutral_heading(self) -> str:
        with translation.override(self.language):
            return self.filled(str(placeholders.NEUTRAL_HEADING))

    @property
    def starter(self) -> str:
        return self.campaign.starter

    @property
    def recipient(self) -> str:
        pattern = self.campaign.city_recipient
        return placeholders.fill(pattern, self.values_for(pattern), is_sentence=False)

    @property
    def thank_you(self) -> str:
        campaign = self.campaign
        return self.filled(campaign.city_thank_you) or campaign.thank_you_text

    @property
    def closing(self) -> str:
        campaign = self.campaign
        return self.filled(campaign.city_closing) or campaign.closing_text

    @property
    def consent(self) -> str:
        return self.campaign.consent_text

    def nearest_open(self, but: models.QuerySet[Any] | None = None) -> list[CityLink]:
        """Where a tie still stands and a visitor can sign, if not among the petitions of `but`."""
        petitions = Petition.objects.with_state(timezone.now())
        is_open = petitions.filter(state_now=Petition.State.OPEN, tie_status=Tie.Status.ACTIVE)
        if days := self.petition.campaign.check_days:
            stale = older_than(Tie.objects.all(), STALE * days, timezone.now())
            is_open = is_open.exclude(tie__in=stale.values("pk"))
        pages = self.campaign.cities_below().live().exclude(pk=self.pk)
        if but is not None:
            pages = pages.exclude(petition__in=but)
        return city_links(
            pages.filter(petition__in=is_open.values("pk")),
            self.campaign,
            lambda places: tracker.nearest(self.tie.city, places),
        )

    def get_admin_display_title(self) -> str:
        return f"{self.city_name} – {self.sister_city_name.name}"

    @property
    def blocks(self) -> list[ShownBlock]:
        """The campaign's blocks that concern this city and are not hidden, then its own.

        All evidence stands where its first block does, that about this city and its sister first.
        """
        hidden = set(self.petition.hidden_blocks)
        inherited = [block for block in self.inheritable_blocks if block.id not in hidden]
        return claims.nearest_first(inherited, shown(self.body))

    def shown_records(self) -> list[str] | None:
        """Its own, unless it leads to others: by its words, or where nobody can sign."""
        petition, tie = self.petition, self.tie
        pages = gathered(linked(self.streams))
        if petition.state() != petition.State.OPEN or pages is None:
            return None
        if any(page and issubclass(page.specific_class, PetitionPage) for page in pages.values()):
            return None
        return [
            f"petition {petition.pk}",
            f"petition {petition.parent_id}",
            f"tie {tie.pk}",
            f"city {tie.city_id}",
            f"city {tie.sister_city_id}",
        ]

    @property
    def streams(self) -> list[Any]:
        return [self.campaign.body, self.body]

    @property
    def inheritable_blocks(self) -> list[ShownBlock]:
        """The campaign's blocks that are about its sister city or about none, hidden or not."""
        return [
            block
            for block in shown(self.campaign.body)
            if block.city in (None, self.tie.sister_city_id)
        ]

    def concerns(self, block: BoundBlock) -> bool:
        """Whether a block of the campaign is about this city, or about none in particular."""
        return block.block_type != "evidence" or block.value["city"] in (None, self.tie.sister_city)
