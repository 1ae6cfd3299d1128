"""An editor in the browser: from a campaign to twenty cities in two languages, and keeping them."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import PetitionPage
from jobs.worker import drain
from launches.columns import COLUMNS, NAME_COLUMNS
from tests.e2e.confirming import say_who_it_is
from tests.e2e.conftest import PATIENCE
from tests.support.factories import make_user

DESK: ViewportSize = {"width": 1280, "height": 900}
CITIES = 20


@pytest.fixture
def editor(browser: Browser, campaign: dict[str, Any], live_server: LiveServer) -> Iterator[Page]:
    user = make_user("editor", is_staff=True, is_superuser=True)
    assert user.check_password("secret-pass")
    context = browser.new_context(base_url=live_server.url, viewport=DESK, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/admin/login/")
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", "secret-pass")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    yield page
    context.close()


def table() -> str:
    names = [f"{column}_uk" for side in NAME_COLUMNS.values() for column in side]
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([*COLUMNS, *names])
    for number in range(CITIES):
        row = [f"Town {number}", "Oregon", f"Gorod {number}", "Krai", "1990", "active"]
        row += ["2022-06-04", "A report", "A paper", "https://news.example/1"]
        city = [f"Місто {number}", f"Міста {number}", f"у Місті {number}", f"з Містом {number}"]
        sister = [f"Град {number}", f"Граду {number}", f"у Граді {number}", f"з Градом {number}"]
        writer.writerow([*row, *city, "Орегон", *sister, "Край"])
    return file.getvalue()


def test_an_editor_launches_twenty_cities_and_keeps_them(
    editor: Page, campaign: dict[str, Any]
) -> None:
    editor.goto(f"/admin/pages/{campaign['campaign']['en'].pk}/")
    editor.get_by_role("button", name="Actions", exact=True).click()
    editor.get_by_role("link", name="Launch cities").click()
    editor.set_input_files(
        "input[type=file]",
        {"name": "cities.csv", "mimeType": "text/csv", "buffer": table().encode()},
    )
    editor.check("[name=publish]")
    editor.get_by_role("button", name="Show what will be made").click()
    expect(editor.get_by_text(f"{CITIES} cities are new.")).to_be_visible()
    assert not PetitionPage.objects.filter(slug="town-0-oregon").exists()
    editor.get_by_role("button", name="Launch these cities").click()
    expect(editor.get_by_role("heading", name="Is it you?")).to_be_visible()
    assert not PetitionPage.objects.filter(slug="town-0-oregon").exists()
    say_who_it_is(editor, "secret-pass", editor.get_by_text(f"Cities done: 0 of {CITIES}."))
    while drain():
        pass
    expect(editor.get_by_text(f"Done: {CITIES} cities are new.")).to_be_visible()
    assert PetitionPage.objects.filter(slug__startswith="town-", live=True).count() == 2 * CITIES

    editor.goto("/uk/end-ties/town-7-oregon/")
    expect(editor.locator("h1")).to_have_text("Мере Міста 7, розірвіть звʼязки з Градом 7")
    editor.goto("/en/end-ties/cities/?state=oregon")
    expect(editor.locator("tbody tr")).to_have_count(CITIES + 1)

    editor.goto("/admin/petitions/?q=town+3")
    editor.get_by_role("checkbox", name="Town 3, Oregon").check()
    editor.get_by_role("button", name="Add an event").click()
    editor.select_option("[name=what]", "tie:ended")
    editor.fill("[name=date]", "2023-05-01")
    editor.fill("[name=source_title]", "Council ends tie")
    editor.fill("[name=source_publisher]", "A paper")
    editor.get_by_role("button", name="Show what will change").click()
    editor.get_by_role("button", name="Change them").click()
    expect(editor.get_by_text("1 petition changed.")).to_be_visible()
    editor.goto("/en/end-ties/town-3-oregon/")
    expect(editor.get_by_text("The tie between Town 3 and Gorod 3 has ended.")).to_be_visible()
