"""One city to launch, as a row of the table says it."""

import dataclasses
import datetime
from dataclasses import dataclass, field
from typing import Any

from anyascii import anyascii
from django.conf import settings
from django.utils.text import slugify

from campaigns.models import Tie
from launches.columns import DATE_COLUMNS
from translations.languages.folding import unmixed


def slug_of(text: str) -> str:
    """A text as part of an address, in ASCII whatever script it is written in."""
    return slugify(anyascii(unmixed(text)))


def key_of(name: str, region: str) -> str:
    """A city's key: portland-oregon."""
    return "-".join(part for text in (name, region) if (part := slug_of(text)))


@dataclass(frozen=True)
class LaunchRow:
    """One city to launch. `names` holds further languages: per side, a CityName's fields."""

    city: str
    state: str
    sister_city: str
    sister_region: str
    since: int | None
    status: Tie.Status
    status_date: datetime.date | None
    source_title: str
    source_publisher: str
    source_url: str
    names: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    source_language: str = settings.LANGUAGE_CODE
    checked_at: datetime.date | None = None
    # In degrees, as the database keeps them.
    latitude: str = ""
    longitude: str = ""
    # Of the petition; left out, the one that we know of the state.
    time_zone: str = ""
    # Of the city, as `mayors.told` has it.
    mayor: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return key_of(self.city, self.state)

    @property
    def sister_key(self) -> str:
        return key_of(self.sister_city, self.sister_region)

    def as_json(self) -> dict[str, Any]:
        days = {name: day and day.isoformat() for name, day in self.days.items()}
        return {**dataclasses.asdict(self), **days}

    @property
    def days(self) -> dict[str, datetime.date | None]:
        return {name: getattr(self, name) for name in DATE_COLUMNS}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "LaunchRow":
        """Raises: TypeError, ValueError where the data is none of `as_json`."""
        told = {name: data.get(name) for name in DATE_COLUMNS}
        days = {name: day and datetime.date.fromisoformat(day) for name, day in told.items()}
        return cls(**{**data, "status": Tie.Status(data["status"]), **days})
