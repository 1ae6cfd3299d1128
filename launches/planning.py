"""What a launch would make, told without making it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Locale

from campaigns.models import CampaignPage, City, CityName, PetitionPage, Recipient, Tie, TieEvent
from campaigns.records.cities import place
from campaigns.records.freshness import AGING
from launches.building import event_details, known_ties
from launches.csv_file import parse
from launches.known import denials
from launches.rows import LaunchRow
from launches.state_zones import is_divided, zone_of_state


@dataclass(frozen=True)
class Planned:
    """What a launch will do for one city."""

    city: str
    sister_city: str
    # What the table says of the tie.
    status: str
    is_new: bool
    languages: list[tuple[str, str]]
    notes: list[str]
    # Of the petition that will be made.
    time_zone: str = ""


def items_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    """What was chosen and uploaded, as a launch keeps it.

    Raises: DataFileError.
    """
    items: list[dict[str, Any]] = [{"tie": tie.pk} for tie in data["ties"]]
    if upload := data["file"]:
        languages = [code for code, _name in settings.LANGUAGES]
        rows = parse(upload.name, upload.read(), languages, denials)
        items += [row.as_json() for row in rows]
    return items


@dataclass(frozen=True)
class Known:
    """What is stored already of the cities of a plan, asked for all of them at once."""

    # By their keys: the names, those with a name in a language, and the pairs with a page.
    names: dict[str, str]
    named: set[tuple[str, str]]
    pages: set[tuple[str, str]]
    ties: dict[tuple[str, str], Tie]
    # The languages of the site, and those in which the campaign is live.
    locales: list[Locale]
    live: set[int]
    # Cities whose mayor's office is there, by their keys.
    mayors: set[str]

    @classmethod
    def of(cls, campaign: CampaignPage, rows: list[LaunchRow]) -> "Known":
        keys = {key for row in rows for key in (row.key, row.sister_key)}
        cities = City.objects.filter(key__in=keys).prefetch_related("names__locale")
        named = CityName.objects.filter(city__key__in=keys)
        pages = PetitionPage.objects.filter(
            petition__parent=campaign.petition, locale=campaign.locale
        )
        mayors = Recipient.objects.filter(city__key__in=keys, office=Recipient.Office.MAYOR)
        live = campaign.get_translations(inclusive=True).live()
        return cls(
            names={city.key: str(city.name_in(get_language() or "")) for city in cities},
            named=set(named.values_list("city__key", "locale__language_code")),
            pages=set(
                pages.values_list("petition__tie__city__key", "petition__tie__sister_city__key")
            ),
            ties=known_ties(rows),
            locales=[locale for locale in Locale.objects.all() if locale.language_code],
            live=set(live.values_list("locale_id", flat=True)),
            mayors=set(mayors.values_list("city__key", flat=True)),
        )

    def has_ended(self, row: LaunchRow) -> bool:
        """Whether the tie will have ended, by what is known of it and what the row says."""
        tie = self.ties.get((row.key, row.sister_key))
        events = list(tie.events.all()) if tie else []
        if row.source_title:
            events.append(TieEvent(**event_details(row)))
        newest = max(events, key=TieEvent.age_key, default=None)
        return newest is not None and newest.status == Tie.Status.ENDED

    def is_unchecked(self, row: LaunchRow) -> bool:
        """Whether nobody says when somebody saw that its status is still so."""
        tie = self.ties.get((row.key, row.sister_key))
        told = row.checked_at or (tie and tie.checked_at)
        return row.status in AGING and told is None


def plan(campaign: CampaignPage, items: list[dict[str, Any]], publish: bool) -> list[Planned]:
    """What will be made, told without making it, in a constant number of queries."""
    ties = Tie.objects.filter(pk__in=[item["tie"] for item in items if "tie" in item])
    by_id = {tie.pk: tie for tie in ties.select_related("city", "sister_city")}
    rows = rows_of(items, by_id)
    known = Known.of(campaign, [row for row, _state in rows])
    return [planned_of(row, state, publish, campaign, known) for row, state in rows]


def rows_of(items: list[dict[str, Any]], ties: dict[int, Tie]) -> list[tuple[LaunchRow, str]]:
    """Each with its city's state."""
    found = []
    for item in items:
        if "tie" not in item:
            row = LaunchRow.from_json(item)
            found.append((row, row.state))
        elif tie := ties.get(item["tie"]):
            found.append((row_of(tie), tie.city.region))
    return found


def row_of(tie: Tie) -> LaunchRow:
    """A tie that is known already as a row of the table."""
    sides = {"city": tie.city, "sister_city": tie.sister_city}
    keys = {side: city.key for side, city in sides.items()}
    return LaunchRow(keys["city"], "", keys["sister_city"], "", None, tie.status, None, "", "", "")


def planned_of(
    row: LaunchRow, state: str, publish: bool, campaign: CampaignPage, known: Known
) -> Planned:
    keys = (row.key, row.sister_key)
    places = place(row.city, row.state), place(row.sister_city, row.sister_region)
    names = [known.names.get(key, new) for key, new in zip(keys, places, strict=True)]
    is_new = keys not in known.pages
    languages, notes = [], []
    for locale in known.locales:
        code = locale.language_code
        given = row.names.get(code, {})
        is_named = code == campaign.language or all(
            (key, code) in known.named or side in given
            for key, side in zip(keys, ("city", "sister_city"), strict=True)
        )
        goes_live = publish and is_named and locale.pk in known.live
        languages.append((code, _("published") if goes_live else _("draft")))
        if not is_named:
            notes.append(_("Names are missing in: %(language)s.") % {"language": locale})
    new_cities = [name for key, name in zip(keys, names, strict=True) if key not in known.names]
    if is_new and new_cities:
        notes.append(_("New cities: %(cities)s.") % {"cities": "; ".join(new_cities)})
    if is_new and known.has_ended(row):
        notes.append(
            _(
                "The tie has already ended: the page will say so, nobody will be able to sign, "
                "and the city will not count as having met the demand."
            )
        )
    if is_new and not row.time_zone and is_divided(state):
        notes.append(
            _(
                "Part of this state is in another time zone; most of its people live in this one. "
                "For a city in the other, fill in the column time_zone, or change it on the "
                "petition."
            )
        )
    if row.mayor and row.key in known.mayors:
        notes.append(_("Its mayor is known already and stays as entered."))
    if campaign.petition and campaign.petition.check_days and known.is_unchecked(row):
        notes.append(
            _(
                "Nobody has said when this status was checked, so pages will call it unknown and "
                "name the last one known. Fill in the column checked_at, or check the tie "
                "afterward."
            )
        )
    time_zone = (row.time_zone or zone_of_state(state)) if is_new else ""
    return Planned(names[0], names[1], told_status(row), is_new, languages, notes, time_zone)


def told_status(row: LaunchRow) -> str:
    """With the month in words, so that a day and a month that changed places are seen."""
    told = str(row.status.label)
    return f"{told}, {date_format(row.status_date, 'DATE_FORMAT')}" if row.status_date else told
