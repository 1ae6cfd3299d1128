"""What the worker does for whoever runs the site."""

import logging
from datetime import timedelta

from django.utils import timezone

from jobs.registry import every
from operations import proving

logger = logging.getLogger(__name__)


@every(timedelta(hours=1))
def prove_totals() -> None:
    """Once a night. What is wrong is put right, and should not have been."""
    if proving.is_due(timezone.now()):
        for drift in proving.prove():
            logger.warning("%s The total was put right.", drift)
