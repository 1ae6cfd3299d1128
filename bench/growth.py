"""What pages and lists take with ten times the cities and signatures.

Two sites are grown, each in a process and a database of its own, and asked by turns, so that a
busy machine is busy for both. `DATABASE_URLS` names two databases that are there already and
empty; without it they are SQLite's, in a temporary folder.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

# Cities and signatures. The larger takes three quarters of an hour to grow to five million, which
# is asked for by GROWTH_TIMES=100; it has ten times the cities all the same.
TIMES = int(os.environ.get("GROWTH_TIMES", "10"))
SMALL, LARGE = (50, 50_000), (500, 50_000 * TIMES)
ROUNDS = 15
MOST = 1.3
# What shows more where there are more cities is measured for each of them.
OF_CITIES = {
    "home": "/uk/",
    "the search": "/uk/?q=town",
    "the tracker": "/uk/{campaign}/cities/",
    "the tracker by signatures": "/uk/{campaign}/cities/?sort=-signatures",
    "an ended city's page": "/uk/{campaign}/{ended}/",
    "a part of the sitemap": "/sitemap.xml?p=1",
    "a page of the public list": "/api/petitions/",
    "the dashboard": "/admin/petitions/",
    # Fifty rows, and a filter that names every city.
    "the moderation list": "/admin/moderation/",
}


def measure() -> list[tuple[str, float, float, float]]:
    """Name, milliseconds, floor and goal."""
    with grown(*SMALL, number=0) as small, grown(*LARGE, number=1) as large:
        for site in (small, large):
            assert answer(site) == "ready"
        rounds = [(asked(small), asked(large)) for _round in range(ROUNDS)]
    few, many = (
        {name: statistics.median(each[which][name] for each in rounds) for name in rounds[0][which]}
        for which in (0, 1)
    )
    size = f"with {LARGE[0]} cities and {LARGE[1]} signatures"
    return [(f"{name} {size}", many[name], few[name], MOST) for name in many]


Site = subprocess.Popen[str]


@contextmanager
def grown(cities: int, signatures: int, number: int) -> Iterator[Site]:
    """A site of such a size, which answers a line with what it took to be read."""
    with tempfile.TemporaryDirectory() as folder:
        urls = os.environ.get("DATABASE_URLS", "").split() or [f"sqlite:///{folder}/db.sqlite3"] * 2
        command = [sys.executable, __file__, str(cities), str(signatures)]
        env = {
            **os.environ,
            "DATABASE_URL": urls[number],
            "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        }
        site = subprocess.Popen(
            command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield site
        finally:
            site.communicate("")


def answer(site: Site) -> str:
    assert site.stdout
    return site.stdout.readline().strip()


def asked(site: Site) -> dict[str, float]:
    assert site.stdin
    site.stdin.write("again\n")
    site.stdin.flush()
    found: dict[str, float] = json.loads(answer(site))
    return found


def grow(cities: int, signatures: int) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    # As on a real site: not at every request.
    settings.VERSION_SECONDS = 0.5
    call_command("migrate", verbosity=0)
    call_command("seed_demo", stdout=sys.stderr)
    call_command("generate_load", cities=cities, signatures=signatures, stdout=sys.stderr)
    from django.db import connection

    with connection.cursor() as cursor:
        # What PostgreSQL does by itself within the minute.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


class Run(NamedTuple):
    run: Callable[[], Any]
    # How many of what is measured it goes through.
    units: int = 1


def runs(number_of_cities: int) -> dict[str, Run]:
    """What is measured, each as its reader asks for it, by a name that says of what."""
    from django.contrib.auth import get_user_model
    from django.test import Client
    from exporting import export

    from campaigns.models import CampaignPage, PetitionPage, TieEvent
    from signatures.models import Signature
    from signatures.tallies import drift_of

    campaign = CampaignPage.objects.get(locale__language_code="uk")
    cities = PetitionPage.objects.live().filter(locale=campaign.locale).order_by("path")
    signed = Signature.objects.confirmed().filter(anonymised_at=None)
    # Of a city, and of a tie, that was grown.
    city = cities.filter(slug="town-41").get()
    ended = cities.filter(petition__tie__events__kind=TieEvent.Kind.ENDED, slug="town-40").get()
    names = {"campaign": campaign.slug, "city": city.slug, "ended": ended.slug}
    email = signed.filter(petition=city.petition)[0].email

    def client(user: str = "") -> Client:
        made = Client(HTTP_HOST="localhost")
        if user:
            made.force_login(get_user_model().objects.get(username=user))
        return made

    def read(reader: Client, address: str, data: dict[str, str] | None = None) -> None:
        response = reader.post(address, data) if data else reader.get(address)
        assert response.status_code == 200, (address, response.status_code)

    def publish() -> None:
        PetitionPage.objects.get(pk=city.pk).save_revision().publish()

    found = {
        "a city's page": Run(partial(read, client(), "/uk/{campaign}/{city}/".format(**names))),
        "a search by address": Run(
            partial(read, client("officer"), "/admin/signers/", {"email": email})
        ),
        "publishing a city's page": Run(publish),
    }
    for name, address in OF_CITIES.items():
        reader = client("admin" if address.startswith("/admin/") else "")
        run = partial(read, reader, address.format(**names))
        found[f"{name}, a city"] = Run(run, number_of_cities)
    theirs = signed.filter(petition=city.petition).count()
    found["a recount, a signature"] = Run(partial(drift_of, city.petition_id), theirs)
    found["an export, a signature"] = Run(partial(export, city.petition), theirs)
    return found


def main(cities: int, signatures: int) -> None:
    # What the measured code prints is no answer.
    out, sys.stdout = sys.stdout, sys.stderr
    grow(cities, signatures)
    each = runs(cities)
    for one in [*each.values()] * 2:
        one.run()
    print("ready", file=out, flush=True)
    for _line in sys.stdin:
        taken = {}
        for name, one in each.items():
            start = time.perf_counter()
            one.run()
            taken[name] = (time.perf_counter() - start) * 1000 / one.units
        print(json.dumps(taken), file=out, flush=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        main(*map(int, sys.argv[1:]))
    else:
        for name, value, floor, goal in measure():
            print(f"{name}: {value:.4f} ms, {value / floor:.2f} times {floor:.4f} (goal {goal})")
