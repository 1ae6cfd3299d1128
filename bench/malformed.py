"""Malformed requests over every address, none of which may end in an error of the site's own.

Usage: malformed.py [--cases N] [--seed N] [--only public|admin]

On PostgreSQL, which takes less than SQLite does, in this process. Half of the cases go to public
addresses, half to those of the admin, most of these by a superuser. Each is undone. The same seed
makes the same cases. Then a hundred thousand characters are sent in each field of the forms that
anybody may send: how much longer that takes than a word. Times are the processor's in this process,
since a machine may be busy. Prints a table, and every address that failed, by the kind of the case.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from scripts.postgresql import postgresql

CASES = 20_000
SLOWEST_MS = 1000
LONG = 100_000
LONGER_MS = 50
HOSTILE = [
    *("", " ", "\0", "a\0b", "-1", "0", "9" * 20, "9" * 400, "1e309", "NaN", "0x1f", "١٢٣"),
    *(
        "' OR 1=1--",
        '"><svg/onload=1>',
        "{{7*7}}",
        "%s%n",
        "../../../../etc/passwd",
        "\r\nSet-Cookie:a=b",
    ),
    *("=1+1", "\u202eabc", "\ud7ff", "ﬁ", "🇺🇦" * 50, "a" * 5000, "[]", "{}", "null", "true"),
    *("2026-02-30", "0000-00-00", "10000-01-01", "24:60", "a@b", "@", "a@" + "b" * 300 + ".org"),
    *("00000000-0000-0000-0000-000000000000", "not-a-uuid", "en", "xx", "all", "/", "\\", "*"),
]
# Bytes that are no text, as a browser would never send them.
RAW = ["%00", "%ff", "%c0%af", "%ed%a0%80", "%", "%zz", "%2e%2e%2f", "%F0%9F%87", "+", "%E2%80%AE"]
NAMES = [
    *("q", "p", "page", "ordering", "next", "id", "action", "export", "locale", "state", "code"),
    *("name", "email", "country", "postcode", "comment", "consent", "version", "show_name"),
    *("answer", "home_city", "username", "password", "title", "slug", "parent", "body-count"),
    *("item", "reason", "until", "purpose", "petition", "plan", "file", "role", "remove", "seen"),
    # What Wagtail's own views read.
    *("position", "target_pages[]", "new_parent_page", "collection_id", "collection", "layout"),
    *("revision_id", "overwrite_revision_id", "revision_created_at", "in_preview_panel", "tag"),
    *("action-publish", "action-workflow-action", "link_url", "include_descendants", "user"),
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]
TYPES = [
    *("application/json", "multipart/form-data", "multipart/form-data; boundary=", "text/xml"),
    *("application/x-www-form-urlencoded; charset=utf-16", "image/png", "", "a/b; c=\xff"),
]
BODIES = [
    b"",
    b"{",
    b"[" * 5000,
    b"\xff\xfe",
    b"a=%ff",
    b"--x\r\n\r\n",
    b"&" * 3000,
    b"null",
    b'{"a":1e999}',
]
HEADERS = {
    "HTTP_HOST": ["evil.example", "localhost:99999", "a b", "[::1", "", "localhost@evil.example"],
    "HTTP_ACCEPT_LANGUAGE": ["xx", "uk;q=9", "," * 500, "a" * 3000, "uk-\0"],
    "HTTP_COOKIE": ["sessionid=\xff", "browser=a:b:c", "=", ";" * 900, "sessionid=" + "a" * 4000],
    "HTTP_RANGE": ["bytes=-1", "bytes=9-1", "x"],
    "HTTP_X_FORWARDED_FOR": ["1.2.3.4, x", "::1%eth0", "," * 99, "\x7f"],
    "HTTP_IF_NONE_MATCH": ["W/", '"' * 500],
    "HTTP_IF_MODIFIED_SINCE": ["yesterday", "Mon, 99 Feb 20262 00:00:00 GMT"],
    "HTTP_ORIGIN": ["null", "https://evil.example", "a"],
    "HTTP_SEC_FETCH_SITE": ["same-origin", "cross-site", "\x01"],
    "HTTP_ACCEPT": ["application/json", "*", "a/b;q=x"],
}
OWN = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@dataclass
class Case:
    kind: str
    path: str
    method: str = "GET"
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"
    headers: dict[str, str] = field(default_factory=dict)


def pairs(rng: random.Random) -> str:
    """Names with values that no form of ours sends, some of them no text at all."""

    def value() -> str:
        return rng.choice(RAW) if rng.random() < 0.2 else quote(rng.choice(HOSTILE))

    return "&".join(f"{rng.choice(NAMES)}={value()}" for _each in range(rng.randint(1, 6)))


def in_query(rng: random.Random, path: str) -> Case:
    return Case("query", f"{path}?{pairs(rng)}")


def in_path(rng: random.Random, path: str) -> Case:
    parts = path.split("/")
    place = rng.randrange(1, len(parts))
    parts[place] = rng.choice(RAW) if rng.random() < 0.3 else quote(rng.choice(HOSTILE), safe="")
    return Case("path", "/".join(parts) or "/", rng.choice(("GET", "POST")), headers=OWN)


def in_form(rng: random.Random, path: str) -> Case:
    return Case("form", path, "POST", pairs(rng).encode(), headers=OWN)


def in_body(rng: random.Random, path: str) -> Case:
    method = rng.choice(("POST", "PUT", "PATCH"))
    return Case("body", path, method, rng.choice(BODIES), rng.choice(TYPES), OWN)


def too_much(rng: random.Random, path: str) -> Case:
    many = "&".join(f"{rng.choice(NAMES)}{n}=1" for n in range(rng.choice((900, 1100, 20_000))))
    return Case("too much", path, "POST", many.encode(), headers=OWN)


def in_headers(rng: random.Random, path: str) -> Case:
    names = rng.sample(sorted(HEADERS), 2)
    headers = {name: rng.choice(HEADERS[name]) for name in names}
    return Case("headers", path, rng.choice(("GET", "POST")), headers=headers)


def by_method(rng: random.Random, path: str) -> Case:
    return Case("method", path, rng.choice(METHODS), headers=OWN)


KINDS: list[Callable[[random.Random, str], Case]] = [
    *(in_query, in_query, in_path, in_path, in_form, in_form, in_body, in_headers, by_method),
    too_much,
]


def cases(rng: random.Random, addresses: list[str], number: int) -> Iterator[Case]:
    kinds = KINDS[:-1] * 10 + KINDS[-1:]
    for each in range(number):
        yield rng.choice(kinds)(rng, addresses[each % len(addresses)])


def public_addresses(site: Any) -> list[str]:  # noqa: ANN401 - a dictionary of tests' own kind
    page, campaign = site["portland"]["uk"], site["campaign"]["en"]
    petition = page.petition_id
    return [
        *("/", "/en/", "/uk/", "/en/my-signatures/", "/uk/my-signatures/", "/sitemap.xml"),
        *(
            "/robots.txt",
            "/.well-known/security.txt",
            "/api/petitions/",
            f"/api/petitions/{petition}/",
        ),
        *(page.url, campaign.url, f"{campaign.url}cities/", "/healthz", "/readyz", "/csp-report/"),
        *(f"/uk/petitions/{petition}/sign/", f"/en/petitions/{petition}/check/ticket/"),
        *(f"/en/signatures/{'A' * 64}/{end}" for end in ("", "confirm/", "stop/", "download/")),
        *("/documents/1/a.pdf", "/media/images/a.jpg", "/_util/login/", "/en/_util/login/"),
        "/_util/authenticate_with_password/1/1/",
    ]


class Tally:
    def __init__(self) -> None:
        self.times: list[float] = []
        self.failed: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def add(self, case: Case, pattern: str, status: int, milliseconds: float) -> None:
        self.times.append(milliseconds)
        if status >= 500:
            what = f"{case.method} {pattern} ({case.kind})"
            self.failed[what] += 1
            self.examples.setdefault(what, f"{case.path[:200]} {case.body[:200]!r}")


def ask(client: Any, case: Case) -> int:  # noqa: ANN401 - Django's, imported once it is set up
    from django.db import transaction

    with transaction.atomic():
        path, _mark, query = case.path.partition("?")
        environ = {"QUERY_STRING": query, **case.headers}
        response = client.generic(case.method, path, case.body, case.content_type, **environ)
        for _part in getattr(response, "streaming_content", None) or ():
            pass
        transaction.set_rollback(True)
    return int(response.status_code)


def shares(
    public: list[str], admin: list[str], number: int, only: str
) -> list[tuple[list[str], int]]:
    if only:
        return [(public if only == "public" else admin, number)]
    return [(public, number // 2), (admin, number - number // 2)]


def measure(number: int, seed: int, only: str = "") -> list[dict[str, Any]]:
    from django.core.cache import cache
    from django.core.files.base import ContentFile
    from django.core.management import call_command
    from django.test import Client

    from tests.accounts.addresses import ExampleObjects
    from tests.accounts.roles import table, tried
    from tests.support.factories import make_site, make_user
    from tests.support.logins import logged_in

    call_command("migrate", verbosity=0)
    site = make_site()
    things = ExampleObjects(site)
    # Past the library, which takes no file that is none.
    things.document.file.storage.save("document.pdf", ContentFile(b"%PDF-1.4"))
    boss = logged_in(make_user("boss", is_superuser=True), raise_request_exception=False)
    nobody = Client(raise_request_exception=False)
    admin = {things.fill(each): each for each in filter(tried, table())}
    public = public_addresses(site)
    rng, tally = random.Random(seed), Tally()
    for addresses, share in shares(public, sorted(admin), number, only):
        for place, case in enumerate(cases(rng, addresses, share)):
            is_staff = addresses is not public and rng.random() < 0.8
            pattern = addresses[place % len(addresses)]
            started = time.process_time()
            status = ask(boss if is_staff else nobody, case)
            tally.add(
                case, admin.get(pattern, pattern), status, (time.process_time() - started) * 1000
            )
            if place % 500 == 0:
                # Limits count what is not in the database, too.
                cache.clear()
                print(
                    f"{len(tally.times)} of {number}, {sum(tally.failed.values())} failed",
                    file=sys.stderr,
                )
    for what, times in tally.failed.most_common():
        print(f"{times} times: {what}, like {tally.examples[what]}")
    slowest = statistics.quantiles(tally.times, n=100)[-1]
    failed = sum(tally.failed.values())
    return [
        row(f"{number} malformed requests that ended in a 5xx", failed, "", 0),
        row("the slowest of a hundred malformed requests", slowest, "ms", SLOWEST_MS),
        *long_fields(site, nobody),
    ]


def long_fields(site: Any, client: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - as above
    page = site["portland"]["en"]
    sign = {"name": "Olena", "email": "o@example.org", "country": "US", "consent": "on"}
    sign |= {"postcode": "9", "comment": "a", "version": "a", "home_city": "a", "lives_here": "a"}
    forms = {
        f"/en/petitions/{page.petition_id}/sign/": sign,
        "/en/my-signatures/": {"email": "o@example.org"},
        f"/en/petitions/{page.petition_id}/check/ticket/": {"code": "1"},
        "/admin/login/": {"username": "a", "password": "a"},
        "/admin/password_reset/": {"email": "o@example.org"},
        "/en/?": {"q": "a"},
    }
    for path, values in forms.items():
        for name in values:
            usual, long = (
                milliseconds(client, path, {**values, name: text}) for text in ("a", "a" * LONG)
            )
            yield row(
                f"100 kB in {name} of {path[:24]}, more than a word", long - usual, "ms", LONGER_MS
            )


def milliseconds(client: Any, path: str, values: dict[str, str]) -> float:  # noqa: ANN401 - as above
    from django.core.cache import cache

    times = []
    for _each in range(7):
        cache.clear()
        started = time.process_time()
        if path.endswith("?"):
            ask(client, Case("long", path + urlencode(values)))
        else:
            ask(client, Case("long", path, "POST", urlencode(values).encode(), headers=OWN))
        times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def row(name: str, value: float, unit: str, goal: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 1),
        "unit": unit,
        "floor": None,
        "ratio": None,
        "goal": goal,
        "holds": value <= goal,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Malformed requests over every address.")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("public", "admin"), default="")
    wanted = parser.parse_args()
    with postgresql() as address:
        os.environ["DATABASE_URL"] = address
        os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
        import django
        from django.test.utils import setup_test_environment

        django.setup()
        setup_test_environment()
        rows = measure(wanted.cases, wanted.seed, wanted.only)
        from django.db import connections

        connections.close_all()
    for each in rows:
        word = "holds" if each["holds"] else "FAILS"
        print(f"{word}  {each['name']}: {each['value']} {each['unit']}")
    sys.exit(not all(each["holds"] for each in rows))


if __name__ == "__main__":
    main()
