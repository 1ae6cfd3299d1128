"""What everybody may know of petitions, as JSON: numbers and words, never a person."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import translation

from campaigns.models import Petition, Round
from campaigns.pages.live import live_pages_of
from campaigns.records.endings import Outcome
from campaigns.records.standings import step_on
from signatures import tallies
from signatures.models import HourlyPlaces
from signatures.shown import places


def petitions_data(petitions: Iterable[Petition]) -> list[dict[str, Any]]:
    """In a constant number of queries, where the petitions come `with_names`."""
    rows = list(petitions)
    pages = defaultdict(list)
    for page in live_pages_of(rows):
        pages[page.petition_id].append(page)
    totals = tallies.totals(row.pk for row in rows)
    hourly = places.hourly(row.pk for row in rows)
    rounds = closed_rounds(rows)
    return [
        {
            "id": str(row.id),
            "url": {
                page.language: settings.BASE_URL + page.url for page in pages[row.pk] if page.url
            },
            "title": {page.language: page.heading for page in pages[row.pk]},
            "signatures": totals[row.pk].signatures,
            "goal": row.goal_at(totals[row.pk].shown),
            "opens_at": row.opens_at,
            "closes_at": row.closes_at,
            "rounds": [round_data(each) for each in rounds.get(row.pk, [])],
            "is_open": row.is_signable and bool(pages[row.pk]),
            "step": step_on(row),
            "tie": tie_data(row, pages[row.pk]) if row.tie else None,
            "outcome": outcome_data(row.outcome, pages[row.pk]) if row.outcome else None,
            **places_data(hourly.get(row.pk)),
            **({} if row.tie_id else {"people": totals[row.pk].people}),
        }
        for row in rows
    ]


def closed_rounds(petitions: Iterable[Petition]) -> dict[uuid.UUID, list[Round]]:
    """The first before the others, by petition; nothing is asked where none was closed."""
    keys = [each.pk for each in petitions if each.reopened_at]
    found: dict[uuid.UUID, list[Round]] = defaultdict(list)
    for each in Round.objects.filter(petition__in=keys) if keys else ():
        found[each.petition_id].append(each)
    return found


def round_data(closed: Round) -> dict[str, Any]:
    """Of a campaign with its people, as the petition itself."""
    return {
        "number": closed.number,
        "opened_at": closed.opened_at,
        "closed_at": closed.closed_at,
        "signatures": closed.signatures,
        **({} if closed.people is None else {"people": closed.people}),
    }


def places_data(hourly: HourlyPlaces | None) -> dict[str, Any]:
    return {
        "residents": hourly and hourly.residents,
        "elsewhere_in_country": hourly and hourly.elsewhere,
        "abroad": hourly and hourly.abroad,
        "by_country": hourly.by_country if hourly else {},
    }


def tie_data(petition: Petition, pages: list[Any]) -> dict[str, Any]:
    return {
        "city": {page.language: page.city_name.name for page in pages},
        "sister_city": {page.language: page.sister_city_name.name for page in pages},
        "status": petition.told_status,
        "checked_at": petition.tie and petition.tie.checked_at,
    }


def outcome_data(outcome: Outcome, pages: list[Any]) -> dict[str, Any]:
    """What was done of the demand, and how long after what the petition did before."""
    told = {}
    for page in pages:
        with translation.override(page.language):
            told[page.language] = outcome.told
    return {
        "is_met": outcome.is_met,
        "came_before": outcome.came_before,
        "date": outcome.acted_on,
        "days_since": outcome.days,
        "told": told,
    }
