"""Wagtail's command, in whose place this one stands, with each draft published by itself."""

import logging
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.management.commands import publish_scheduled
from wagtail.models import Page

from campaigns.publishing.publish import publish_due

logger = logging.getLogger(__name__)


def expired() -> QuerySet[Page]:
    """A petition's page takes those in its other languages along: it is one that is over."""
    over = Page.objects.filter(live=True, expire_at__lt=timezone.now())
    petitions = Q(petitionpage__isnull=False) | Q(campaignpage__isnull=False)
    keys = over.filter(petitions).values("translation_key")
    together = Page.objects.filter(live=True, translation_key__in=keys)
    return (over | together).order_by("expire_at", "pk")


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
