"""What the worker does for accounts, and for the limits that they share with others."""

import time
from datetime import UTC, timedelta
from importlib import import_module

from django.conf import settings
from django.utils import timezone

from jobs.registry import every
from security.models import Bucket, DayKey, Refused


@every(timedelta(minutes=10))
def forget_buckets() -> int:
    """Deletes the buckets that are empty: nothing has been counted there for a while."""
    Refused.objects.filter(hour__lte=timezone.now() - timedelta(days=1)).delete()
    return Bucket.objects.filter(empty_at__lte=time.time()).delete()[0]


@every(timedelta(hours=1))
def forget_day_keys() -> int:
    """Deletes the keys of days that are over: what they hashed can be found by nobody again."""
    return DayKey.forget(timezone.now().astimezone(UTC).date())


@every(timedelta(hours=1))
def forget_sessions() -> None:
    """Deletes the sessions that ended."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
