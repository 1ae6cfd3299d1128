"""Choosing a tie or a petition by the names of its cities."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
)

from campaigns.pages.search import of_cities
from campaigns.permissions import petition_policy, tie_policy


class TieSearchForm(BaseFilterForm):
    """Searches by words of both cities' names and regions."""

    tie = ""
    q = forms.CharField(
        label=_("City"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": _("City or state")}),
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        return objects.filter(of_cities(self.search_query, self.tie))


class PetitionSearchForm(TieSearchForm):
    tie = "tie__"


class TieChoice:
    """The ties that one's campaigns are about, and those that none is about."""

    filter_form_class = TieSearchForm

    def get_object_list(self) -> QuerySet[Any]:
        return tie_policy.own(self.request.user).with_names()  # type: ignore[attr-defined]


class PetitionChoice:
    filter_form_class = PetitionSearchForm

    def get_object_list(self) -> QuerySet[Any]:
        return petition_policy.own(self.request.user).with_names()  # type: ignore[attr-defined]


class ChooseTieView(TieChoice, ChooseView):
    pass


class ChooseTieResultsView(TieChoice, ChooseResultsView):
    pass


class ChoosePetitionView(PetitionChoice, ChooseView):
    pass


class ChoosePetitionResultsView(PetitionChoice, ChooseResultsView):
    pass


class TieChooser(SnippetChooserViewSet):
    choose_view_class = ChooseTieView
    choose_results_view_class = ChooseTieResultsView


class PetitionChooser(SnippetChooserViewSet):
    choose_view_class = ChoosePetitionView
    choose_results_view_class = ChoosePetitionResultsView
