"""What a total and its proof take, however many have signed."""

import statistics
import time
from collections.abc import Callable
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
    from signatures.tallies import drift_of

    fold_changes()
    took: dict[str, list[float]] = {"of a city": [], "of people": [], "proof": []}
    for size in sizes:
        cities = signed(size)
        campaign = cities[0].parent
        assert campaign is not None
        took["of a city"].append(median_ms(lambda city=cities[0]: signatures_of(city)))
        took["of people"].append(median_ms(lambda campaign=campaign: people_of(campaign)))
        fold_changes()
        proven = [campaign.pk, *(city.pk for city in cities)]
        proof = median_ms(lambda proven=proven: [drift_of(key) for key in proven], 3)
        took["proof"].append(proof * 1000 / size)
    small, large = sizes
    name = f"among {large} signatures, against {small}"
    return [
        (f"a city's total {name}", *reversed(took["of a city"]), 1.3, "ms"),
        (f"a campaign's people {name}", *reversed(took["of people"]), 1.3, "ms"),
        (f"a signature's part of a recount {name}", *reversed(took["proof"]), 1.3, "µs"),
    ]


def median_ms(run: Callable[[], Any], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def signed(size: int) -> "list[Petition]":
    """The cities of a new campaign for which so many have signed, the last of them just now."""
    from campaigns.models import Petition, Tie
    from signatures.models import Signature, fold_changes

    campaign = Petition.objects.create()
    ties = Tie.objects.all()[:CITIES]
    cities = [Petition.objects.create(parent=campaign, tie=tie) for tie in ties]
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
    Signature.objects.bulk_create(rows[-NOT_FOLDED:])
    return cities


def key_of(number: int) -> str:
    """As a keyed hash lies in an index: anywhere."""
    import hashlib

    return hashlib.sha256(str(number).encode()).hexdigest()
