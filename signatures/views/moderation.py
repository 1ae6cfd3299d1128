"""The moderators' desk: the names and comments that wait for a decision, and those decided on."""

import uuid
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker
from wagtail.admin.menu import MenuItem

from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import Petition
from campaigns.pages.queries import named
from signatures.models import Report, Signature, SignatureQuerySet
from signatures.moderation.decisions import Item, Reason, decide, is_named_in
from signatures.moderation.finding import STEP, by_number, find
from signatures.permissions import signature_policy
from signatures.release import PARTS, Release, in_state
from signatures.views.responses import personal

PER_PAGE = 50
LABELS = {"name": gettext_lazy("Name"), "comment": gettext_lazy("Comment")}
STATES = [Release.WAITING, Release.RELEASED, Release.HIDDEN]
ANY = "any"
REPORTED = "reported"
# Of a signature, what the desk reads. Nothing else is fetched, so that a search is quick.
READ = (
    *(f"{part}{suffix}" for part in PARTS for suffix in ("", "_state", "_checksum")),
    *("show_name", "language", "petition", "confirmed_at"),
)


def petition_choices() -> list[tuple[str, str]]:
    names = [(str(pk), name) for pk, name in named(Petition.objects.with_names()).items()]
    return [("", _("All petitions")), *names]


