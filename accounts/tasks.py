"""What the worker does for accounts."""

from datetime import timedelta
from importlib import import_module

from django.conf import settings

from accounts import password_reset
from jobs.models import Job
from jobs.registry import every, handles


@handles(password_reset.JOB)
def send_password_reset(job: Job) -> None:
    password_reset.send(job)


@every(timedelta(hours=1))
def forget_sessions() -> None:
    """Deletes the sessions that ended."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
