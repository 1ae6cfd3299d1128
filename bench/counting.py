"""What a total and its proof take, however many have signed."""

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from campaigns.models import Petition

SIZES = (50_000, 500_000)
ROUNDS = 30
# Signatures that the worker has not folded yet: five seconds of seventy.
NOT_FOLDED = 350
# Somebody who signs for this many cities is one of the campaign's people.
CITIES = 5


def measure(sizes: tuple[int, int] = SIZES) -> list[tuple[str, float, float, float, str]]:
    """Name, value, floor, goal and unit; to be run on the demo's database."""
    from signatures.counts import people_of, signatures_of
    from signatures.models import fold_changes

    fold_changes()
    found = []
    for size in sizes:
        cities = signed(size)
        campaign = cities[0].parent
        assert campaign is not None
        city_ms = median_ms(partial(signatures_of, cities[0]))
        people_ms = median_ms(partial(people_of, campaign))
        fold_changes()
        keys = [campaign.pk, *(city.pk for city in cities)]
        proof_ms = median_ms(partial(prove, keys), 3)
        found.append((city_ms, people_ms, proof_ms * 1000 / size))
    (city, people, proof), (city_now, people_now, proof_now) = found
    small, large = sizes
    name = f"among {large} signatures, against {small}"
    return [
        (f"a city's total {name}", city_now, city, 1.3, "ms"),
        (f"a campaign's people {name}", people_now, people, 1.3, "ms"),
        (f"a signature's part of a recount {name}", proof_now, proof, 1.3, "µs"),
    ]


def median_ms(run: Callable[[], Any], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def prove(petitions: list[Any]) -> None:
    from signatures.tallies import drift_of

    for key in petitions:
        assert drift_of(key) is None


def signed(size: int) -> "list[Petition]":
    """The cities of a new campaign for which so many have signed, the last of them just now."""
    from campaigns.models import Petition, Tie
    from signatures.models import Signature, fold_changes

    campaign = Petition.objects.create(time_zone="UTC")
    ties = Tie.objects.all()[:CITIES]
    cities = [Petition.objects.create(parent=campaign, tie=tie, time_zone="UTC") for tie in ties]
    model = Signature.objects.confirmed().first()
    assert model is not None
    fields = {
        field.attname: getattr(model, field.attname)
        for field in Signature._meta.concrete_fields
        if field.name not in ("id", "mailbox_key", "petition")
    }
    rows = [
        Signature(petition=cities[i % CITIES], mailbox_key=key_of(i // 2), **fields)
        for i in range(size)
    ]
    Signature.objects.bulk_create(rows[:-NOT_FOLDED], batch_size=2000)
    fold_changes()
    cleared()
    Signature.objects.bulk_create(rows[-NOT_FOLDED:])
    return cities


def cleared() -> None:
    """As PostgreSQL does by itself within a minute; nobody signs by tens of thousands at once."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE signatures_tallychange, signatures_signature")


def key_of(number: int) -> str:
    """As a keyed hash lies in an index: anywhere."""
    import hashlib

    return hashlib.sha256(str(number).encode()).hexdigest()
