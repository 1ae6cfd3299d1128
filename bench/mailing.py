"""Mails a second of one worker, and of two side by side, beside Django's own way of sending.

On PostgreSQL, since that is what a site has that mails so much. Usage: mailing.py
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
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
# Of what a mail takes one worker: where the way is long, two halve it; where the processors are
# what counts, the database and the mail server of this machine want theirs.
LESS = {0.005: 1.0, 0.020: 0.75}
# Of a worker, unless `WORKER_THREADS` says otherwise.
THREADS = 4
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


def by_workers(here: Site, port: int, told: Path, number: int) -> tuple[float, float]:
    """Milliseconds a mail, and of the processors' time, once all of them are at work.

    Raises: RuntimeError, where a mail came twice, or is not known to have been sent.
    """
    from django.utils import timezone

    from jobs.models import Job
    from signatures.models import Submission

    known, idle = len(times(told)), sessions()
    inside.sign(MAILS, f"bench-{port}-{number}")
    due = timezone.now()
    Job.objects.update(run_at=due + timedelta(hours=1))
    address = f"smtp://127.0.0.1:{port}"
    workers = [here.start("manage.py", "worker", EMAIL_URL=address) for _each in range(number)]
    # Each of their threads has one.
    wait_until(lambda: sessions() >= idle + number * THREADS, 120)
    before = sum(processor_seconds(each.pid) for each in workers)
    Job.objects.update(run_at=due)
    wait_until(lambda: len(times(told)) >= known + MAILS, 600)
    used = sum(processor_seconds(each.pid) for each in workers) - before
    for each in workers:
        each.terminate()
    for each in workers:
        each.wait()
    arrived = times(told)[known:]
    if len(arrived) != MAILS or Submission.objects.filter(mailed_at=None).exists():
        raise RuntimeError(f"of {MAILS} mails {len(arrived)} arrived")
    return milliseconds_each(arrived), used / MAILS * 1000


def sessions() -> int:
    """Of whoever is connected to the site's database."""
    found = inside.sql("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()")
    return int(found[0][0])


def main() -> None:
    found: list[Figures] = []
    with site() as here:
        inside.enter(here)
        for seconds, longest in FAR.items():
            with far_server(seconds, here.folder) as (port, told):
                floor = by_django(port, told)
                one, used = by_workers(here, port, told, 1)
                two, used_by_two = by_workers(here, port, told, 2)
            away = f"{seconds * 1000:.0f} ms away"
            found += [
                (f"a mail, {away}, against Django's own backend", one, floor, longest / floor),
                (f"a mail by two workers, {away}, against one", two, one, LESS[seconds]),
            ]
            print(
                f"{away}: {1000 / one:.0f} mails a second, {used:.1f} ms of the processor each; "
                f"by two workers {1000 / two:.0f}, {used_by_two:.1f} ms; "
                f"by Django's own way {1000 / floor:.0f}",
                flush=True,
            )
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
