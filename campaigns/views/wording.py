"""Every city as one pattern of its campaign will read there, before it is published."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import CampaignPage, Tie
from campaigns.pages.readings import TEXTS, CityReadings, Readings
from campaigns.records.standings import STATES
from translations.languages.folding import fold, has_words

PER_PAGE = 50
AS_IT_IS = ("", gettext_lazy("as it is now"))


class WordingForm(forms.Form):
    text = forms.ChoiceField(
        label=gettext_lazy("Text"),
        choices=[
            ("each", gettext_lazy("each of them")),
            *((name, label) for name, (label, _name) in TEXTS.items()),
        ],
    )
    status = forms.ChoiceField(
        label=gettext_lazy("Status of the tie"),
        choices=[AS_IT_IS, ("each", gettext_lazy("every status")), *Tie.Status.choices],
        required=False,
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State of the petition"), choices=[AS_IT_IS, *STATES[1:]], required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    q = forms.CharField(label=gettext_lazy("City"), required=False, max_length=100)
    marked = forms.BooleanField(label=gettext_lazy("Only what is marked"), required=False)

    def __init__(self, data: QueryDict, campaigns: list[CampaignPage]) -> None:
        # A value that means nothing is as good as none.
        super().__init__({"text": "heading", **data.dict()})
        language: Any = self.fields["language"]
        names = [(page.language, page.locale.get_display_name()) for page in campaigns]
        language.choices = [("", _("All")), *names]
        self.is_valid()
        self.campaigns = campaigns

    @property
    def chosen(self) -> list[CampaignPage]:
        language = self.cleaned_data.get("language")
        return [page for page in self.campaigns if not language or page.language == language]

    def rows(self) -> list[CityReadings]:
        data = self.cleaned_data
        text = data.get("text", "heading")
        words = fold(data.get("q", "")).split()
        rows = Readings(self.campaigns).of(
            TEXTS if text == "each" else [text],
            [page.language for page in self.chosen],
            data.get("status", ""),
            data.get("state", ""),
        )
        return [
            row
            for row in rows
            if has_words(words, row.names) and (row.is_marked or not data.get("marked"))
        ]


@require_safe
def wording(request: AuthenticatedHttpRequest, page_id: int) -> HttpResponse:
    page = get_object_or_404(CampaignPage, id=page_id)
    if not may_see(page, request.user):
        raise PermissionDenied
    form = WordingForm(request.GET, languages_of(page))
    rows = form.rows()
    query = request.GET.copy()
    query.pop("p", None)
    context = {
        "page_title": _("How the city pages will read"),
        "page_subtitle": page.get_admin_display_title(),
        "page": page,
        "form": form,
        "query": query.urlencode(),
        "languages": form.chosen,
        "marked": sum(row.is_marked for row in rows),
        "rows": Paginator(rows, PER_PAGE).get_page(request.GET.get("p")),
    }
    return render(request, "campaigns/admin/wording.html", context)


def languages_of(page: CampaignPage) -> list[CampaignPage]:
    """The campaign's pages, that of the site's own language first."""
    pages = page.get_translations(inclusive=True).filter(alias_of=None).select_related("locale")
    return sorted(pages, key=lambda each: (each.language != settings.LANGUAGE_CODE, each.pk))


def may_see(page: Page, user: User) -> bool:
    """Whoever writes or translates the campaign, in whichever language."""
    pages = page.get_translations(inclusive=True)
    return any(each.permissions_for_user(user).can_edit() for each in pages)


def wording_button(page: Page, user: User, *args: Any, **kwargs: Any) -> Iterator[Button]:
    is_campaign = issubclass(page.specific_class, CampaignPage)
    if is_campaign and may_see(page, user):
        address = reverse("wording", args=[page.pk])
        yield Button(_("How the city pages will read"), address, priority=7, icon_name="view")