class DeskForm(forms.Form):
    """What the desk shows."""

    state = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        required=False,
        choices=lambda: [
            *((each.value, each.label) for each in STATES),
            (REPORTED, _("shown, and reported by visitors")),
            (ANY, _("any")),
        ],
    )
    part = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=lambda: [
            ("", _("Names and comments")),
            ("name", _("Names")),
            ("comment", _("Comments")),
        ],
    )
    petition = forms.ChoiceField(label=gettext_lazy("Petition"), required=False)
    q = forms.CharField(
        label=gettext_lazy("Find"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Part of a name or comment, a signature’s number, or its id."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["petition"]
        choices.choices = petition_choices()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["state"] = data.get("state") or Release.WAITING
        data["parts"] = [data["part"]] if data.get("part") else list(PARTS)
        is_any = data["state"] == ANY or is_exact(data.get("q", ""))
        shown = Release.RELEASED if data["state"] == REPORTED else data["state"]
        data["states"] = STATES if is_any else [Release(shown)]
        if data.get("q") and not data.get("petition") and not is_id(data["q"]):
            self.add_error("petition", _("Choose the petition to search in."))
        return data


class HideForm(forms.Form):
    """Why something is hidden."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=lambda: [("", _("Choose a reason")), *Reason.choices],
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )
    note = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("For the log. Don’t repeat the name or the comment."),
    )

    def __init__(self, *args: Any, items: list[Item], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        note = data.get("note", "")
        if data.get("reason") == Reason.OTHER and not note:
            self.add_error("note", _("Say which reason."))
        if note and is_named_in(self.items, note):
            self.add_error("note", _("The log holds no names and comments: leave it out."))
        return data


def is_id(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False


def is_exact(words: str) -> bool:
    """Whether one signature was asked for, whatever was decided about it."""
    return is_id(words) or words.isdecimal()


@dataclass
class Part:
    """A name or a comment to decide about."""

    label: str
    text: str
    state: Release
    item: str
    report: Report | None

    @classmethod
    def of(cls, signature: Signature, part: str, reports: dict[str, Report]) -> "Part":
        state = Release(getattr(signature, f"{part}_state"))
        item = str(Item.of(signature, part))
        return cls(str(LABELS[part]), getattr(signature, part), state, item, reports.get(item))

    @property
    def reasons(self) -> str:
        """What its reports say, the most frequent first."""
        found = Counter(self.report.reasons if self.report else {}).most_common()
        return ", ".join(f"{Reason(reason).label} ({number})" for reason, number in found)


@dataclass
class DeskEntry:
    signature: Signature
    petition: str
    parts: list[Part]


@dataclass
class Listing:
    rows: list[Signature]
    # Queries of the lists before and after this one.
    earlier: dict[str, Any] | None = None
    later: dict[str, Any] | None = None


def listing(chosen: dict[str, Any], request: HttpRequest) -> Listing:
    words, rows = chosen["q"], rows_of(chosen)
    if not words:
        return a_page(in_order(rows, chosen), request.GET.get("p"))
    if is_exact(words):
        return Listing(list(rows))
    texts = lambda row: [getattr(row, part) for part in parts_of(row, chosen)]  # noqa: E731
    found = find(rows, words, texts, PER_PAGE, request.GET.get("after", ""))
    return Listing(found.rows, later={"after": found.after} if found.after else None)


def rows_of(chosen: dict[str, Any]) -> SignatureQuerySet:
    petition, words = chosen["petition"], chosen["q"]
    rows = Signature.objects.counted().filter(anonymised_at=None).only(*READ)
    if is_id(words):
        return rows.filter(pk=words)
    if is_exact(words):
        return rows.filter(pk__in=by_number(petition, int(words)))
    rows = rows.filter(wanted(chosen))
    return rows.filter(petition=petition) if petition else rows


def in_order(rows: SignatureQuerySet, chosen: dict[str, Any]) -> SignatureQuerySet:
    is_queue = chosen["state"] == Release.WAITING
    return rows.order_by(*("confirmed_at", "id") if is_queue else ("-confirmed_at", "-id"))


def a_page(rows: SignatureQuerySet, number: str | None) -> Listing:
    """Only keys are put in order, which an index holds; then the long rows of the page are read."""
    page = Paginator(rows.values_list("pk", flat=True), PER_PAGE).get_page(number)
    return Listing(
        list(rows.filter(pk__in=list(page))),
        {"p": page.previous_page_number()} if page.has_previous() else None,
        {"p": page.next_page_number()} if page.has_next() else None,
    )


def wanted(chosen: dict[str, Any]) -> Q:
    found = Q()
    if chosen["state"] == REPORTED:
        for part in chosen["parts"]:
            found |= Q(pk__in=Signature.objects.reported(part).values("pk"))
        return found
    for part in chosen["parts"]:
        for state in chosen["states"]:
            found |= in_state(part, state)
    return found


def parts_of(row: Signature, chosen: dict[str, Any]) -> list[str]:
    """What of a signature is looked at here. A name that its signer does not show is no matter."""
    return [
        part
        for part in chosen["parts"]
        if getattr(row, f"{part}_state") in chosen["states"] and (part != "name" or row.show_name)
    ]


def entries(rows: list[Signature], chosen: dict[str, Any]) -> list[DeskEntry]:
    petitions = Petition.objects.filter(pk__in={row.petition_id for row in rows})
    names = named(petitions.with_names())
    reports = open_reports(rows)
    found = []
    for row in rows:
        parts = [Part.of(row, part, reports) for part in parts_of(row, chosen)]
        if chosen["state"] == REPORTED:
            parts = [part for part in parts if part.report]
        if parts:
            found.append(DeskEntry(row, names[row.petition_id], parts))
    return found


def open_reports(rows: list[Signature]) -> dict[str, Report]:
    """By the items that they are about."""
    reports = Report.objects.open().filter(signature__in=rows)
    return {str(Item(each.part, each.signature_id, each.checksum)): each for each in reports}


@PermissionPolicyChecker(signature_policy).require("moderate")
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Lists names and comments; a post decides about those that were ticked, or all of the page."""
    if request.method != "POST":
        return show(request)
    is_whole_page = request.POST.get("action") == "release_page"
    items = Item.read(request.POST.getlist("on_page" if is_whole_page else "item"))
    if not items:
        messages.error(request, _("Tick first what you want to decide about."))
        return redirect(request.get_full_path())
    if request.POST.get("action") != "hide":
        return decided(request, items, Release.RELEASED)
    form = HideForm(request.POST, items=items)
    if not form.is_valid():
        return show(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return decided(request, items, Release.HIDDEN, **form.cleaned_data)


def decided(
    request: AuthenticatedHttpRequest, items: list[Item], state: Release, **why: str
) -> HttpResponse:
    if decide(items, state, request.user, **why) == len(items):
        messages.success(request, _("Your decision is saved."))
    else:
        messages.warning(
            request,
            _(
                "Your decision is saved, but not for what its signer has changed or taken back "
                "since you read it."
            ),
        )
    return redirect(request.get_full_path())


def show(
    request: HttpRequest, hide_form: HideForm | None = None, status: int = 200
) -> HttpResponse:
    form = DeskForm(request.GET)
    # What was asked for wrongly shows nothing, so that nobody takes it for what was found.
    found = listing(form.cleaned_data, request) if form.is_valid() else Listing([])
    state = form.cleaned_data.get("state", "")
    query = {name: form.data.get(name, "") for name in form.fields if form.data.get(name)}
    context = {
        "page_title": _("Names and comments"),
        "form": form,
        "hide_form": hide_form or HideForm(items=[]),
        "ticked": request.POST.getlist("item"),
        "entries": entries(found.rows, form.cleaned_data) if found.rows else [],
        "is_search": bool(form.data.get("q")),
        "step": STEP,
        "earlier": found.earlier and urlencode({**query, **found.earlier}),
        "later": found.later and urlencode({**query, **found.later}),
        "is_queue": state == Release.WAITING,
        "is_reported": state == REPORTED,
        "may_release": state != Release.RELEASED,
        "may_hide": state != Release.HIDDEN,
    }
    return personal(render(request, "signatures/admin/moderation.html", context, status=status))


class ModerationMenuItem(MenuItem):
    def is_shown(self, request: AuthenticatedHttpRequest) -> bool:
        return bool(signature_policy.user_has_permission(request.user, "moderate"))
