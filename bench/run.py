"""Benchmarks, each beside a floor measured in the same run.

Writes bench/results.json, which holds the last runs, and draws them in docs/images/benchmarks.svg.
Works on a database of its own in a temporary folder, which it removes.
"""

import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attack
import chart
import counting
import exporting
import growth
import hostile
import launching
import mailing
import rendering
import spiking
import translating
from counting import median_ms

FOLDER = Path(__file__).parent
RESULTS = FOLDER / "results.json"
CHART = FOLDER.parent / "docs" / "images" / "benchmarks.svg"
RUNS_KEPT = 10
ROUNDS = 60
ROWS = 200_000


def result(name: str, value: float, floor: float, goal: float, unit: str = "ms") -> dict[str, Any]:
    """`goal` is the largest ratio of value to floor that is good enough."""
    ratio = value / floor
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
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
    from home.models import ContentPage
    from signatures.counts import people_of, signatures_of
    from signatures.models import Signature, fold_changes

    call_command("migrate", verbosity=0)
    call_command("seed_demo")
    client = Client(HTTP_HOST="localhost")
    text_page = ContentPage.objects.filter(locale__language_code="uk").first()
    page = PetitionPage.objects.filter(locale__language_code="uk").first()
    assert page is not None
    assert text_page is not None
    client.get(page.url)
    # What Wagtail, the templates and the database take for a page of text.
    floor = median_ms(lambda: client.get(text_page.url), ROUNDS)
    reading = median_ms(lambda: client.get(page.url), ROUNDS)
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

    signing = median_ms(sign, ROUNDS)
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
    fold_changes()

    def walk() -> None:
        """As many rows of an index, without any other condition."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(*) FROM signatures_signature WHERE petition_id = %s",
                [petition.pk.hex],
            )

    walking = median_ms(walk, 10)
    counting = median_ms(lambda: signatures_of(petition), 10)
    people = median_ms(lambda: people_of(petition), 10)
    return [
        result("city page, against a page of text", reading, floor, 3),
        # So that a crowd that signs weighs no more than a crowd that reads.
        result("signing, against reading what is signed", signing, reading, 1),
        result(f"signatures among {ROWS} rows, against a walk over them", counting, walking, 3),
        result(f"people among {ROWS} rows, against a walk over them", people, walking, 30),
    ]


def dashboard() -> dict[str, Any]:
    """The list of 520 petitions with all these signatures, against a report of Wagtail's own."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.force_login(get_user_model().objects.get(username="admin"))
    floor = median_ms(lambda: client.get("/admin/reports/aging-pages/"), 10)
    listing = median_ms(lambda: client.get("/admin/petitions/"), 10)
    return result("the dashboard of 520 petitions, against aging pages", listing, floor, 3)


def languages() -> dict[str, Any]:
    """The report of these thousand pages by language, against a report of Wagtail's own."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.force_login(get_user_model().objects.get(username="admin"))
    floor = median_ms(lambda: client.get("/admin/reports/aging-pages/"), 10)
    report = median_ms(lambda: client.get("/admin/reports/languages/?state=published"), 10)
    return result(
        "the report of a thousand pages by language, against aging pages", report, floor, 3
    )


def keep(results: list[dict[str, Any]]) -> None:
    """Beside the runs before."""
    run = {
        "on": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": os.cpu_count(),
        "results": results,
    }
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    runs = [*before, run][-RUNS_KEPT:]
    RESULTS.write_text(json.dumps(runs, indent=2, ensure_ascii=False) + "\n")
    CHART.write_text(chart.chart(runs))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
        import django
        from django.conf import settings
        from django.core.management import call_command

        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "wagtail.contrib.forms", "plain"]
        django.setup()
        results = measure()
        results += [result(*figures) for figures in rendering.measure()]
        # With the demo's, as many as the names of what is measured say.
        call_command("generate_load", cities=500, stdout=sys.stderr)
        results += [result(*figures) for figures in launching.measure()]
        results.append(dashboard())
        results += [result(*figures) for figures in translating.measure()]
        results.append(languages())
        results += [result(*figures) for figures in hostile.measure()]
        results += [result(*figures) for figures in exporting.measure()]
        results += [result(*figures) for figures in counting.measure()]
        results += [result(*figures) for figures in mailing.measure()]
        results += [result(*figures) for figures in growth.measure()]
        results += [result(*figures) for figures in attack.measure()]
        results += [result(*figures) for figures in spiking.measure()]
    keep(results)
    for each in results:
        word = "holds" if each["holds"] else "FAILS"
        told = "{name}: {value} {unit}, {ratio} times the floor (goal {goal:.3g})".format(**each)
        print(f"{word}  {told}")
    sys.exit(not all(each["holds"] for each in results))


if __name__ == "__main__":
    main()
