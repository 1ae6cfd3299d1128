"""What the worker does for campaigns."""

from datetime import timedelta

from django.core.management import call_command

from campaigns import launch_steps
from jobs.models import Job
from jobs.registry import every, handles


@handles(launch_steps.JOB)
def launch(job: Job) -> None:
    launch_steps.work(job)


@every(timedelta(minutes=1))
def publish_scheduled() -> None:
    """Publishes and takes down the pages whose time has come."""
    call_command("publish_scheduled")
