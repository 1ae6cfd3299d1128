"""A database that is away, and addresses that no database can look for: told, never a fault."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.apps import apps
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.accounts.roles import is_refused, login
from tests.support.kinds import SmallSite
from tests.support.source import ROOT

pytestmark = pytest.mark.both_databases

OURS = tuple(f"{app.name}." for app in apps.get_app_configs() if Path(app.path).parent == ROOT)
HUGE = "9" * 26
ADDRESSES = [
    "/en/",
    "/uk/end-ties/",
    "/en/end-ties/cities/",
    "/en/nothing-here/",
    "/nothing-here",
    "/favicon.ico",
    "/en/signatures/short/",
    "/en/signatures/short/confirm/",
    "/en/petitions/00000000-0000-4000-8000-000000000000/sign/",
    "/api/petitions/",
    "/sitemap.xml",
    "/.well-known/security.txt",
    "/admin/",
    "/admin/login/",
    "/admin/nothing-here/",
    "/documents/1/x.pdf",
]


def refuse(execute: Callable[..., object], *arguments: Any) -> NoReturn:
    raise OperationalError("the database is away")


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("address", ADDRESSES)
def test_where_the_database_is_away_every_address_asks_to_come_back(
    site: SmallSite, visitor: Client, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    visitor.cookies["session"] = "x" * 32
    with connection.execute_wrapper(refuse):
        response = visitor.get(address, follow=True)
    assert response.status_code in (200, 404, 503)
    if response.status_code == 503:
        assert int(response["Retry-After"]) > 0
        assert "Traceback" not in caplog.text
        assert [record.levelname for record in caplog.records] == ["ERROR"]
    else:
        assert address in ("/favicon.ico", "/admin/login/"), "what asks no database"


def test_logging_in_without_a_database_asks_to_come_back(site: SmallSite, visitor: Client) -> None:
    post = {"username": "editor", "password": "wrong"}
    with connection.execute_wrapper(refuse):
        response = visitor.post("/admin/login/", post)
    assert response.status_code == 503
    assert "Traceback" not in response.content.decode()


@pytest.mark.parametrize("address", [each for each in ADDRESSES if each.endswith("/")])
@pytest.mark.parametrize("place", ["{}%00", "%00{}"])
def test_a_nul_is_in_no_address(site: SmallSite, visitor: Client, address: str, place: str) -> None:
    path = "/" + place.format(address.removeprefix("/"))
    response = visitor.get(path)
    assert response.status_code == 404
    assert "<h1>" in response.content.decode()


@pytest.mark.parametrize("address", ["/en/", "/en/end-ties/cities/", "/admin/login/", "/en/x/"])
def test_a_nul_in_a_question_is_no_fault(site: SmallSite, visitor: Client, address: str) -> None:
    assert visitor.get(f"{address}?q=%00&state=%00&next=%00").status_code in (200, 404)


def ours(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[str]:
    """Addresses of our own that hold a number."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from ours(entry, address)
        elif "<int:" in address and entry.callback.__module__.startswith(OURS):
            yield address


def test_numbers_that_no_database_holds_are_not_found(site: SmallSite, admin: Client) -> None:
    admin.raise_request_exception = False
    addresses = [re.sub(r"<\w+:\w+>", HUGE, each) for each in ours()]
    assert len(addresses) >= 10
    answers = {address: admin.get(address).status_code for address in addresses}
    assert set(answers.values()) <= {404, 405}, answers


@pytest.mark.parametrize("address", ["reports/languages/", "petitions/"])
@pytest.mark.parametrize("name", ["campaign", "language"])
def test_a_filter_by_such_a_number_finds_nothing(
    site: SmallSite, admin: Client, address: str, name: str
) -> None:
    assert admin.get(f"/admin/{address}?{name}={HUGE}").status_code == 200


def lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own connection cannot be closed, so it only looks as if it had been lost."""
    monkeypatch.setattr("cms.middleware.lost_connection", lambda seconds: True)


@pytest.mark.parametrize("error", [InterfaceError, OperationalError])
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(("times", "status"), [(1, 200), (2, 200), (3, 503)])
def test_what_reads_is_tried_again_where_its_connection_was_lost(
    site: SmallSite,
    visitor: Client,
    method: str,
    error: type[Exception],
    times: int,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lost(monkeypatch)
    failures = [error("server closed the connection")] * times
    # Each pass begins with the versions, whose reader waits for the next one.
    monkeypatch.setattr("pagecache.versions.reader.next_look", time.monotonic() + 60)

    def fail_at_first(execute: Callable[..., object], *arguments: Any) -> object:
        if failures:
            raise failures.pop()
        return execute(*arguments)

    with connection.execute_wrapper(fail_at_first):
        assert getattr(visitor, method)("/en/end-ties/").status_code == status


def test_a_reader_does_not_see_that_a_connection_was_killed(
    transactional_site: SmallSite, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the page had taken by then."""
    monkeypatch.setattr("cms.middleware.TRIED_AGAIN_WITHIN", 0.0)
    if connection.vendor == "sqlite":
        assert connection.is_usable(), "a file's cannot be killed"
    killed: list[str] = []

    def kill_once(execute: Callable[..., object], sql: str, *arguments: Any) -> object:
        if connection.vendor == "postgresql" and "campaigns_campaignpage" in sql and not killed:
            killed.append(sql)
            with connection.wrap_database_errors:
                connection.connection.cursor().execute(
                    "SELECT pg_terminate_backend(pg_backend_pid())"
                )
        return execute(sql, *arguments)

    with connection.execute_wrapper(kill_once):
        assert visitor.get("/en/end-ties/").status_code == 200
    assert len(killed) == (connection.vendor == "postgresql")


def test_what_writes_is_not_tried_twice(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    lost(monkeypatch)
    client = login("editor")
    asked = []

    def fail(execute: Callable[..., object], sql: str, *arguments: Any) -> NoReturn:
        asked.append(sql)
        raise OperationalError

    with connection.execute_wrapper(fail):
        assert client.post("/admin/pages/add/home/homepage/1/").status_code == 503
    # Each pass through the site begins with the versions.
    assert sum("pagecache_version" in sql for sql in asked) == 1
    assert is_refused(Client().get("/admin/"))


def test_a_lock_that_is_not_to_be_had_is_not_waited_for_twice(
    site: SmallSite, visitor: Client
) -> None:
    asked = []

    def fail(execute: Callable[..., object], sql: str, *arguments: Any) -> NoReturn:
        asked.append(sql)
        raise OperationalError("database is locked")

    with connection.execute_wrapper(fail):
        assert visitor.get("/en/end-ties/").status_code == 503
    # Each pass through the site begins with the versions.
    assert sum("pagecache_version" in sql for sql in asked) == 1


@pytest.mark.parametrize("charset", ["utf-16", "base64", "idna", "koi8-u"])
@pytest.mark.parametrize("address", ["/en/about/", "/admin/login/", "/en/my-signatures/"])
def test_a_form_in_letters_that_nobody_reads_is_a_bad_request(
    site: SmallSite, visitor: Client, address: str, charset: str
) -> None:
    visitor.cookies["csrf"] = "a" * 32
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    answer = visitor.generic("POST", address, b"x", kind, HTTP_ORIGIN="http://testserver")
    assert answer.status_code == 400


def test_a_nul_in_a_question_to_the_admin_is_no_sign_of_a_lost_database(
    site: SmallSite, admin: Client
) -> None:
    admin.raise_request_exception = False
    for address in ("api/main/pages/?search=%00", "pages/search/?q=%00", "images/?q=%00"):
        assert admin.get(f"/admin/{address}").status_code == 404
