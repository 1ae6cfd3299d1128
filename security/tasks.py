"""What the worker does for security."""

import time
from datetime import timedelta

from jobs.registry import every
from security.models import Bucket


@every(timedelta(minutes=10))
def forget_buckets() -> int:
    """Deletes what limits no longer need: nothing has been counted there for a while."""
    return Bucket.objects.filter(empty_at__lte=time.time()).delete()[0]
