"""The jobs that failed, for those who keep the site running."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.log_actions import log

from jobs.models import Heartbeat, Job

PERMISSION = "jobs.view_job"
PER_PAGE = 50


@permission_required(PERMISSION)
@require_http_methods(["GET", "POST"])
def jobs(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        decide(request)
        return redirect("jobs")
    failed = Job.objects.failed().order_by("-failed_at", "pk")
    seen = Heartbeat.objects.first()
    context = {
        "page_title": _("Jobs"),
        "jobs": Paginator(failed, PER_PAGE).get_page(request.GET.get("p")),
        "waiting": Job.objects.waiting().count(),
        "seen": seen,
        # Which would be “0 minutes ago” otherwise.
        "is_seen_now": seen is not None and timezone.now() - seen.at < timedelta(minutes=1),
    }
    return render(request, "jobs/admin/jobs.html", context)


def decide(request: HttpRequest) -> None:
    """Tries a failed job again, or deletes it.

    Raises: PermissionDenied.
    """
    if not request.user.has_perm("jobs.change_job"):
        raise PermissionDenied
    again, key = "again" in request.POST, request.POST.get("again", request.POST.get("delete", ""))
    try:
        job = Job.objects.failed().filter(pk=key).first()
    except ValidationError:
        job = None
    if job is None:
        messages.error(request, _("This job is no longer among the failed ones."))
        return
    log(instance=job, action="jobs.again" if again else "jobs.delete", user=request.user)
    if again:
        Job.objects.filter(pk=job.pk).try_again()
        messages.success(request, _("The job will be tried again."))
    else:
        job.delete()
        messages.success(request, _("The job is deleted."))
