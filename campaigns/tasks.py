"""What the worker does for campaigns."""

from datetime import timedelta

from django.conf import settings
from django.core.management import call_command

from campaigns.evidence import link_checks
from campaigns.records.recipients import settle_names
from jobs.registry import every
from library import sizes


@every(timedelta(minutes=3))
def check_sources() -> None:
    """Only where the operator wants it: nothing is fetched by surprise."""
    if settings.CHECK_LINKS:
        link_checks.check_some()


@every(timedelta(minutes=1))
def publish_scheduled() -> None:
    """Publishes and takes down the pages whose time has come."""
    call_command("publish_scheduled")


@every(timedelta(minutes=10))
def settle_recipients() -> None:
    """Pages name no mayor whose term has ended, or whom nobody has checked for long."""
    settle_names()


@every(timedelta(seconds=30))
def make_sizes() -> None:
    """Of pictures that were uploaded, so that no visitor waits for them."""
    sizes.make()
