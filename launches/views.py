"""Launching cities in the admin: choose or upload, look at what will be made, confirm, watch."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log
from wagtail.models import Locale, Page
from wagtail.query import PageQuerySet

from accounts.confirming import ask_who_it_is
from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import CampaignPage, PetitionPage, Tie
from campaigns.pages.queries import title_of
from campaigns.permissions import campaigns_for
from campaigns.tables.reading import DataFileError, TableProblem
from campaigns.tables.writing import download
from campaigns.views.asking import ask_again, has_seen
from launches import running
from launches.columns import NOT_REQUIRED, REQUIRED
from launches.example import example_row
from launches.forms import LaunchForm
from launches.models import Launch
from launches.permissions import launch_policy
from launches.planning import items_of, plan
from security.sealed_plans import OutdatedPlanError, Seal

SEAL = Seal("launch")
LAUNCHES_LISTED = 10


@require_http_methods(["GET", "POST"])
def launch_page(request: AuthenticatedHttpRequest, page_id: int) -> HttpResponse:
    campaign, can_publish = campaign_or_refused(request, page_id)
    if "plan" in request.POST:
        return confirm(request, campaign, can_publish)
    form = LaunchForm(
        request.POST or None, request.FILES or None, campaign=campaign, can_publish=can_publish
    )
    problems: list[TableProblem] = []
    if request.method == "POST" and form.is_valid():
        try:
            items = items_of(form.cleaned_data)
        except DataFileError as error:
            problems = error.problems
        else:
            return preview(request, campaign, items, form.cleaned_data["publish"])
    return ask_what_to_launch(request, campaign, form, problems)


def ask_what_to_launch(
    request: HttpRequest, campaign: CampaignPage, form: LaunchForm, problems: list[TableProblem]
) -> HttpResponse:
    launches = Launch.objects.with_progress().filter(campaign=campaign.petition_id)
    context = {
        "page_title": _("Launch cities"),
        "page_subtitle": title_of(campaign),
        "form": form,
        "problems": problems,
        "campaign": campaign,
        "required": REQUIRED,
        "columns": NOT_REQUIRED,
        "statuses": Tie.Status.choices,
        "launches": launches.select_related("user")[:LAUNCHES_LISTED],
    }
    status = 422 if problems or form.errors else 200
    return render(request, "campaigns/admin/launch.html", context, status=status)


def campaign_or_refused(
    request: AuthenticatedHttpRequest, page_id: int
) -> tuple[CampaignPage, bool]:
    """The campaign page, and whether the user may publish below it."""
    if not launch_policy.user_has_permission(request.user, "add"):
        raise PermissionDenied
    campaigns = launch_policy.campaigns(request.user).select_related("petition", "locale")
    page = get_object_or_404(campaigns, id=page_id)
    return page, campaigns_for(request.user, "publish").filter(pk=page.pk).exists()


def preview(
    request: AuthenticatedHttpRequest,
    campaign: CampaignPage,
    items: list[dict[str, Any]],
    publish: bool,
) -> HttpResponse:
    planned = plan(campaign, items, publish)
    context = {
        "page_title": _("What will be launched"),
        "page_subtitle": title_of(campaign),
        "campaign": campaign,
        "planned": planned,
        "new": sum(each.is_new for each in planned),
        "publish": publish,
        "plan": SEAL.close({"items": items, "publish": publish}, request.user, campaign.pk),
    }
    return render(request, "campaigns/admin/launch_plan.html", context)


def confirm(
    request: AuthenticatedHttpRequest, campaign: CampaignPage, can_publish: bool
) -> HttpResponse:
    try:
        data = SEAL.open(request.POST["plan"], request.user, campaign.pk)
    except OutdatedPlanError:
        messages.error(request, _("This plan is no longer valid. Please choose the cities again."))
        return redirect("launch", campaign.pk)
    publish = data["publish"] and can_publish and campaign.live
    if publish and (asked := ask_who_it_is(request)):
        return asked
    assert campaign.petition is not None, "a campaign got it with its page"  # noqa: S101
    started = running.start(campaign.petition, request.user, data["items"], publish)
    log(
        instance=campaign,
        action="campaigns.launch",
        user=request.user,
        data={"cities": started.items.count(), "publish": publish},
    )
    return redirect("launch_progress", started.pk)


@require_http_methods(["GET", "POST"])
def progress(request: AuthenticatedHttpRequest, launch_id: str) -> HttpResponse:
    """How far a launch has come; a post takes it back."""
    launches = Launch.objects.with_progress().select_related("campaign", "user")
    found = get_object_or_404(launches, pk=launch_id)
    page = CampaignPage.objects.filter(petition=found.campaign, locale=Locale.get_default()).first()
    if page is None:
        raise PermissionDenied
    campaign, can_publish = campaign_or_refused(request, page.pk)
    made = PetitionPage.objects.filter(petition__in=found.made("petitions"))  # type: ignore[misc]
    if request.method == "POST":
        if made.live().exists() and not can_publish:
            raise PermissionDenied
        if running.can_be_taken_back(found) and not has_seen(request, made.count()):
            return ask_before_taking_back(request, campaign, found, made)
        take_back_page(request, campaign, found)
        return redirect("launch_progress", found.pk)
    return tell_progress(request, campaign, found, made)


def tell_progress(
    request: HttpRequest, campaign: CampaignPage, found: Launch, made: QuerySet[PetitionPage]
) -> HttpResponse:
    pages = made.filter(locale=campaign.locale).order_by("title")
    context = {
        "page_title": _("Launch"),
        "page_subtitle": title_of(campaign),
        "launch": found,
        "campaign": campaign,
        "pages": pages,
        "kept": found.cities - len(pages),
    }
    response = render(request, "campaigns/admin/launch_progress.html", context)
    if found.state == Launch.State.RUNNING:
        # So that the page goes on by itself, with scripts or without.
        response["Refresh"] = "2"
    return response


def ask_before_taking_back(
    request: AuthenticatedHttpRequest, campaign: CampaignPage, found: Launch, made: PageQuerySet
) -> HttpResponse:
    number, live, cities = made.count(), made.live().count(), len(found.made("petitions"))
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
    return ask_again(
        request,
        number,
        page_title=_("Undo this launch"),
        page_subtitle=title_of(campaign),
        lines=[pages % {"count": number}, seen % {"count": live}],
        button=button % {"count": cities},
        back=reverse("launch_progress", args=[found.pk]),
    )


def take_back_page(
    request: AuthenticatedHttpRequest, campaign: CampaignPage, found: Launch
) -> None:
    if found.state != Launch.State.DONE:
        messages.error(request, _("Only a launch that is done can be undone."))
        return
    count = len(found.made("petitions"))
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


@require_safe
def example(request: AuthenticatedHttpRequest, kind: str) -> HttpResponse:
    """A table with every column and one row, to be filled in, as XLSX or CSV."""
    row = example_row()
    return download(f"cities.{kind}", [row, row.values()])


def launch_button(page: Page, user: User, *args: Any, **kwargs: Any) -> Iterator[Button]:
    is_campaign = issubclass(page.specific_class, CampaignPage)
    if is_campaign and launch_policy.campaigns(user).filter(pk=page.pk).exists():
        address = reverse("launch", args=[page.pk])
        yield Button(_("Launch cities"), address, priority=5, icon_name="plus-inverse")
