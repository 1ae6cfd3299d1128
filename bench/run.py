"""Benchmarks, each beside a floor measured in the same run. Writes bench/results.json.

Works on a database of its own in a temporary folder, which it removes.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
ROUNDS = 60
ROWS = 200_000


def median_ms(run: Callable[[], Any], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def result(name: str, value: float, floor: float, goal: float) -> dict[str, Any]:
    """`goal` is the largest ratio of value to floor that is good enough."""
    ratio = value / floor
    return {
        "name": name,
        "value": round(value, 3),
        "unit": "ms",
        "floor": round(floor, 3),
        "ratio": round(ratio, 2),
        "goal": goal,
        "holds": ratio <= goal,
    }


def measure() -> list[dict[str, Any]]:
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from campaigns.models import Petition, PetitionPage
    from signatures.counting import signatures_of
    from signatures.models import Signature

    call_command("migrate", verbosity=0)
    call_command("seed_demo")
    client = Client(HTTP_HOST="localhost")
    page = PetitionPage.objects.filter(locale__language_code="uk").first()
    assert page is not None
    client.get(page.url)
    floor = median_ms(lambda: client.get("/healthz"))
    reading = median_ms(lambda: client.get(page.url))
    number = iter(range(1_000_000))

    def sign() -> None:
        response = client.post(
            f"/uk/petitions/{page.petition_id}/sign/",
            {
                "name": "Bench",
                "email": f"bench-{next(number)}@example.org",
                "country": "UA",
                "consent": "on",
                "version": page.words.checksum,
            },
            headers={"sec-fetch-site": "same-origin"},
        )
        assert response.status_code == 303

    signing = median_ms(sign)
    petition = Petition.objects.get(tie=None)
    model = Signature.objects.filter(petition=petition).first()
    assert model is not None
    fields = {
        field.attname: getattr(model, field.attname)
        for field in Signature._meta.concrete_fields
        if field.name not in ("id", "mailbox_key")
    }
    rows = (Signature(mailbox_key=f"{i:064d}", **fields) for i in range(ROWS))
    Signature.objects.bulk_create(rows, batch_size=2000)

    def plain_count() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM signatures_signature")

    counting_floor = median_ms(plain_count, 10)
    counting = median_ms(lambda: signatures_of(petition), 10)
    return [
        result("city page, rendered", reading, floor, 60),
        result("signing, stored", signing, floor, 60),
        result(f"exact count among {ROWS} rows", counting, counting_floor, 3),
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
        import django

        django.setup()
        results = measure()
    (FOLDER / "results.json").write_text(json.dumps(results, indent=2) + "\n")
    for each in results:
        print("{name}: {value} {unit}, {ratio} times the floor (goal {goal})".format(**each))
    sys.exit(not all(each["holds"] for each in results))


if __name__ == "__main__":
    main()
