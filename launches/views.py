"""Launching cities in the admin: choose or upload, look at what will be made, confirm, watch."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import Locale

from campaigns.models import CampaignPage, City, CityName, Petition, PetitionPage, Tie
from campaigns.permissions import campaigns_for
from campaigns.publishing.page_rules import signed
from campaigns.records.cities import place
from campaigns.tables.reading import DataFileError, Problem
from campaigns.tables.writing import download
from campaigns.views.asking import ask, has_seen
from launches import running
from launches.csv_file import COLUMNS, NAME_COLUMNS, OPTIONAL, REQUIRED, LaunchRow, parse
from launches.models import Launch

PERMISSION = "campaigns.add_petition"
# The cities of a plan travel in the form, sealed, so that nothing has to be kept meanwhile.
SALT = "campaigns.launch"
PLAN_SECONDS = 3600
# A row as it is to be filled in, with the forms of the names in the languages that we know.
FORMS = {
    "uk": {
        "city": ("Спрингфілд", "Спрингфілда", "у Спрингфілді", "зі Спрингфілдом", "Орегон"),
        "sister_city": (
            "Прикладськ",
            "Прикладська",
            "у Прикладську",
            "з Прикладськом",
            "Прикладська область",
        ),
    }
}


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

    def __init__(self, *args: Any, campaign: CampaignPage, can_publish: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["ties"].queryset = (  # type: ignore[attr-defined]
            Tie.objects.exclude(petitions__parent=campaign.petition)
            .select_related("city", "sister_city")
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
        if not data.get("file") and not data.get("ties") and not self.errors:
            raise forms.ValidationError(_("Choose a file or at least one city."))
        return data


@dataclass(frozen=True)
class Planned:
    """What a launch will do for one city."""

    city: str
    sister_city: str
    # What the table says of the tie.
    status: str
    is_new: bool
    languages: list[tuple[str, str]]
    notes: list[str]


@require_http_methods(["GET", "POST"])
def launch(request: HttpRequest, page_id: int) -> HttpResponse:
    campaign, can_publish = campaign_or_refused(request, page_id)
    if "plan" in request.POST:
        return confirm(request, campaign, can_publish)
    form = LaunchForm(
        request.POST or None, request.FILES or None, campaign=campaign, can_publish=can_publish
    )
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        try:
            items = items_of(form.cleaned_data)
        except DataFileError as error:
            problems = error.problems
        else:
            return preview(request, campaign, items, form.cleaned_data["publish"])
    context = {
        "page_title": _("Launch cities"),
        "page_subtitle": campaign.title,
        "form": form,
        "problems": problems,
        "campaign": campaign,
        "required": REQUIRED,
        "columns": [each for each in [*COLUMNS, *OPTIONAL] if each not in REQUIRED],
        "statuses": Tie.Status.choices,
        "launches": Launch.objects.filter(campaign=campaign.petition_id).select_related("user")[
            :10
        ],
    }
    status = 422 if problems or form.errors else 200
    return render(request, "campaigns/admin/launch.html", context, status=status)


def campaign_or_refused(request: HttpRequest, page_id: int) -> tuple[CampaignPage, bool]:
    """The campaign page, and whether the user may publish below it."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    page = get_object_or_404(
        campaigns_for(request.user, "add").select_related("petition", "locale"),
        id=page_id,
        locale=Locale.get_default(),
    )
    return page, campaigns_for(request.user, "publish").filter(pk=page.pk).exists()


