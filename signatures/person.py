"""What a signature holds of a person, and what is left of it without one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, ExpressionWrapper, F, Value
from django.db.models.functions import TruncDay

from signatures.release import Release

# All that names the person, or would tell two signatures of theirs from others.
PERSON: dict[str, Any] = {
    "name": "",
    "name_key": "",
    "email": "",
    "comment": "",
    "answers": {},
    "postcode": "",
    "show_name": False,
    "named_to": "",
    "discreet": False,
    "name_state": Release.NONE,
    "name_checksum": "",
    "comment_state": Release.NONE,
    "comment_checksum": "",
}
# Who takes a signature back is in no total any more either.
TAKEN_BACK: dict[str, Any] = {
    **PERSON,
    "country": "",
    "lives_here": None,
    "home_city": None,
    "confirmed_at": None,
}

# The same day on nearly every clock of the world.
MIDDLE = timedelta(hours=12)


def middle_of_day(moment: datetime) -> datetime:
    """The middle of a moment's day, in UTC."""
    midnight = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + MIDDLE


def by_the_day(*columns: str) -> dict[str, ExpressionWrapper]:
    """The same of columns, for an update; one without a time stays so."""
    return {
        column: ExpressionWrapper(
            TruncDay(F(column), tzinfo=UTC) + Value(MIDDLE), output_field=DateTimeField()
        )
        for column in columns
    }
