"""Ten thousand scripted signatures beside five hundred people, in each shape of an attack.

How many of the scripted ones were neither refused nor held ten minutes after the first of them, and
how many people were. The clock is the worker's: it stands still while something is done.

Usage: python -m bench.attack
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from unittest.mock import Mock, patch

ROOT = Path(__file__).resolve().parent.parent
SCRIPTED, PEOPLE = 10_000, 500
# Of each of them.
MISSED, WRONGED = 0.01, 0.005
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
Figures = tuple[str, float, float, float, str]


def measure() -> list[Figures]:
    """From a process of its own, which is another site's."""
    with tempfile.NamedTemporaryFile("r") as told:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "bench.attack", told.name]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        found = json.load(told)
        return [(name, value, floor, goal, unit) for name, value, floor, goal, unit in found]


def go_to(now: Mock, seconds: Mock, moment: datetime) -> None:
    now.return_value, seconds.return_value = moment, moment.timestamp()


def measured() -> Iterator[Figures]:
    from django.db import transaction

    from campaigns.models import CampaignPage
    from tests.integrity.attacks import SHAPES, Hour, attack, crowd
    from tests.support.factories import make_site

    page = make_site()["portland"]["en"]
    CampaignPage.objects.update(first_countries="US, UA")
    for name, shape in SHAPES.items():
        chance = random.Random(7)
        visits = [*crowd(chance, PEOPLE), *attack(shape, chance, SCRIPTED)]
        start = time.perf_counter()
        with (
            patch("django.utils.timezone.now") as now,
            patch("time.time") as seconds,
            transaction.atomic(),
        ):
            outcome = Hour(page, START, partial(go_to, now, seconds)).run(visits)
            transaction.set_rollback(True)
        print(f"{name}: {outcome} ({time.perf_counter() - start:.0f} s)", file=sys.stderr)
        yield (
            f"{name}: scripted signatures neither refused nor held, of {SCRIPTED}",
            *(outcome.missed, SCRIPTED, MISSED, "signatures"),
        )
        yield (
            f"{name}: people beside them refused or held, of {PEOPLE}",
            *(outcome.wronged, PEOPLE, WRONGED, "people"),
        )


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        found = list(measured())
    for told in sys.argv[1:]:
        Path(told).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
