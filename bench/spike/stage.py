"""What is measured and what it is measured against, all of it running at once on loopback."""

import contextlib
import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import psycopg2

from bench.drilling import inside
from bench.drilling.site import ROOT, Site, ask, site, wait_until
from bench.spike import nginx
from bench.spike.tools import Served
from scripts.postgresql import OPTIONS, free_port

# Nothing waits for a disk, which would be the same for the floor and hide what Python costs.
MORE_CONNECTIONS = " -c max_connections=200"
PROCESSES = "2"
# Its pages' app lies beside those who measure, who import it so.
PLAIN_FOLDERS = os.pathsep.join([str(ROOT), str(ROOT / "bench")])
PLAIN_SETTINGS = "bench.spike.plain_settings"


@dataclass(frozen=True)
class Stage:
    here: Site
    web: Served
    static: Served
    proxy: Served
    plain: Served
    # Paths.
    page: str
    sign: str
    plain_page: str
    plain_form: str
    # All that is posted but the email.
    form: dict[str, str]

    @property
    def postgresql(self) -> Served:
        pid, *_more = (self.here.server.data / "postmaster.pid").read_text().split()
        return Served(0, int(pid))

    @property
    def database(self) -> str:
        return self.here.server.address


@contextlib.contextmanager
def stage() -> Iterator[Stage]:
    with contextlib.ExitStack() as stack:
        here = stack.enter_context(site(OPTIONS + MORE_CONNECTIONS))
        plain_database = copied(here.server.address)
        inside.enter(here)
        web = Served(here.port, here.serve(WEB_WORKERS=PROCESSES).pid)
        page, sign, form = inside.form()
        html, _cookie = fetch(here.port, page)
        packed, _cookie = fetch(here.port, page, **{"Accept-Encoding": "br"})
        plain_page, plain_form = make_plain_pages(here, plain_database, page, html.decode())
        yield Stage(
            here=here,
            web=web,
            static=stack.enter_context(nginx.serving_file(here.folder / "static", packed)),
            proxy=stack.enter_context(nginx.in_front_of(here.folder / "proxy", here.port)),
            plain=serve_plain(here, plain_database, plain_page),
            page=page,
            sign=sign,
            plain_page=plain_page,
            plain_form=plain_form,
            form=form,
        )


def copied(address: str) -> str:
    """The address of a copy, for pages that the site itself knows nothing of."""
    server, _slash, name = address.rpartition("/")
    connection = psycopg2.connect(f"{server}/template1")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE plain TEMPLATE {name}")
    connection.close()
    return f"{server}/plain"


def environment(here: Site, database: str) -> dict[str, str]:
    return here.environment(
        DATABASE_URL=database, DJANGO_SETTINGS_MODULE=PLAIN_SETTINGS, PYTHONPATH=PLAIN_FOLDERS
    )


def make_plain_pages(here: Site, database: str, page: str, html: str) -> list[str]:
    """The paths of a plain page and of one with a form, which say what this page says."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.spike.plain_site"],
        input=json.dumps({"slug": page.split("/")[-2], "html": html}),
        cwd=ROOT,
        env=environment(here, database),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    paths: list[str] = json.loads(done.stdout.splitlines()[-1])
    return paths


def serve_plain(here: Site, database: str, path: str) -> Served:
    """By the same server, in as many processes."""
    port = free_port()
    process = here.start(
        *("-c", "from cms.serve import serve; serve('plain.asgi:site')"),
        PORT=str(port),
        WEB_WORKERS=PROCESSES,
        DATABASE_URL=database,
        DJANGO_SETTINGS_MODULE=PLAIN_SETTINGS,
        PYTHONPATH=PLAIN_FOLDERS,
    )
    wait_until(lambda: ask(port, path).status == 200, 90)
    return Served(port, process.pid)


def fetch(port: int, path: str, **headers: str) -> tuple[bytes, str]:
    """What is answered, and the cookie that it sets."""
    known = {"Host": "petitions.example", "X-Forwarded-Proto": "https", **headers}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=known)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read(), str(answer.headers.get("Set-Cookie", "")).partition(";")[0]


def plain_post(stage: Stage) -> tuple[str, str]:
    """What is posted to Wagtail's own form, but for the email, and the cookie that goes with it."""
    html, cookie = fetch(stage.plain.port, stage.plain_form)
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', html)
    assert token
    fields = {name: stage.form[name] for name in ("name", "country", "consent")}
    return urlencode({**fields, "csrfmiddlewaretoken": token[1].decode()}), cookie
