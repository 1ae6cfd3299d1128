"""What the worker does for campaigns."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Revision

from campaigns import digest, launch_steps, link_checks
from campaigns.going_live import foreign_texts
from jobs.models import Job
from jobs.registry import every, handles

logger = logging.getLogger(__name__)


@handles(launch_steps.JOB)
def launch(job: Job) -> None:
    launch_steps.work(job)


@handles(digest.JOB)
def send_digest(job: Job) -> None:
    digest.send(job)


@every(timedelta(minutes=10))
def enqueue_digests() -> None:
    digest.enqueue_due()


@every(timedelta(minutes=3))
def check_sources() -> None:
    """Only where the operator wants it: nothing is fetched by surprise."""
    if settings.CHECK_LINKS:
        link_checks.check_some()


@every(timedelta(minutes=1))
def publish_scheduled() -> None:
    """Publishes and takes down the pages whose time has come."""
    put_off_half_translations()
    call_command("publish_scheduled")


def put_off_half_translations() -> None:
    """A page that lacks a translation by its time stays a draft, and holds up no other page."""
    due = Revision.objects.filter(approved_go_live_at__lt=timezone.now())
    for revision in due:
        if any(gap.is_essential for gap in foreign_texts(revision.as_object())):
            logger.error("The page %s is not translated and was not published.", revision.object_id)
            revision.approved_go_live_at = None
            revision.save(update_fields=["approved_go_live_at"])
