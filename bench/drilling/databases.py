"""Connections that are killed, a database that is away, statements and locks that take too long."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial

import psycopg2

from bench.drilling import inside
from bench.drilling.site import PROCESSES, ROOT, Load, Site, ask, wait_until

Row = tuple[str, str, bool]
KILLS = 10
AWAY_SECONDS = 20
PROBES = 50
SLEEP = """
import django, time
django.setup()
from security import timeouts
timeouts.hold()
from django.db import connection, OperationalError
started = time.monotonic()
try:
    connection.cursor().execute("SELECT pg_sleep(60)")
except OperationalError:
    print(time.monotonic() - started)
"""


def has_read(load: Load, number: int) -> bool:
    return load.total("GET") >= number


def connections_killed(site: Site) -> Iterator[Row]:
    from signatures.models import Submission

    path, sign, form = inside.form()
    before = Submission.objects.count()
    with Load([site.port], path, sign, form) as load:
        for _number in range(KILLS):
            # Each hits a site that works, however slow the machine is.
            seen = load.total("GET")
            wait_until(partial(has_read, load, seen + 3), 120)
            inside.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
    stored = Submission.objects.count() - before
    posts, accepted = load.total("POST"), len(load.accepted)
    told = f"all connections x{KILLS} under load: {load.total('GET')} GETs, "
    told += f"{load.count('GET', at_least=500)} of them 5xx; {posts} POSTs, {accepted} accepted, "
    told += f"{stored} stored, {load.answers['POST', 500]} of 500"
    # What was answered 503 may be stored once where the connection died after the commit.
    retry = load.answers["POST", 503]
    holds = not load.count("GET", at_least=500) and accepted <= stored <= accepted + retry
    yield "connections killed", told, holds and posts == accepted + retry


def database_down(site: Site) -> Iterator[Row]:
    from django.db import connections

    path, sign, form = inside.form()
    worker = site.start("manage.py", "worker")
    time.sleep(5)
    # Each process keeps it for itself.
    for _time in range(20 * PROCESSES):
        ask(site.port, path)
    connections.close_all()
    site.server.stop()
    started = time.monotonic()
    read, posted_to, slowest, alive = [], [], 0.0, []
    while time.monotonic() - started < AWAY_SECONDS:
        posted = {**form, "email": "away@example.org"}
        page, answer = ask(site.port, path), ask(site.port, sign, posted)
        read.append(page.status)
        posted_to.append((answer.status, "retry-after" in answer.headers))
        slowest = max(slowest, page.seconds, answer.seconds)
        alive.append(ask(site.port, "/healthz").status)
        time.sleep(0.3)
    unready = ask(site.port, "/readyz").status
    site.server.start()
    after = {**form, "email": "after@example.org"}
    took = wait_until(lambda: ask(site.port, sign, after).status == 303, 30)
    reading = ask(site.port, path).status
    works = worker.poll() is None
    worker.terminate()
    told = f"{AWAY_SECONDS} s in place of 5 min: {read.count(200)} of {len(read)} views answered "
    told += f"from memory, {posted_to.count((503, True))} of {len(posted_to)} signings told 503 "
    told += f"with Retry-After, slowest {slowest:.1f} s; /healthz {set(alive)}, /readyz {unready}; "
    told += f"signing back after {took:.1f} s, the page {reading}, the worker "
    told += "goes on" if works else "ended"
    holds = set(read) == {200} and set(posted_to) == {(503, True)} and set(alive) == {200}
    yield (
        "database down",
        told,
        holds and unready == 503 and took <= 10 and reading == 200 and works,
    )


def timeouts(site: Site) -> Iterator[Row]:
    _path, sign, form = inside.form()
    done = subprocess.run(
        [sys.executable, "-c", SLEEP],
        cwd=ROOT,
        env=site.environment(),
        capture_output=True,
        text=True,
    )
    slept = float(done.stdout)
    yield "statement time-out", f"pg_sleep(60) ended after {slept:.1f} s", slept <= 6
    other = psycopg2.connect(site.server.address)
    with other, other.cursor() as cursor:
        cursor.execute("LOCK TABLE signatures_signature IN ACCESS EXCLUSIVE MODE")
        answer = ask(site.port, sign, {**form, "email": "locked@example.org"})
    other.close()
    told = f"a form that waits for a lock: {answer.status} after {answer.seconds:.1f} s"
    yield "lock time-out", told, answer.status == 503 and answer.seconds <= 6


def health(site: Site) -> Iterator[Row]:
    for path in ("/healthz", "/readyz"):
        answers = [ask(site.port, path) for _number in range(PROBES)]
        median = statistics.median(each.seconds for each in answers) * 1000
        words = (answers[0].body + repr(answers[0].headers).encode()).lower()
        silent = not any(name in words for name in (b"django", b"wagtail", b"postgres", b"python"))
        told = f"{path}: median {median:.0f} ms, names no version: {silent}"
        yield "health", told, median <= 50 and silent
