"""What the worker does for launches."""

from jobs.models import Job
from jobs.registry import handles
from launches import running


@handles(running.JOB)
def run_launch(job: Job) -> None:
    running.work(job)
