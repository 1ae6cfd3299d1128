"""What the rows say, counted here one by one, beside what totals tell."""

from collections import defaultdict
from typing import Any

from campaigns.models import Petition
from signatures import counts, tallies
from signatures.models import Signature


def by_the_rows() -> dict[Any, tallies.Total]:
    signed: dict[Any, int] = defaultdict(int)
    people: dict[Any, set[tuple[str, int]]] = defaultdict(set)
    rows = Signature.objects.filter(status="confirmed", held_at=None, round=None)
    where, who = ("petition", "petition__parent"), ("mailbox_key", "seat")
    for key, parent, mailbox_key, seat in rows.values_list(*where, *who):
        signed[key] += 1
        people[parent or key].add((mailbox_key, seat))
    petitions = Petition.objects.values_list("pk", "parent")
    return {
        key: tallies.Total(signed[key], None if parent else len(people[key]))
        for key, parent in petitions
    }


def places_by_the_rows() -> dict[Any, tallies.Places]:
    found: dict[Any, tallies.Places] = defaultdict(lambda: defaultdict(int))
    for row in Signature.objects.filter(status="confirmed", held_at=None, round=None):
        is_resident = bool(row.lives_here) or row.home_city_id is not None
        found[row.petition_id][tallies.Place(str(row.country), is_resident)] += 1
    return found


def assert_exact() -> None:
    """By every way in which a total is asked."""
    rows = by_the_rows()
    assert tallies.totals() == rows
    assert counts.signatures_by_petition(rows) == {
        key: each.signatures for key, each in rows.items()
    }
    assert counts.shown_numbers() == counts.told(rows)
    assert tallies.places() == places_by_the_rows()
