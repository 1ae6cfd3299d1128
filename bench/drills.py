"""What an operator fears, done to a whole site of its own, with what came of it.

Usage: drills.py [NAME ...], all without a name. On PostgreSQL with four processes of the server, on
loopback only; `machines` needs PgBouncer and nginx, too. The server keeps nothing safe from a power
cut, which makes it quicker and proves the same. Takes about half an hour; with DRILL_SHARE=0.1 a
tenth of the mails and of the signatures.
Prints a table and fails where something does not hold.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.drilling import (
    believed,
    databases,
    exports,
    inside,
    machines,
    mails,
    releases,
    restoring,
)
from bench.drilling.several import PROGRAMS
from bench.drilling.site import Site, site
from bench.spike.tools import needed

Row = tuple[str, str, bool]
# In this order: a site is served from the third on, and the last leaves another database behind.
DRILLS: dict[str, Callable[[Site], Iterator[Row]]] = {
    "killed": mails.killed,
    "stopped": mails.stopped,
    "outage": mails.outage,
    "connections": databases.connections_killed,
    "down": databases.database_down,
    "timeouts": databases.timeouts,
    "health": databases.health,
    "believed": believed.believed,
    "deploy": releases.deployed,
    "restore": restoring.million,
    "exports": exports.flat,
    "machines": machines.machines,
    "log": restoring.point_in_time,
}
SERVED = ("connections", "down", "timeouts", "health", "believed", "deploy")


def main() -> None:
    wanted = sys.argv[1:] or list(DRILLS)
    if unknown := set(wanted) - set(DRILLS):
        sys.exit(f"No such drill: {', '.join(unknown)}. There are {', '.join(DRILLS)}.")
    if "machines" in wanted:
        needed(*PROGRAMS)
    rows: list[Row] = []
    with site() as here:
        inside.enter(here)
        if "outage" not in wanted and set(SERVED) & set(wanted):
            here.serve()
        for name in (each for each in DRILLS if each in wanted):
            started = time.monotonic()
            for row in DRILLS[name](here):
                rows.append(row)
                print(f"{'holds' if row[2] else 'FAILS'}  {row[0]}: {row[1]}", flush=True)
            print(f"       ({name} took {time.monotonic() - started:.0f} s)", flush=True)
    told = [{"name": name, "told": words, "holds": holds} for name, words, holds in rows]
    Path(__file__).with_name("drills.json").write_text(
        json.dumps(told, indent=2, ensure_ascii=False) + "\n"
    )
    sys.exit(not all(holds for _name, _words, holds in rows))


if __name__ == "__main__":
    main()
