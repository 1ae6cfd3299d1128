"""Wagtail's command, in whose place this one stands, with each draft published by itself."""

import logging
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.management.commands import publish_scheduled
from wagtail.models import Page

from campaigns.publishing.publish import publish_due

logger = logging.getLogger(__name__)


def expired() -> QuerySet[Page]:
    return Page.objects.filter(live=True, expire_at__lt=timezone.now()).order_by("expire_at")


class Command(publish_scheduled.Command):
    help = "Publishes and takes down the pages whose time has come; names those that are refused."

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dryrun"]:
            super().handle(*args, **options)
            return
        for page in list(expired()):
            page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        for reason in publish_due():
            logger.error("%s", reason)
