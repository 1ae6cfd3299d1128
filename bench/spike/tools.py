"""The programs that measure and those that are measured against, and what one more of them is."""

import contextlib
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts import debian
from scripts.postgresql import OLDEST, program_folders, version_of

# Of Debian, where each is found.
PACKAGES = {
    "nginx": "nginx-light",
    "wrk": "wrk",
    "pgbench": "postgresql",
    "openssl": "openssl",
    "pgbouncer": "pgbouncer",
    "envsubst": "gettext-base",
}


def path_of(name: str) -> str | None:
    if found := shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin"):
        return found
    servers = [each for each in program_folders() if version_of(each) >= OLDEST]
    return next((str(each / name) for each in servers if (each / name).exists()), None)


def needed(*names: str) -> None:
    """Installs what is missing where it can, or else ends the program with one sentence."""
    if missing := lacking(names):
        packages = sorted({PACKAGES[name] for name in missing})
        debian.install(*packages)
        if missing := lacking(names):
            sys.exit(
                f"This needs {' and '.join(missing)}, which this machine lacks: "
                f"on Debian, apt-get install {' '.join(packages)}."
            )


def lacking(names: Sequence[str]) -> list[str]:
    return [name for name in names if path_of(name) is None]


@dataclass(frozen=True)
class Served:
    """Where something is asked, and the number of the process that all of its others come from."""

    port: int
    pid: int

    @property
    def processor_seconds(self) -> float:
        """Of all of its processes so far, those that have ended too."""
        return sum(seconds_of(pid) for pid in (self.pid, *children(self.pid)))


@dataclass(frozen=True)
class Done:
    """What a program said, and of the processor's time how much it took, as a share of a core."""

    said: str
    share: float


def pinned(command: Sequence[str], seconds: float, **environment: str) -> Done:
    """A generator of load on the last core alone, so that it takes no more than that."""
    before = children_seconds()
    done = subprocess.run(
        [*on_last_core(), *command],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=seconds + 60,
    )
    if done.returncode:
        sys.exit(f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}")
    return Done(done.stdout, (children_seconds() - before) / seconds)


def on_last_core() -> list[str]:
    """Nothing where the system cannot say so."""
    taskset = shutil.which("taskset")
    return [taskset, "--cpu-list", str((os.cpu_count() or 1) - 1)] if taskset else []


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_of(pid: int) -> float:
    """Its own, and those of its children that have ended. Nothing of one that has just done so."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def memory_megabytes(pid: int) -> float:
    """Of one process, with its share of what it shares with others; Linux alone counts it."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def resident_megabytes(pid: int) -> float:
    """All that one process sees of memory, shared or not."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def children(pid: int) -> list[int]:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        found = [int(each) for each in told.split()]
        return found + [further for child in found for further in children(child)]
    return []
