"""Whether the mail server can be reached, as this process last found."""

import logging
from datetime import datetime, timedelta
from threading import Lock

from django.utils import timezone

from jobs.registry import AwayError

logger = logging.getLogger(__name__)

# So late, at most, does the first mail leave after the server is back.
AWAY = timedelta(seconds=5)


class Reach:
    """Of the one server that a site has; several threads ask."""

    def __init__(self) -> None:
        self.lost_at: datetime | None = None
        self.lock = Lock()

    def check(self) -> None:
        """Lets nobody wait once more for a server that did not answer a moment ago.

        Raises: AwayError.
        """
        now, lost_at = timezone.now(), self.lost_at
        # A clock that was put back makes nothing wait for longer.
        if lost_at and lost_at <= now < lost_at + AWAY:
            raise AwayError(lost_at + AWAY - now)

    def note_lost(self, error: Exception) -> AwayError:
        """Tells it once, by the error's class: its words may name what nobody is to read."""
        with self.lock:
            is_news, self.lost_at = self.lost_at is None, timezone.now()
        if is_news:
            logger.error(
                "The mail server cannot be reached (%s): mails wait.", type(error).__name__
            )
        return AwayError(AWAY)

    def note_found(self) -> None:
        with self.lock:
            is_news, self.lost_at = self.lost_at is not None, None
        if is_news:
            logger.info("The mail server is back: what waited goes out.")


reach = Reach()
