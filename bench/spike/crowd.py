"""The spike: so many readers and signers a second, on one machine with its database and worker."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from bench.drilling import inside
from bench.drilling.site import ROOT, ask
from bench.spike.stage import fetch
from bench.spike.throughput import Figure, pgbench
from bench.spike.tools import memory_megabytes, on_last_core, resident_megabytes

# In a second of the spike, and beside what is more than the site can take.
VIEWS, SIGNATURES, READERS = 1110, 66, 100
PAGES = 42
# Which process answers is nobody's choice.
WARM = 8
# So long the floors are measured under the same load.
FLOOR_SECONDS = 10.0
MAILED_WITHIN = 60.0


@dataclass
class Crowd:
    """Who comes, and where they ask."""

    pages: list[str]
    # The addresses of forms, and what is posted to each but for the email.
    forms: list[tuple[str, str]]
    seconds: float
    # A second.
    views: float
    signs: float
    # What staff change meanwhile, each by itself.
    edits: Mapping[str, Callable[[], object]] = field(default_factory=dict)

    def comes(self, port: int, prefix: str, signs: bool = True) -> dict[str, Any]:
        """To this port; what it saw there, by a process of its own on the last core."""
        seconds = self.seconds if signs else min(self.seconds, FLOOR_SECONDS)
        edits = self.edits if signs else {}
        parts = seconds / (len(edits) + 1)
        moments = {name: parts * number for number, name in enumerate(edits, start=1)}
        plan = {
            "port": port,
            "host": "petitions.example",
            "pages": self.pages,
            "forms": self.forms,
            "views": self.views,
            "signs": self.signs * signs,
            "seconds": seconds,
            "edits": moments,
            "prefix": prefix,
            "seed": 42,
        }
        command = [*on_last_core(), sys.executable, "-m", "bench.spike.generator"]
        with tempfile.TemporaryFile("w+") as asked, tempfile.TemporaryFile("w+") as errors:
            json.dump(plan, asked)
            asked.seek(0)
            with subprocess.Popen(
                command, stdin=asked, stdout=subprocess.PIPE, stderr=errors, cwd=ROOT, text=True
            ) as generator:
                assert generator.stdout
                began = generator.stdout.readline()
                for name, moment in moments.items():
                    time.sleep(max(0.0, float(began) + moment - time.monotonic()))
                    edits[name]()
                said, _none = generator.communicate(timeout=self.seconds + 120)
            errors.seek(0)
            if generator.returncode:
                raise RuntimeError(errors.read()[-2000:])
        told: dict[str, Any] = json.loads(said)
        return told


@dataclass(frozen=True)
class Outcome:
    seen: dict[str, Any]
    signed: int
    stored: int
    mailed: int
    mailed_after: float
    processes: list[float]
    # Before and after.
    resident: tuple[list[float], list[float]]
    worker: tuple[float, float]

    @property
    def errors(self) -> int:
        """Whatever was not answered as it should be."""
        good = {"view 200", "sign 303"}
        return int(self.seen["unanswered"]) + sum(
            number for status, number in self.seen["statuses"].items() if status not in good
        )


def pages_of_demo() -> list[str]:
    """In all languages, the campaign's own among them."""
    from campaigns.models import CampaignPage, PetitionPage

    found = [*CampaignPage.objects.live(), *PetitionPage.objects.live().order_by("path")]
    addresses = [str(page.url) for page in found]
    return (addresses * PAGES)[:PAGES]


def edit_city() -> None:
    """As an editor does who publishes another heading of a city's page."""
    from campaigns.models import PetitionPage

    page = PetitionPage.objects.live().filter(locale__language_code="en").order_by("path").last()
    assert page is not None
    page.own_heading = f"{page.heading}."
    page.save_revision().publish()


def edit_campaign() -> None:
    """Which every one of its pages shows."""
    from campaigns.models import CampaignPage

    page = CampaignPage.objects.live().filter(locale__language_code="en").get()
    page.starter = f"{page.starter}."
    page.save_revision().publish()


def spike(crowd: Crowd, port: int, web: list[int], worker: int, told: Path) -> Outcome:
    """`told` is where the mail server writes a line for each mail."""
    before, mails, used = rows(), lines(told), resident_megabytes(worker)
    resident = [resident_megabytes(pid) for pid in web]
    seen = crowd.comes(port, f"spike-{os.urandom(4).hex()}")
    ended = time.monotonic()
    signed = seen["statuses"].get("sign 303", 0)
    while lines(told) - mails < signed and time.monotonic() - ended < 2 * MAILED_WITHIN:
        time.sleep(0.2)
    return Outcome(
        seen=seen,
        signed=signed,
        stored=rows() - before,
        mailed=lines(told) - mails,
        mailed_after=time.monotonic() - ended,
        processes=[memory_megabytes(pid) for pid in web],
        resident=(resident, [resident_megabytes(pid) for pid in web]),
        worker=(used, resident_megabytes(worker)),
    )


@dataclass(frozen=True)
class Shed:
    """What came of more signers than the site can take."""

    seen: dict[str, Any]
    taken_a_second: float
    stored: int

    @property
    def is_honest(self) -> bool:
        """Each is answered, and those who are told so are stored, and readers notice nothing."""
        statuses = self.seen["statuses"]
        known = {"view 200", "sign 303", "sign 503"}
        return (
            set(statuses) <= known
            and not self.seen["unanswered"]
            and statuses.get("sign 303") == self.stored
        )


def shed(crowd: Crowd, port: int) -> Shed:
    before = rows()
    seen = crowd.comes(port, f"shed-{os.urandom(4).hex()}")
    taken = seen["statuses"].get("sign 303", 0) / crowd.seconds
    return Shed(seen, taken, rows() - before)


def warm(port: int, people: Crowd) -> None:
    """Everything a few times in each process, as it was before the news."""
    for page in people.pages * WARM:
        fetch(port, page, **{"Accept-Encoding": "gzip, deflate, br"})
    for path, form in people.forms * WARM:
        email = f"warm-1{os.urandom(4).hex()}@example.org"
        ask(port, path, {**dict(parse_qsl(form)), "email": email})


def forget_jobs() -> None:
    inside.sql("DELETE FROM jobs_job")


def has_mailed_all() -> bool:
    (waiting,) = inside.sql("SELECT count(*) FROM jobs_job WHERE kind LIKE '%emails.send'")
    return not waiting[0]


def rows() -> int:
    (found,) = inside.sql("SELECT count(*) FROM signatures_signature")
    return int(found[0])


def lines(told: Path) -> int:
    return told.read_bytes().count(b"\n")


def floors(crowd: Crowd, nginx: int, database: str, folder: Path) -> tuple[dict[str, Any], Figure]:
    """The same load on nginx with a page as a file, and on pgbench with the same row."""
    seen = crowd.comes(nginx, "floor", signs=False)
    seconds = min(crowd.seconds, FLOOR_SECONDS)
    return seen, pgbench(database, folder, crowd.signs, seconds)
