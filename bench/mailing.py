"""Mails a second of one worker, beside Django's own way of sending, to a server near and far.

On PostgreSQL, since that is what a site has that mails so much. Usage: mailing.py
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.drilling import inside  # noqa: E402
from bench.drilling.site import SHARE, Site, site, wait_until  # noqa: E402
from scripts.postgresql import free_port  # noqa: E402

MAILS = max(20, round(1000 * SHARE))
# What the worker is measured against takes long, and is the same from the first on.
FLOOR_MAILS = 60
# Of a round trip, in seconds, and what a mail may take, in milliseconds: 100 and 10 in a second.
FAR = {0.005: 10.0, 0.020: 100.0}
Figures = tuple[str, float, float, float]


def measure() -> list[Figures]:
    """From a process of its own, which is another site's."""
    with tempfile.NamedTemporaryFile("r") as told:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        environment.pop("DATABASE_URL", None)
        command = [sys.executable, __file__, told.name]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        return [(name, value, floor, goal) for name, value, floor, goal in json.load(told)]


@contextmanager
def far_server(seconds: float, folder: Path) -> Iterator[tuple[int, Path]]:
    """Its port, and the file in which it tells when each mail came."""
    port, told = free_port(), folder / f"mails-{seconds}"
    command = [sys.executable, "-m", "bench.drilling.far", str(port), str(seconds)]
    with told.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out)
    try:
        yield port, told
    finally:
        process.terminate()
        process.wait()


def times(told: Path) -> list[float]:
    return [float(line) for line in told.read_text().splitlines()]


def milliseconds_each(arrived: list[float]) -> float:
    return (arrived[-1] - arrived[0]) / (len(arrived) - 1) * 1000


def processor_seconds(pid: int) -> float:
    """Of all its threads, as Linux counts them."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def by_django(port: int, told: Path) -> float:
    """Mails of the same size, one after another, each over a connection of its own."""
    from django.core.mail import EmailMessage
    from django.core.mail.backends.smtp import EmailBackend

    backend = EmailBackend(host="127.0.0.1", port=port, timeout=10)
    wait_until(lambda: is_there(backend), 30)
    for number in range(FLOOR_MAILS):
        mail = EmailMessage("Subject", "Words of a mail.\n" * 100, "a@petitions.example")
        mail.to, mail.connection = [f"floor-{number}@example.org"], backend
        mail.send()
    return milliseconds_each(times(told))


def is_there(backend: object) -> bool:
    try:
        return bool(backend.open())  # type: ignore[attr-defined]
    except OSError:
        return False
    finally:
        backend.close()  # type: ignore[attr-defined]


def by_worker(here: Site, port: int, told: Path) -> tuple[float, float]:
    """Milliseconds a mail, and of the processor's time."""
    known = len(times(told))
    inside.sign(MAILS, f"bench-{port}")
    process = here.start("manage.py", "worker", EMAIL_URL=f"smtp://127.0.0.1:{port}")
    wait_until(lambda: len(times(told)) > known, 120)
    number, began = len(times(told)), processor_seconds(process.pid)
    wait_until(lambda: len(times(told)) >= known + MAILS, 600)
    used = processor_seconds(process.pid) - began
    process.terminate()
    process.wait()
    return milliseconds_each(times(told)[known:]), used / (known + MAILS - number) * 1000


def main() -> None:
    found: list[Figures] = []
    with site() as here:
        inside.enter(here)
        for seconds, longest in FAR.items():
            with far_server(seconds, here.folder) as (port, told):
                floor = by_django(port, told)
                each, used = by_worker(here, port, told)
            name = f"a mail, {seconds * 1000:.0f} ms away, against Django's own backend"
            found.append((name, each, floor, longest / floor))
            print(
                f"{seconds * 1000:.0f} ms a round trip: {1000 / each:.0f} mails a second, "
                f"{used:.1f} ms of the processor each; by Django's own way {1000 / floor:.0f}",
                flush=True,
            )
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
