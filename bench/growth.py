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
from typing import Any

# Cities and signatures.
SMALL, LARGE = (50, 30_000), (500, 300_000)
ROUNDS = 15
MOST = 1.3
# What shows more where there are more cities is measured for each of them; the rest as it is.
OF_CITIES = {
    "home": "/uk/",
    "the search": "/uk/?q=town",
    "the tracker": "/uk/{campaign}/cities/",
    "the tracker by signatures": "/uk/{campaign}/cities/?sort=-signatures",
    "an ended city's page": "/uk/{campaign}/{ended}/",
    "a part of the sitemap": "/sitemap.xml?p=1",
    "a page of the public list": "/api/petitions/",
    "the dashboard": "/admin/petitions/",
}
OF_ITSELF = {
    "a city's page": "/uk/{campaign}/{city}/",
    "the moderation list": "/admin/moderation/",
    "a search by address": "/admin/signers/",
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
    size = f"{LARGE[0]} cities and {LARGE[1]} signatures"
    of_cities = [
        (f"{name}, a city of {size}", many[name] / LARGE[0], few[name] / SMALL[0], MOST)
        for name in OF_CITIES
    ]
    return of_cities + [(f"{name} with {size}", many[name], few[name], MOST) for name in OF_ITSELF]


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
        cursor.execute("ANALYZE")


def runs() -> dict[str, Callable[[], Any]]:
    """What is measured, each as its reader asks for it."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from campaigns.models import CampaignPage, PetitionPage, TieEvent
    from signatures.models import Signature

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

    found: dict[str, Callable[[], Any]] = {}
    for name, address in (OF_CITIES | OF_ITSELF).items():
        reader = client("admin" if address.startswith("/admin/") else "")
        found[name] = partial(read, reader, address.format(**names))
    desk = OF_ITSELF["a search by address"]
    found["a search by address"] = partial(read, client("officer"), desk, {"email": email})
    desk = OF_ITSELF["the moderation list"]
    found["the moderation list"] = partial(read, client("moderator"), desk)
    return found


def main(cities: int, signatures: int) -> None:
    # What the measured code prints is no answer.
    out, sys.stdout = sys.stdout, sys.stderr
    grow(cities, signatures)
    each = runs()
    for run in [*each.values()] * 2:
        run()
    print("ready", file=out, flush=True)
    for _line in sys.stdin:
        taken = {}
        for name, run in each.items():
            start = time.perf_counter()
            run()
            taken[name] = (time.perf_counter() - start) * 1000
        print(json.dumps(taken), file=out, flush=True)


if __name__ == "__main__":
    if sys.argv[1:]:
        main(*map(int, sys.argv[1:]))
    else:
        for name, value, floor, goal in measure():
            print(f"{name}: {value:.3f} ms, {value / floor:.2f} times {floor:.3f} (goal {goal})")
