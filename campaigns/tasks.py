"""What the worker does for campaigns."""

from campaigns import launch_steps
from jobs.models import Job
from jobs.registry import handles


@handles(launch_steps.JOB)
def launch(job: Job) -> None:
    launch_steps.work(job)
