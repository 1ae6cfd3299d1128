"""Sessions in a table that also says whose each is, so that they can be listed and ended."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from accounts.models import Session

LOGGED_IN_AT = "logged_in_at"
SEEN_AT = "seen_at"
BROWSER = "browser"


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session: Session = super().create_model_instance(data)  # type: ignore[assignment]
        session.user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        session.browser = data.get(BROWSER, "")
        session.since = moment(data.get(LOGGED_IN_AT))
        session.seen_at = moment(data.get(SEEN_AT))
        return session


def moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
