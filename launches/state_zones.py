"""The time zones of the states that cities are launched in."""

from campaigns.models import City
from launches.rows import LaunchRow, slug_of

STATES = {
    "America/New_York": (
        *("Connecticut", "Delaware", "District of Columbia", "Florida", "Georgia", "Kentucky"),
        *("Maine", "Maryland", "Massachusetts", "New Hampshire", "New Jersey", "New York"),
        *("North Carolina", "Ohio", "Pennsylvania", "Rhode Island", "South Carolina", "Vermont"),
        *("Virginia", "West Virginia"),
    ),
    "America/Detroit": ("Michigan",),
    "America/Indiana/Indianapolis": ("Indiana",),
    "America/Chicago": (
        *("Alabama", "Arkansas", "Illinois", "Iowa", "Kansas", "Louisiana", "Minnesota"),
        *("Mississippi", "Missouri", "Nebraska", "North Dakota", "Oklahoma", "South Dakota"),
        *("Tennessee", "Texas", "Wisconsin"),
    ),
    "America/Denver": ("Colorado", "Montana", "New Mexico", "Utah", "Wyoming"),
    "America/Boise": ("Idaho",),
    "America/Phoenix": ("Arizona",),
    "America/Los_Angeles": ("California", "Nevada", "Oregon", "Washington"),
    "America/Anchorage": ("Alaska",),
    "Pacific/Honolulu": ("Hawaii",),
}
# Those with another zone beside the one above, in which most of their people live.
DIVIDED = (
    *("Alaska", "Arizona", "Florida", "Idaho", "Indiana", "Kansas", "Kentucky", "Michigan"),
    *("Nebraska", "Nevada", "North Dakota", "Oregon", "South Dakota", "Tennessee", "Texas"),
)

BY_STATE = {slug_of(state): zone for zone, states in STATES.items() for state in states}
DIVIDED_SLUGS = {slug_of(state) for state in DIVIDED}


def zone_of_state(state: str) -> str:
    """Empty where we know none."""
    return BY_STATE.get(slug_of(state), "")


def zone_of_city(city: City) -> str:
    """Empty where we know none."""
    return zone_of_state(city.region) if city.country == "US" else ""


def zone_of_row(row: LaunchRow) -> str:
    return row.time_zone or zone_of_state(row.state)


def is_divided(state: str) -> bool:
    return slug_of(state) in DIVIDED_SLUGS
