"""The desk as a browser uses it: look, then press a button."""

from typing import Any

from bs4 import BeautifulSoup

from accounts.confirming import PASSWORD as FIELD
from integrity.models import Sweep
from tests.officers_desk.acting import PASSWORD, Officer
from tests.support.kinds import Response

ADDRESS = "/admin/integrity/"
NOTE = "File 12/2026"


def look(officer: Officer, **chosen: str) -> BeautifulSoup:
    response = officer.client.get(ADDRESS, {"petition": "", **chosen})
    assert response.status_code == 200, response.content.decode()
    return BeautifulSoup(response.content, "html.parser")


def press(officer: Officer, act: str, page: BeautifulSoup, **more: Any) -> Response:
    plan = page.select_one("input[name=plan]")
    assert plan, "there is nothing to press"
    data = {"plan": plan["value"], "act": act, "note": NOTE, "reason": "automated", **more}
    return officer.client.post(f"{ADDRESS}sweep/", {FIELD: PASSWORD, **data})


def sweep(officer: Officer, act: str, **chosen: str) -> Sweep:
    response = press(officer, act, look(officer, **chosen))
    assert response.status_code == 302, response.content.decode()
    return Sweep.objects.get(pk=response["Location"].rstrip("/").rpartition("/")[2])


def undo(officer: Officer, made: Sweep) -> Response:
    return officer.client.post(f"{ADDRESS}{made.pk}/", {"note": NOTE, FIELD: PASSWORD})
