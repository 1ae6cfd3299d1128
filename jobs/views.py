"""The jobs that have trouble, for those who keep the site running."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import log

from jobs.models import Heartbeat, Job
from jobs.permissions import job_policy

PER_PAGE = 50


@PermissionPolicyChecker(job_policy).require("view")
@require_http_methods(["GET", "POST"])
def jobs(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        decide(request)
        return redirect("jobs")
    # What a page does not show, it does not load either.
    troubled = Job.objects.troubled().defer("payload").order_by("failed_at", "created_at", "pk")
    seen = Heartbeat.objects.first()
    context = {
        "page_title": _("Jobs"),
        "jobs": Paginator(troubled, PER_PAGE).get_page(request.GET.get("p")),
        "waiting": Job.objects.waiting().count(),
        "seen": seen,
        # Which would be “0 minutes ago” otherwise.
        "is_seen_now": seen is not None and timezone.now() - seen.at < timedelta(minutes=1),
    }
    return render(request, "jobs/admin/jobs.html", context)


def decide(request: HttpRequest) -> None:
    """Tries a job in trouble again, or drops it. One that a worker has in hand is left to it.

    Raises: PermissionDenied.
    """
    if not job_policy.user_has_permission(request.user, "change"):
        raise PermissionDenied
    again, key = "again" in request.POST, request.POST.get("again", request.POST.get("drop", ""))
    found = Job.objects.troubled().free(timezone.now())
    try:
        job = found.defer("payload").filter(pk=key).first()
    except ValidationError:
        job = None
    # In one statement each, since a worker may take the job between two.
    ours = found.filter(pk=job.pk) if job else found.none()
    if job is None or not (ours.try_again() if again else ours.delete()[0]):
        messages.error(request, _("The job is done, dropped, or in a worker’s hands just now."))
        return
    log(instance=job, action="jobs.again" if again else "jobs.drop", user=request.user)
    done = _("The job will be tried again.") if again else _("The job is dropped.")
    messages.success(request, done)


class JobsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(job_policy.user_has_permission(request.user, "view"))
