"""Five million rows exported, against as few as fifty thousand: what a row takes, and memory."""

import time
from collections.abc import Iterator
from pathlib import Path

from bench.drilling import inside
from bench.drilling.site import Site, size
from bench.exporting import export

SIZES = (size(50_000), size(5_000_000))
FLAT = 1.3
Row = tuple[str, str, bool]


def flat(site: Site) -> Iterator[Row]:
    """Made in steps and sent as a workbook; its further sheets begin after a million rows."""
    figures = []
    for number in SIZES:
        petition = inside.crowd(number)
        Path("/proc/self/clear_refs").write_text("5")
        before = peak_mb()
        started = time.monotonic()
        export(petition)
        took = (time.monotonic() - started) * 1000 / number
        figures.append((number, took, peak_mb() - before, peak_mb()))
    (few, quick, _more, small), (many, slow, grown, large) = figures
    told = f"{many} rows: {slow:.3f} ms each and a peak of {large:.0f} MB ({grown:.0f} more than "
    told += f"before); {few} rows: {quick:.3f} ms and {small:.0f} MB"
    yield "export", told, slow <= FLAT * quick and large <= FLAT * small


def peak_mb() -> float:
    """The most memory that this process has held since it was last asked to forget."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
