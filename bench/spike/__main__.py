"""Reading and signing against what is quickest, then a spike. Usage: python -m bench.spike [FILE].

SPIKE_SECONDS (60) is how long the spike is, SPIKE_TIMES (1) how many times as large; SPIKE_ROUNDS
(3) and SPIKE_ROUND_SECONDS (3) how often and how long each thing is measured before it. On loopback
only, and it ends by itself. FILE takes the figures as JSON.
"""

import json
import os
import sys
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from bench.drilling.site import wait_until
from bench.mailing import far_server
from bench.spike import crowd, tools
from bench.spike.alone import measured
from bench.spike.stage import PROCESSES, Stage, plain_post, stage
from bench.spike.throughput import Contender, by_turns, pgbench, write_insert, wrk

SECONDS = float(os.environ.get("SPIKE_SECONDS", "60"))
TIMES = float(os.environ.get("SPIKE_TIMES", "1"))
SHED_SECONDS = min(SECONDS, 10.0)
EDITED_SECONDS = min(SECONDS, 30.0)
# Of a way to the mail server and back.
FAR_SECONDS = 0.005
# Name, value, floor, the largest ratio that is good enough, unit.
Figures = tuple[str, float, float, float, str]
PLAIN, USED = "plain Wagtail page", ", of the processor"
# Milliseconds; three seconds when every page was rendered anew before anybody was answered.
AFTER_EDIT = 300
# TLS, and a connection of its own for each request to the site, cost more than the page does.
PROXY = 20


def contenders(at: Stage) -> dict[str, Contender]:
    site, form = f"http://127.0.0.1:{at.web.port}", urlencode(at.form)
    plain, proxy = f"http://127.0.0.1:{at.plain.port}", f"https://127.0.0.1:{at.proxy.port}"
    static, (posted, cookie) = f"http://127.0.0.1:{at.static.port}/", plain_post(at)
    web, rival, rows = (at.web, at.postgresql), (at.plain, at.postgresql), (at.postgresql,)
    wagtail = partial(wrk, plain + at.plain_form, posted, "plain", cookie)
    found = [
        Contender("nginx, the page as a file", partial(wrk, static), (at.static,)),
        Contender("city page", partial(wrk, site + at.page), web),
        Contender("city page through the proxy", partial(wrk, proxy + at.page), web),
        Contender(PLAIN, partial(wrk, plain + at.plain_page), rival),
        Contender("pgbench", partial(pgbench, at.database, at.here.folder), rows),
        Contender("signing", partial(wrk, site + at.sign, form, "bench"), web),
        Contender("signing through the proxy", partial(wrk, proxy + at.sign, form, "pr"), web),
        Contender("Wagtail's own form", wagtail, rival),
    ]
    return {each.name: each for each in found}


def throughput(at: Stage, found: dict[str, Contender]) -> list[Figures]:
    for each in found.values():
        # Not counted: a process that has just begun looks many things up once.
        each.run()
    before = crowd.rows()
    by_turns([*found.values()])
    signing = [found["signing"], found["signing through the proxy"]]
    taken = sum(each.number - each.errors for one in signing for each in one.figures)
    # What was under way when a round ended may be stored, and nobody was there to be told.
    most = taken + sum(len(one.figures) for one in signing) * 64
    stored = crowd.rows() - before
    print(f"of {taken} signatures that were answered {stored} are stored")
    assert taken <= stored <= most, "answers and rows differ"
    slow, slowest = found["signing"].p99, found["pgbench"].p99
    return [
        *ratios(found, "", "microseconds"),
        *ratios(found, USED, "processor_microseconds"),
        ("p99 of signing, 64 at once", slow, slowest, 60 / slowest, "ms"),
    ]


def ratios(found: dict[str, Contender], what: str, measure: str) -> list[Figures]:
    """Of how long each takes where so many ask at once, or of the processor's time alone."""
    each = {name: getattr(one, measure) for name, one in found.items()}
    static, inserted = each["nginx, the page as a file"], each["pgbench"]
    pages, proxied = each["city page"], each["city page through the proxy"]
    signed, form = each["signing"], each["Wagtail's own form"]
    return [
        (f"a view, against nginx with a file{what}", pages, static, 1 / 0.6, "µs"),
        (f"a view through the proxy, against that{what}", proxied, static, PROXY, "µs"),
        (f"a view, against a plain Wagtail page{what}", pages, each[PLAIN], 0.01, "µs"),
        (f"a signature, against pgbench{what}", signed, inserted, 10, "µs"),
        (f"a signature, against Wagtail's own form{what}", signed, form, 1 / 7, "µs"),
    ]


def shedding(at: Stage, capacity: float) -> list[Figures]:
    """Twice as many sign as it has just been seen to take, who wait for nobody."""
    forms = [(at.sign, urlencode(at.form))]
    people = crowd.Crowd([at.page], forms, SHED_SECONDS, crowd.READERS, 2 * capacity)
    came = crowd.shed(people, at.web.port)
    views, signs = came.seen["view"], came.seen["sign"]
    print(f"{people.signs:.0f} sign a second for {SHED_SECONDS:.0f} s: {came.seen['statuses']}, ")
    print(f"{came.taken_a_second:.0f} a second taken, {came.stored} stored; ", end="")
    print(
        f"signing p50 {signs[0]:.0f}, p99 {signs[1]:.0f} ms; views p99 {views[1]:.1f} ms; ", end=""
    )
    print(f"the generator took {came.seen['processor']:.0%} of its core", flush=True)
    each = 1e6 / came.taken_a_second
    return [
        ("a signature where twice as many sign", each, 1e6 / capacity, 1 / 0.9, "µs"),
        ("miscounted where twice as many sign, of 1", float(not came.is_honest), 1.0, 0.0, ""),
    ]


