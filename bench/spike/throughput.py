"""How much a second of each thing, by turns, so that a busy machine is busy for all."""

import json
import os
import re
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bench.spike.tools import Done, Served, path_of, pinned

CONNECTIONS = 64
# More of them slow it down on a few cores, and take long to open on a busy one.
CLIENTS = 8
SECONDS = float(os.environ.get("SPIKE_ROUND_SECONDS", "3"))
ROUNDS = int(os.environ.get("SPIKE_ROUNDS", "3"))
# A row as a signature's is, with all of its indexes and none of its triggers.
LIKE_IT = (
    "CREATE TABLE IF NOT EXISTS bench_signature (LIKE signatures_signature INCLUDING ALL);"
    "TRUNCATE bench_signature;"
)
INSERT = "INSERT INTO bench_signature ({columns}) SELECT {values} FROM signatures_signature LIMIT 1"


@dataclass(frozen=True)
class Figure:
    """Of one round: how many a second, how long each took, and what the generator took itself."""

    per_second: float
    p50: float
    p99: float
    errors: int
    number: int
    generator: float


@dataclass
class Contender:
    name: str
    run: Callable[[], Figure]
    # Whose processor time is counted: on a busy machine it says more than how much a second.
    served: tuple[Served, ...]
    figures: list[Figure] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def goes(self) -> None:
        before = self._used()
        figure = self.run()
        if not figure.number:
            sys.exit(f"{self.name}: nothing was answered; give it longer by SPIKE_ROUND_SECONDS.")
        self.figures.append(figure)
        self.processor.append((self._used() - before) / figure.number * 1e6)

    def _used(self) -> float:
        return sum(each.processor_seconds for each in self.served)

    @property
    def processor_microseconds(self) -> float:
        return statistics.median(self.processor)

    @property
    def per_second(self) -> float:
        return statistics.median(each.per_second for each in self.figures)

    @property
    def microseconds(self) -> float:
        return 1e6 / self.per_second

    @property
    def p99(self) -> float:
        return statistics.median(each.p99 for each in self.figures)

    def told(self) -> str:
        errors = sum(each.errors for each in self.figures)
        generator = statistics.median(each.generator for each in self.figures)
        p50 = statistics.median(each.p50 for each in self.figures)
        return (
            f"{self.name}: {self.per_second:,.0f} a second, p50 {p50:.1f} ms, "
            f"p99 {self.p99:.1f} ms, {errors} errors, "
            f"processor {self.processor_microseconds:,.0f} µs each, "
            f"generator {generator:.0%} of a core"
        )


def by_turns(contenders: list[Contender], rounds: int = ROUNDS) -> None:
    for _round in range(rounds):
        for each in contenders:
            each.goes()
    for each in contenders:
        print(each.told(), flush=True)


def wrk(
    address: str, form: str = "", prefix: str = "", cookie: str = "", seconds: float = SECONDS
) -> Figure:
    """`form` is all of it but the email, of which each is another."""
    environment = {"HOST_NAME": "petitions.example", "COOKIE": cookie}
    if form:
        environment |= {"FORM": form, "PREFIX": f"{prefix}-{os.urandom(4).hex()}-"}
    script = Path(__file__).with_name("load.lua")
    command = [str(path_of("wrk")), "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s"]
    done = pinned(
        [*command, "--timeout", "30s", "-s", f"{script}", address], seconds, **environment
    )
    told = json.loads(done.said.splitlines()[-1])
    return Figure(
        told["requests"] / told["seconds"],
        told["p50"],
        told["p99"],
        round(told["refused"] + told["lost"]),
        round(told["requests"]),
        done.share,
    )


def pgbench(database: str, folder: Path, rate: float = 0, seconds: float = SECONDS) -> Figure:
    """The same row again and again, one statement each and no Python."""
    script, logs = folder / "insert.sql", folder / f"pgbench-{os.urandom(4).hex()}"
    done = _pgbench(database, script, logs, rate, seconds)
    found = re.search(r"^tps = ([0-9.]+)", done.said, re.M)
    assert found, done.said
    # Columns are client, transaction, microseconds, and more.
    times = sorted(
        int(line.split()[2]) / 1000
        for each in folder.glob(f"{logs.name}*")
        for line in each.read_text().splitlines()
    )
    for each in folder.glob(f"{logs.name}*"):
        each.unlink()
    p50, p99 = statistics.median(times), times[int(len(times) * 0.99)]
    return Figure(float(found[1]), p50, p99, 0, len(times), done.share)


def _pgbench(database: str, script: Path, logs: Path, rate: float, seconds: float) -> Done:
    address = urlsplit(database)
    command = [
        *(str(path_of("pgbench")), "--no-vacuum", "--protocol", "prepared", "--log"),
        *("--log-prefix", f"{logs}", "--client", f"{CLIENTS}", "--time", f"{seconds:.0f}"),
        *("--host", str(address.hostname), "--port", str(address.port)),
        *("--username", str(address.username), "--file", f"{script}"),
        *(["--rate", f"{rate}"] if rate else []),
        address.path.lstrip("/"),
    ]
    return pinned(command, seconds, PGPASSWORD=unquote(address.password or ""))


def write_insert(folder: Path) -> None:
    """The statement for pgbench, and the table for it. Some signature has to be there."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(LIKE_IT)
        cursor.execute(
            "SELECT column_name FROM information_schema.columns "
            "WHERE table_name = 'signatures_signature'"
        )
        columns = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM signatures_signature")
        assert cursor.fetchone()[0]
    new = {"id": "gen_random_uuid()", "mailbox_key": "md5(random()::text) || md5(random()::text)"}
    values = [new.get(name, f'"{name}"') for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    (folder / "insert.sql").write_text(
        INSERT.format(columns=names, values=", ".join(values)) + ";\n"
    )
