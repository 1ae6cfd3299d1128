"""The evidence ledger: every claim of every campaign, and how its sources stand."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import PermissionCheckedMixin
from wagtail.log_actions import log
from wagtail.models import Locale

from accounts.requests import AuthenticatedHttpRequest
from campaigns.evidence.ledger import Claim, claims_for
from campaigns.evidence.sources import NamedSource, beside_evidence
from campaigns.models import SourceCheck
from campaigns.permissions import petition_policy
from campaigns.tables.writing import ToldExportMixin
from translations.languages.collation import sort_key
from translations.languages.folding import fold, has_words

LOG_SOURCE_CHECK = "campaigns.check_source"
CLAIMS_PER_PAGE = 50
CLAIM_STATES = [
    ("", gettext_lazy("All")),
    ("unsourced", gettext_lazy("Without a source")),
    ("dead", gettext_lazy("With a dead source")),
    ("overdue", gettext_lazy("Review overdue")),
    ("corrected", gettext_lazy("Corrected")),
]


class LedgerForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Text"), required=False, max_length=100)
    campaign = forms.ChoiceField(label=gettext_lazy("Campaign"), required=False)
    city = forms.ChoiceField(label=gettext_lazy("City"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=CLAIM_STATES, required=False)
    language = forms.ModelChoiceField(
        Locale.objects.all(), label=gettext_lazy("Language"), required=False, empty_label=None
    )

    def __init__(self, data: QueryDict, claims: list[Claim]) -> None:
        super().__init__(data)
        campaigns = {str(claim.campaign.pk): claim.campaign.title for claim in claims}
        cities = {str(claim.city_id): claim.city for claim in claims if claim.city_id}
        for name, choices in (("campaign", campaigns), ("city", cities)):
            field: Any = self.fields[name]
            field.choices = [
                ("", _("All")),
                *sorted(choices.items(), key=lambda item: sort_key(item[1], get_language() or "")),
            ]

    def fitting(self, claims: list[Claim]) -> list[Claim]:
        """Those that fit; a value that means nothing is ignored."""
        self.is_valid()
        data = self.cleaned_data
        words = fold(data.get("q", "")).split()
        tests = {
            "unsourced": lambda claim: claim.is_unsourced,
            "dead": lambda claim: bool(claim.dead),
            "overdue": lambda claim: claim.is_overdue,
            "corrected": lambda claim: claim.corrections > 0,
        }
        test = tests.get(data.get("state", ""), lambda claim: True)
        return [
            claim
            for claim in claims
            if data.get("campaign", "") in ("", str(claim.campaign.pk))
            and data.get("city", "") in ("", str(claim.city_id))
            and has_words(words, f"{claim.heading} {claim.when} {claim.page_title}")
            and test(claim)
        ]


def dead_beside_evidence(request: AuthenticatedHttpRequest) -> list[NamedSource]:
    dead = SourceCheck.objects.filter(is_dead=True).values_list("address", flat=True)
    return beside_evidence(request.user, set(dead))


class LedgerView(ToldExportMixin, PermissionCheckedMixin, TemplateView):
    template_name = "campaigns/admin/evidence.html"
    permission_policy = petition_policy
    permission_required = "view"
    list_export = [
        "heading",
        "page_title",
        "city",
        "when",
        "source_count",
        "dead_text",
        "review_on",
        "corrections",
    ]
    export_headings = {
        "heading": gettext_lazy("Claim"),
        "page_title": gettext_lazy("Page"),
        "city": gettext_lazy("City"),
        "when": gettext_lazy("When"),
        "source_count": gettext_lazy("Sources"),
        "dead_text": gettext_lazy("Dead sources"),
        "review_on": gettext_lazy("Review on"),
        "corrections": gettext_lazy("Corrections"),
    }

    request: AuthenticatedHttpRequest
    export_told = {
        "city": lambda claim: claim.city or "–",
        "review_on": lambda claim: claim.review_on or "–",
    }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        locales = {str(locale.pk): locale for locale in Locale.objects.all()}
        self.claims = claims_for(self.request.user, locales.get(request.GET.get("language", "")))
        self.form = LedgerForm(request.GET, self.claims)
        self.fitting = self.form.fitting(self.claims)
        if request.GET.get("export") in self.FORMATS:
            response: HttpResponse = self.as_spreadsheet(self.fitting, request.GET["export"])
            return response
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("p", None)
        query.pop("export", None)
        return {
            **super().get_context_data(**kwargs),
            "page_title": _("Evidence"),
            "form": self.form,
            "query": query.urlencode(),
            "claims": Paginator(self.fitting, CLAIMS_PER_PAGE).get_page(self.request.GET.get("p")),
            "dead_sources": dead_beside_evidence(self.request),
        }

    def get_filename(self) -> str:
        return f"evidence-{timezone.localdate():%Y-%m-%d}"

    def post(self, request: AuthenticatedHttpRequest) -> HttpResponse:
        """An editor has looked at a source: it is dead, or it answers."""
        if not petition_policy.user_has_permission(request.user, "change"):
            raise PermissionDenied
        address, is_dead = request.POST.get("address", ""), "dead" in request.POST
        known = {source.get("address") for c in claims_for(request.user) for source in c.sources}
        known |= {source.address for source in dead_beside_evidence(request)}
        if address not in known:
            messages.error(request, _("No source of yours has this address."))
            return redirect(request.get_full_path())
        check, _created = SourceCheck.objects.update_or_create(
            address=address,
            defaults={
                "is_dead": is_dead,
                "status": 0,
                "checked_at": timezone.now(),
                "user_id": request.user.pk,
            },
        )
        log(instance=check, action=LOG_SOURCE_CHECK, user=request.user, data={"dead": is_dead})
        messages.success(request, _("The source’s state is noted."))
        return redirect(request.get_full_path())


class EvidenceMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(petition_policy.user_has_permission(request.user, "view"))