def spike(at: Stage) -> list[Figures]:
    forms = [(at.sign, urlencode(at.form))]
    views, signs = crowd.VIEWS * TIMES, crowd.SIGNATURES * TIMES
    people = crowd.Crowd(crowd.pages_of_demo(), forms, SECONDS, views, signs)
    with far_server(FAR_SECONDS, at.here.folder) as (port, told):
        # What was signed before is mailed to nobody.
        crowd.forget_jobs()
        worker = at.here.start("manage.py", "worker", EMAIL_URL=f"smtp://127.0.0.1:{port}")
        web = tools.children(at.web.pid)
        crowd.warm(at.web.port, people)
        wait_until(crowd.has_mailed_all, 60)
        came = crowd.spike(people, at.web.port, web, worker.pid, told)
        worker.terminate()
        worker.wait()
    floor, inserting = crowd.floors(people, at.static.port, at.database, at.here.folder)
    views, signs = came.seen["view"], came.seen["sign"]
    late, used = came.seen["late"], came.seen["processor"]
    print(f"spike of {SECONDS:.0f} s: {came.seen['statuses']}, {came.errors} not answered well")
    print(f"views p50 {views[0]:.1f}, p99 {views[1]:.1f}, slowest {views[2]:.0f} ms; ", end="")
    print(f"nginx p50 {floor['view'][0]:.1f}, p99 {floor['view'][1]:.1f} ms")
    print(f"signing p50 {signs[0]:.1f}, p99 {signs[1]:.1f}, slowest {signs[2]:.0f} ms; ", end="")
    print(f"pgbench p50 {inserting.p50:.1f}, p99 {inserting.p99:.1f} ms")
    print(f"the generator took {used:.0%} of its core, and was late by {late:.1f} ms at p99")
    print(f"{came.signed} answered, {came.stored} stored, {came.mailed} mailed ", end="")
    print(f"{came.mailed_after:.1f} s after the end")
    print(f"web processes {[round(each) for each in came.processes]} MB, ", end="")
    first, last = ([round(each) for each in some] for some in came.resident)
    print(f"all they see {first}, then {last} MB; ", end="")
    print(f"worker {came.worker[0]:.0f}, then {came.worker[1]:.0f} MB", flush=True)
    wrong = came.errors + abs(came.signed - came.stored)
    unsent = abs(came.signed - came.mailed)
    return [
        ("p99 of views in a spike", views[1], floor["view"][1], 10 / floor["view"][1], "ms"),
        ("p99 of signing in a spike", signs[1], inserting.p99, 30 / inserting.p99, "ms"),
        ("unanswered or miscounted in a spike, of 1", float(wrong), 1.0, 0.0, ""),
        ("mails unsent after a spike, of 1", float(unsent), 1.0, 0.0, ""),
        ("seconds until all were mailed", came.mailed_after, crowd.MAILED_WITHIN, 1.0, "s"),
        ("a web process after a spike", max(came.resident[1]), 200.0, 1.0, "MB"),
        ("a web process, against before", max(came.resident[1]), max(came.resident[0]), 1.05, "MB"),
        ("the worker, against before", came.worker[1], came.worker[0], 1.05, "MB"),
    ]


def edited(at: Stage) -> list[Figures]:
    """As many come while somebody edits what they read: a city's page, then every page."""
    forms = [(at.sign, urlencode(at.form))]
    edits = {"a city": crowd.edit_city, "the campaign": crowd.edit_campaign}
    views, signs = crowd.VIEWS * TIMES, crowd.SIGNATURES * TIMES
    people = crowd.Crowd(crowd.pages_of_demo(), forms, EDITED_SECONDS, views, signs, edits)
    crowd.warm(at.web.port, people)
    seen = people.comes(at.web.port, f"edited-{os.urandom(4).hex()}")
    floor, _inserting = crowd.floors(people, at.static.port, at.database, at.here.folder)
    nginx = floor["view"][1]
    print(f"while somebody edits: {seen['statuses']}")
    for name, after in seen["after"].items():
        print(f"views in the 3 s from an edit of {name}: ", end="")
        print(f"p50 {after[0]:.1f}, p99 {after[1]:.1f}, slowest {after[2]:.0f} ms", flush=True)
    return [
        (f"p99 of views in 3 s from an edit of {name}", after[1], nginx, AFTER_EDIT / nginx, "ms")
        for name, after in seen["after"].items()
    ]


def main() -> None:
    tools.needed("nginx", "wrk", "pgbench", "openssl")
    print(f"{PROCESSES} processes of the site; the machine's load is {os.getloadavg()[0]:.1f}")
    with stage() as at:
        write_insert(at.here.folder)
        by_name = contenders(at)
        by_itself = measured(at.here)
        print(by_itself.told, flush=True)
        found = [by_itself.figure, *throughput(at, by_name)]
        found += shedding(at, by_name["signing"].per_second)
        found += spike(at)
        found += edited(at)
    print(f"the machine's load is {os.getloadavg()[0]:.1f}", flush=True)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
