"""What the worker does for campaigns."""

from datetime import timedelta

from django.core.management import call_command

from jobs.registry import every


@every(timedelta(minutes=1))
def publish_scheduled() -> None:
    """Publishes and takes down the pages whose time has come."""
    call_command("publish_scheduled")
