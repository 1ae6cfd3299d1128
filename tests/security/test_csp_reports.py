"""Of what browsers report nothing is kept that opens a page or tells of a person."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from security import csp_reports
from security.models import PolicyReport
from signatures.signing.tokens import own_token
from tests.support.factories import confirmed
from tests.support.kinds import SmallSite

HOST = "testserver"
OLD, NEW = "application/csp-report", "application/reports+json"


def send(report: Any, kind: str = NEW, **headers: str) -> int:  # noqa: ANN401 - whatever is sent
    body = report if isinstance(report, bytes) else json.dumps(report)
    return Client().post("/csp-report/", body, content_type=kind, headers=headers).status_code


def violation(page: str, blocked: str = "https://evil.example/x.js?q=1") -> dict[str, Any]:
    return {
        "effectiveDirective": "script-src-elem",
        "documentURL": f"https://{HOST}{page}",
        "blockedURL": blocked,
        "referrer": f"https://{HOST}/en/?q=secret",
        "sample": "a secret",
    }


def kept() -> list[tuple[str, str, str]]:
    return list(PolicyReport.objects.values_list("directive", "blocked", "page"))


def test_a_report_is_counted_by_directive_host_and_pattern(site: SmallSite) -> None:
    token = own_token(confirmed(site["portland"]["en"]))
    page = f"/en/signatures/{token}/?q=nightingale"
    assert send([{"type": "csp-violation", "body": violation(page)}] * 2) == 204
    old = {
        "violated-directive": "script-src-elem 'self'",
        "document-uri": f"https://{HOST}{page}",
        "blocked-uri": "https://user:pass@evil.example:8443/",
    }
    assert send({"csp-report": old}, OLD) == 204
    row = PolicyReport.objects.get()
    assert (row.directive, row.blocked, row.number) == ("script-src-elem", "evil.example", 3)
    assert row.page.startswith("en/signatures/<")
    everything = str(PolicyReport.objects.values())
    assert token not in everything
    assert "nightingale" not in everything
    assert "secret" not in everything


@pytest.mark.django_db
@pytest.mark.parametrize(
    "report",
    [
        b"",
        b"{",
        b"[" * 9000,
        b'"\xff"',
        [],
        {},
        [None, 1, "x", [], {"body": 1}],
        {"csp-report": []},
        [{"body": {"effectiveDirective": 1, "documentURL": [], "blockedURL": {}}}],
        [{"body": violation("/en/") | {"documentURL": "https://other.example/en/"}}],
        [{"body": violation("/en/") | {"effectiveDirective": "Ім’я <b>"}}],
        [{"body": violation("/en/") | {"effectiveDirective": "a" * 9000}}],
        [{"body": violation("/en/", "chrome-extension://abc/x.js")}],
        [{"body": violation("/en/", "http://[")}],
        [{"body": violation("/en/") | {"documentURL": "http://["}}],
        [{"body": violation("/en/")} for _number in range(500)],
    ],
    ids=lambda report: str(report)[:30],
)
def test_whatever_else_comes_is_passed_over(report: Any) -> None:  # noqa: ANN401
    assert send(report) in (204, 400)
    assert kept() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("blocked", "host"),
    [
        ("inline", "inline"),
        ("eval", "eval"),
        ("data", "data"),
        ("data:text/plain,x", "data"),
        ("olena@example.org", "other"),
        ("https://olena@example.org/", "example.org"),
        ("https://" + "a" * 300 + "/", "other"),
        ("https://приклад.укр/", "other"),
        ("", "other"),
    ],
)
def test_of_what_was_blocked_the_host_alone_is_kept(blocked: str, host: str) -> None:
    send([{"body": violation("/en/", blocked)}])
    assert [row[1] for row in kept()] == [host]


@pytest.mark.django_db
def test_strangers_fill_no_table(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.LIMIT_LOOPBACK = True
    report = [{"body": violation("/en/")}]
    answers = [send(report) for _number in range(csp_reports.FROM_ADDRESS.at_once + 2)]
    assert answers[-1] == 429
    assert PolicyReport.objects.get().number == csp_reports.FROM_ADDRESS.at_once
    settings.LIMIT_LOOPBACK = False
    monkeypatch.setattr(csp_reports, "MOST", 3)
    for number in range(6):
        send([{"body": violation("/en/", f"https://{number}.example/")}])
    assert len(kept()) == 3


@pytest.mark.parametrize("address", ["/en/", "/admin/login/", "/nothing-here"])
def test_every_page_says_where_to_report(site: SmallSite, address: str) -> None:
    response = Client().get(address)
    policy = response["Content-Security-Policy"]
    assert "report-uri /csp-report/" in policy
    assert "report-to csp" in policy
    assert response["Reporting-Endpoints"] == 'csp="/csp-report/"'
    assert Client().get("/csp-report/").status_code == 405
