"""What an export holds in memory, and what a row of it takes, however many there are."""

import time
import tracemalloc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campaigns.models import Petition

SIZES = (20_000, 200_000)


def measure(sizes: tuple[int, int] = SIZES) -> list[tuple[str, float, float, float, str]]:
    """Name, value, floor, goal and unit; to be run on the demo's database."""
    from campaigns.models import Petition
    from signatures.models import Signature

    model = Signature.objects.confirmed().filter(anonymised_at=None).first()
    assert model is not None
    fields = {
        field.attname: getattr(model, field.attname)
        for field in Signature._meta.concrete_fields
        if field.name not in ("id", "mailbox_key", "petition")
    }
    memory, times = [], []
    for size in sizes:
        petition = Petition.objects.create(time_zone="UTC")
        rows = (
            Signature(petition=petition, mailbox_key=f"{i:064d}", **fields) for i in range(size)
        )
        Signature.objects.bulk_create(rows, batch_size=2000)
        start = time.perf_counter()
        export(petition)
        times.append((time.perf_counter() - start) * 1000 / size)
        tracemalloc.start()
        export(petition)
        memory.append(tracemalloc.get_traced_memory()[1] / 1024)
        tracemalloc.stop()
    small, large = sizes
    name = f"an export of {large} rows, made and sent, against one of {small}"
    return [
        (f"a row of {name}", times[1], times[0], 1.5, "ms"),
        (f"the memory of {name}", memory[1], memory[0], 1.3, "kB"),
    ]


def export(petition: "Petition") -> None:
    """Makes it in steps and sends it as a workbook, to nobody."""
    from django.contrib.auth import get_user_model

    from officers_desk.exports import handing, making
    from officers_desk.models import Export
    from security.streams import new_key

    found = Export.objects.create(
        purpose="breach",
        petition=petition,
        reason="Measured",
        language="en",
        asked_by=get_user_model().objects.get(username="officer"),
        state=Export.State.MAKING,
        key=new_key().hex(),
    )
    while making.step(found.pk):
        pass
    found.refresh_from_db()
    for _piece in handing.sent(found, is_workbook=True):
        pass
