"""What an editor chooses before a launch."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import CampaignPage, Tie
from launches.state_zones import zone_of_city


def reason_against(campaign: CampaignPage) -> str:
    """Why nothing is to be launched, in a sentence; empty where there is no reason."""
    if campaign.petition and campaign.petition.is_closed_for_good:
        return _(
            "The campaign is closed for good: nobody could sign for a new city. To ask for "
            "signatures again, begin another campaign."
        )
    return ""


class LaunchForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Table of cities (XLSX or CSV)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )
    ties = forms.ModelMultipleChoiceField(
        Tie.objects.none(),
        label=gettext_lazy("Cities known already"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    publish = forms.BooleanField(
        label=gettext_lazy("Publish the pages at once"),
        required=False,
        help_text=gettext_lazy(
            "Otherwise they stay drafts. In a language that lacks a city’s name, its page stays a "
            "draft and waits for its translation."
        ),
    )

    def __init__(
        self, *args: Any, campaign: CampaignPage, can_publish: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.fields["ties"].queryset = (  # type: ignore[attr-defined]
            Tie.objects.exclude(petitions__parent=campaign.petition)
            .with_names()
            .order_by("city__key")
        )
        if not (can_publish and campaign.live):
            self.fields["publish"].disabled = True
        if not campaign.live:
            self.fields["publish"].help_text = _(
                "The campaign’s own page is not published. Publish it first, or launch drafts."
            )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if reason := reason_against(self.campaign):
            raise forms.ValidationError(reason)
        if not data.get("file") and not data.get("ties") and not self.errors:
            raise forms.ValidationError(_("Choose a file or at least one city."))
        nowhere = [tie for tie in data.get("ties") or () if not zone_of_city(tie.city)]
        if nowhere:
            reason = _(
                "We do not know the time zone of: %(cities)s. Launch them from a table that has "
                "the column time_zone."
            )
            cities = "; ".join(str(tie.city) for tie in nowhere)
            raise forms.ValidationError(reason % {"cities": cities})
        return data
