"""One change to many petitions: first what it would do, then, confirmed, it is done."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from campaigns.changes import Refused, keep_askable, settle
from campaigns.models import Petition, PetitionEvent, TieEvent
from campaigns.pages.queries import named
from campaigns.permissions import petitions_for
from campaigns.publishing.bulk import Action, BulkChange, apply_planned, back_to, plan_change
from campaigns.records.ties import refuse_future
from campaigns.views.changes import ask_moderator, asks, prepared
from dashboard import numbers
from dashboard.views.petitions import PetitionFilterSet
from translations.languages import names as languages

PERMISSION = "campaigns.change_petition"


OUR_OWN = {f"petition:{kind}" for kind in PetitionEvent.OUR_OWN}


def event_choices() -> list[Any]:
    ties = [(f"tie:{value}", label) for value, label in TieEvent.Kind.choices]
    petitions = [(f"petition:{value}", label) for value, label in PetitionEvent.Kind.choices]
    return [(_("The tie"), ties), (_("The petition"), petitions)]


class ChangeForm(forms.Form):
    """Only what the action asks for."""

    moment = forms.DateTimeField(
        label=gettext_lazy("Closing time"),
        required=False,
        help_text=gettext_lazy("In each petition’s own time zone. Left empty: now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Or so many days more"), required=False, min_value=1, max_value=3650
    )
    goal = forms.IntegerField(
        label=gettext_lazy("Goal"),
        required=False,
        min_value=1,
        max_value=100_000_000,
        help_text=gettext_lazy("Left empty, the goal steps up by itself."),
    )
    what = forms.ChoiceField(label=gettext_lazy("What happened"), choices=event_choices)
    date = forms.DateField(
        label=gettext_lazy("Date"),
        validators=[refuse_future],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source_title = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)
    source_language = forms.ChoiceField(
        label=gettext_lazy("Language of the source"),
        choices=languages.choices,
        initial=settings.LANGUAGE_CODE,
        required=False,
    )
    source_publisher = forms.CharField(
        label=gettext_lazy("Publisher"), max_length=200, required=False
    )
    source_url = forms.URLField(
        label=gettext_lazy("Address"), max_length=500, required=False, assume_scheme="https"
    )
    archived_url = forms.URLField(
        label=gettext_lazy("Archived copy"), max_length=500, required=False, assume_scheme="https"
    )
    EVENT_FIELDS = (
        "what",
        "date",
        "source_title",
        "source_language",
        "source_publisher",
        "source_url",
        "archived_url",
    )
    FIELDS = {
        Action.CLOSE: ("moment",),
        Action.EXTEND: ("moment", "days"),
        Action.GOAL: ("goal",),
        Action.EVENT: EVENT_FIELDS,
    }

    def __init__(self, action: Action, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        for name in set(self.fields) - set(self.FIELDS.get(action, ())):
            del self.fields[name]
        if action == Action.EXTEND:
            self.fields["moment"].help_text = _("In each petition’s own time zone.")

    def clean_source_language(self) -> str:
        language = self.cleaned_data["source_language"] or settings.LANGUAGE_CODE
        languages.validate_language(self.cleaned_data.get("source_title", ""), language)
        return str(language)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        given = [name for name in ("moment", "days") if data.get(name) is not None]
        if self.action == Action.EXTEND and len(given) != 1 and not self.errors:
            raise forms.ValidationError(_("Give a new closing time, or a number of days."))
        unsourced = not (data.get("source_title") and data.get("source_publisher"))
        if self.action == Action.EVENT and unsourced and data.get("what") not in OUR_OWN:
            raise forms.ValidationError(
                _("Name the source and its publisher: only what we did ourselves goes without.")
            )
        return data

    def change(self) -> BulkChange:
        moment = self.cleaned_data.get("moment")
        return BulkChange(
            self.action,
            moment.replace(tzinfo=None) if moment else None,
            self.cleaned_data.get("days"),
            self.cleaned_data.get("goal"),
            {name: self.cleaned_data[name] for name in self.fields if name in self.EVENT_FIELDS},
        )


@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """By GET, shows what somebody asks for as the plan that it would be."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    if request.method == "GET":
        data = prepared(request)
        if data is None:
            return redirect("petition_list")
        data["stage"] = "plan"
    else:
        data = request.POST
    petitions = chosen(request, data)
    action = data.get("action", "")
    if not petitions or action not in Action.values:
        messages.error(request, _("Tick at least one petition, then choose what to change."))
        return redirect(reverse("petition_list"))
    is_first = "stage" not in data and not asks(request)
    form = ChangeForm(Action(action), None if is_first else data)
    needs_nothing = not form.fields
    if is_first and needs_nothing:
        form = ChangeForm(Action(action), {})
    planned = (
        plan_change(petitions, form.change(), request.user)
        if form.is_bound and form.is_valid()
        else []
    )
    stuck = [each for each in planned if each.reason]
    can_ask = bool(stuck) and all(each.is_askable for each in stuck)
    refused = _refused(petitions, form)
    if can_ask and asks(request):
        return ask_moderator(request, refused)
    if planned and not stuck and data.get("stage") == "apply":
        keep_askable(request, refused)
        changed = apply_planned(planned, request.user)
        settle(request)
        done = ngettext("%(count)s petition changed.", "%(count)s petitions changed.", changed)
        messages.success(request, done % {"count": changed})
        return redirect(reverse("petition_list"))
    context = {
        "page_title": Action(action).label,
        "action": action,
        "form": form,
        "petitions": petitions,
        "planned": planned,
        "stuck": stuck,
        "can_apply": bool(planned) and not stuck,
        "can_ask": can_ask,
        "query": data.get("query", ""),
        "is_all": "all" in data or "was_all" in data,
        "back": back_to(data),
    }
    return render(request, "signatures/admin/bulk.html", context)


def _refused(petitions: list[Petition], form: ChangeForm) -> Refused:
    rows = Petition.objects.filter(pk__in=[petition.pk for petition in petitions])
    # Those that were looked at, not a filter that may find others when it is opened.
    settled = {"petition": [str(petition.pk) for petition in petitions]}
    return Refused(rows, rows, PERMISSION, ("action", *form.fields), settled)


def chosen(request: HttpRequest, data: QueryDict) -> list[Petition]:
    """The petitions ticked, or all that fit the list's filters; only the user's own."""
    own = numbers.with_numbers(petitions_for(request.user).with_names())
    if "all" in data:
        query = QueryDict(data.get("query", ""))
        filters = PetitionFilterSet(query, queryset=own, request=request)
        found = filters.qs if filters.is_valid() else own.none()
    else:
        field = forms.ModelMultipleChoiceField(own, required=False)
        try:
            found = field.clean(data.getlist("petition"))
        except forms.ValidationError:
            found = own.none()
    rows = list(found)
    names = named(rows)
    for petition in rows:
        row: Any = petition
        row.name = names[petition.pk]
    return rows
