"""What an export holds in memory, and what a row of it takes, however many there are."""

import tempfile
import time
import tracemalloc
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from campaigns.models import Petition

SIZES = (20_000, 200_000)


def measure(sizes: tuple[int, int] = SIZES) -> list[tuple[str, float, float, float, str]]:
    """Name, value, floor, goal and unit; to be run on the demo's database."""
    from django.test import override_settings

    from signatures.models import Signature

    model = Signature.objects.confirmed().filter(anonymised_at=None).first()
    assert model is not None
    fields = {
        field.attname: getattr(model, field.attname)
        for field in Signature._meta.concrete_fields
        if field.name not in ("id", "mailbox_key", "petition")
    }
    memory, times = [], []
    with tempfile.TemporaryDirectory() as folder, override_settings(STORAGES=on_disk(folder)):
        for size in sizes:
            took, held = measure_one(size, fields)
            times.append(took)
            memory.append(held)
    small, large = sizes
    name = f"an export of {large} rows, made and sent, against one of {small}"
    return [
        (f"a row of {name}", times[1], times[0], 1.5, "ms"),
        (f"the memory of {name}", memory[1], memory[0], 1.3, "kB"),
    ]


def measure_one(size: int, fields: dict[str, Any]) -> tuple[float, float]:
    """Milliseconds a row, and kilobytes at most."""
    from campaigns.models import Petition
    from signatures.models import Signature

    petition = Petition.objects.create(time_zone="UTC")
    rows = (Signature(petition=petition, mailbox_key=f"{i:064d}", **fields) for i in range(size))
    Signature.objects.bulk_create(rows, batch_size=2000)
    start = time.perf_counter()
    export(petition)
    took = (time.perf_counter() - start) * 1000 / size
    tracemalloc.start()
    export(petition)
    held = tracemalloc.get_traced_memory()[1] / 1024
    tracemalloc.stop()
    return took, held


def on_disk(folder: str) -> dict[str, Any]:
    """Exports lie in files, as on a real site: in memory they would be measured with it."""
    from django.conf import settings

    files = "django.core.files.storage.FileSystemStorage"
    return {**settings.STORAGES, "private": {"BACKEND": files, "OPTIONS": {"location": folder}}}


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