def items_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Raises: DataFileError."""
    items: list[dict[str, Any]] = [{"tie": tie.pk} for tie in data["ties"]]
    if upload := data["file"]:
        languages = [code for code, _name in settings.LANGUAGES]
        rows = parse(upload.name, upload.read(), languages)
        items += [row.as_json() for row in rows]
    return items


def preview(
    request: HttpRequest, campaign: CampaignPage, items: list[dict[str, Any]], publish: bool
) -> HttpResponse:
    planned = plan(campaign, items, publish)
    context = {
        "page_title": _("What will be launched"),
        "page_subtitle": campaign.title,
        "campaign": campaign,
        "planned": planned,
        "new": sum(each.is_new for each in planned),
        "publish": publish,
        "plan": signing.dumps({"items": items, "publish": publish}, salt=SALT, compress=True),
    }
    return render(request, "campaigns/admin/launch_plan.html", context)


def confirm(request: HttpRequest, campaign: CampaignPage, can_publish: bool) -> HttpResponse:
    try:
        data = signing.loads(request.POST["plan"], salt=SALT, max_age=PLAN_SECONDS)
    except signing.BadSignature:
        messages.error(request, _("This plan is no longer valid. Please choose the cities again."))
        return redirect("launch", campaign.pk)
    publish = data["publish"] and can_publish and campaign.live
    assert campaign.petition is not None, "a campaign got it with its page"  # noqa: S101
    started = running.start(campaign.petition, request.user, data["items"], publish)
    log(
        instance=campaign,
        action="campaigns.launch",
        user=request.user,
        data={"cities": started.total, "publish": publish},
    )
    return redirect("launch_progress", started.pk)


def plan(campaign: CampaignPage, items: list[dict[str, Any]], publish: bool) -> list[Planned]:
    """What will be made, told without making it, in a constant number of queries."""
    ties = Tie.objects.filter(pk__in=[item["tie"] for item in items if "tie" in item])
    by_id = {tie.pk: tie for tie in ties.select_related("city", "sister_city")}
    rows = [
        row_of(by_id[item["tie"]]) if "tie" in item else LaunchRow.from_json(item)
        for item in items
        if "tie" not in item or item["tie"] in by_id
    ]
    keys = {key for row in rows for key in (row.key, row.sister_key)}
    cities = City.objects.filter(key__in=keys).prefetch_related("names__locale")
    known = {city.key: str(city.name_in(get_language() or "")) for city in cities}
    named = set(
        CityName.objects.filter(city__key__in=keys).values_list(
            "city__key", "locale__language_code"
        )
    )
    pages = set(
        PetitionPage.objects.filter(
            petition__parent=campaign.petition, locale=campaign.locale
        ).values_list("petition__tie__city__key", "petition__tie__sister_city__key")
    )
    live = set(campaign.get_translations(inclusive=True).live().values_list("locale_id", flat=True))
    locales = [locale for locale in Locale.objects.all() if locale.language_code]
    return [planned_of(row, publish, campaign, known, named, pages, live, locales) for row in rows]


def row_of(tie: Tie) -> LaunchRow:
    """A tie that is known already as a row of the table."""
    sides = {"city": tie.city, "sister_city": tie.sister_city}
    keys = {side: city.key for side, city in sides.items()}
    return LaunchRow(keys["city"], "", keys["sister_city"], "", None, tie.status, None, "", "", "")


def planned_of(
    row: LaunchRow,
    publish: bool,
    campaign: CampaignPage,
    known: dict[str, str],
    named: set[tuple[str, str]],
    pages: set[tuple[str, str]],
    live: set[int],
    locales: list[Locale],
) -> Planned:
    keys = (row.key, row.sister_key)
    places = place(row.city, row.state), place(row.sister_city, row.sister_region)
    names = [known.get(key, new) for key, new in zip(keys, places, strict=True)]
    is_new = keys not in pages
    languages, notes = [], []
    for locale in locales:
        code = locale.language_code
        given = row.names.get(code, {})
        is_named = code == campaign.language or all(
            (key, code) in named or side in given
            for key, side in zip(keys, ("city", "sister_city"), strict=True)
        )
        goes_live = publish and is_named and locale.pk in live
        languages.append((code, _("published") if goes_live else _("draft")))
        if not is_named:
            notes.append(_("Names are missing in: %(language)s.") % {"language": locale})
    new_cities = [name for key, name in zip(keys, names, strict=True) if key not in known]
    if is_new and new_cities:
        notes.append(_("New cities: %(cities)s.") % {"cities": "; ".join(new_cities)})
    return Planned(names[0], names[1], told_status(row), is_new, languages, notes)


def told_status(row: LaunchRow) -> str:
    """With the month in words, so that a day and a month that changed places are seen."""
    told = str(row.status.label)
    return f"{told}, {date_format(row.status_date, 'DATE_FORMAT')}" if row.status_date else told


@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest, launch_id: str) -> HttpResponse:
    """How far a launch has come; a post takes it back."""
    found = get_object_or_404(Launch.objects.select_related("campaign", "user"), pk=launch_id)
    page = CampaignPage.objects.filter(petition=found.campaign, locale=Locale.get_default()).first()
    if page is None:
        raise PermissionDenied
    campaign, can_publish = campaign_or_refused(request, page.pk)
    made = PetitionPage.objects.filter(petition__in=found.made.get("petitions", []))
    if request.method == "POST":
        if made.live().exists() and not can_publish:
            raise PermissionDenied
        may_go = found.state == Launch.State.DONE and not is_signed(found)
        if may_go and not has_seen(request, made.count()):
            return ask_before_taking_back(request, campaign, found, made)
        take_back(request, campaign, found)
        return redirect("launch_progress", found.pk)
    pages = made.filter(locale=campaign.locale).order_by("title")
    context = {
        "page_title": _("Launch"),
        "page_subtitle": campaign.title,
        "launch": found,
        "campaign": campaign,
        "pages": pages,
        "kept": found.total - len(pages),
    }
    response = render(request, "campaigns/admin/launch_progress.html", context)
    if found.state == Launch.State.RUNNING:
        # So that the page goes on by itself, with scripts or without.
        response["Refresh"] = "2"
    return response


def is_signed(found: Launch) -> bool:
    made = Petition.objects.filter(pk__in=found.made.get("petitions", []))
    return signed(made).exists()


def ask_before_taking_back(
    request: HttpRequest, campaign: CampaignPage, found: Launch, made: Any
) -> HttpResponse:
    number, live, cities = made.count(), made.live().count(), len(found.made.get("petitions", []))
    pages = ngettext(
        "%(count)s page in all languages is deleted for good.",
        "%(count)s pages in all languages are deleted for good.",
        number,
    )
    seen = ngettext(
        "Visitors see %(count)s of them now.", "Visitors see %(count)s of them now.", live
    )
    button = ngettext(
        "Yes, undo the launch of %(count)s city", "Yes, undo the launch of %(count)s cities", cities
    )
    return ask(
        request,
        number,
        page_title=_("Undo this launch"),
        page_subtitle=campaign.title,
        lines=[pages % {"count": number}, seen % {"count": live}],
        button=button % {"count": cities},
        back=reverse("launch_progress", args=[found.pk]),
    )


def take_back(request: HttpRequest, campaign: CampaignPage, found: Launch) -> None:
    if found.state != Launch.State.DONE:
        messages.error(request, _("Only a launch that is done can be undone."))
        return
    count = len(found.made.get("petitions", []))
    try:
        running.take_back(found)
    except running.SignedError:
        messages.error(
            request,
            _("Somebody has signed one of these petitions, so they stay. Close them instead."),
        )
        return
    log(
        instance=campaign,
        action="campaigns.take_back",
        user=request.user,
        data={"cities": count},
    )
    done = ngettext(
        "The launch of %(count)s city was undone.",
        "The launch of %(count)s cities was undone.",
        count,
    )
    messages.success(request, done % {"count": count})


def example_row() -> dict[str, str]:
    row = {
        "city": "Springfield",
        "state": "Oregon",
        "sister_city": "Prykladsk",
        "sister_region": "Prykladsk Oblast",
        "since": "1990",
        "status": Tie.Status.ACTIVE.value,
        "status_date": "2022-06-04",
        "source_title": "Title of the report",
        "source_publisher": "Its publisher",
        "source_url": "https://news.example/1",
        "source_language": settings.LANGUAGE_CODE,
        "latitude": "44.0462",
        "longitude": "-123.0220",
        "time_zone": "America/Los_Angeles",
    }
    further = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    for code in further:
        for side, columns in NAME_COLUMNS.items():
            forms = FORMS.get(code, {}).get(side, [""] * len(columns))
            row |= {f"{c}_{code}": form for c, form in zip(columns, forms, strict=True)}
    return row


@require_safe
def example(request: HttpRequest, kind: str) -> HttpResponse:
    """A table with every column and one row, to be filled in, as XLSX or CSV."""
    row = example_row()
    return download(f"cities.{kind}", [row, row.values()])
