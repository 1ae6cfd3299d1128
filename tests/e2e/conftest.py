"""A small campaign, served on loopback and seen by a real browser."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from wagtail.models import Site

from scripts.chromium import ARGUMENTS
from tests.support import factories
from tests.support.kinds import SmallSite

# How long a page may let a test wait, in milliseconds: two browsers share the processor.
PATIENCE = 60_000
PHONE: Any = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium from `CHROMIUM`, which `make test` finds or installs; or what `ENGINE` names."""
    name, path = os.environ.get("ENGINE") or "chromium", os.environ.get("CHROMIUM")
    if name == "chromium" and not path:
        pytest.fail("CHROMIUM must name the browser; `make test` sets it.")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        options: Any = {"executable_path": path, "args": ARGUMENTS} if name == "chromium" else {}
        browser = getattr(playwright, name).launch(**options)
        yield browser
        browser.close()


@pytest.fixture
def campaign(
    transactional_db: None,
    live_server: LiveServer,
    settings: Settings,
    transactional_site: SmallSite,
) -> SmallSite:
    settings.BASE_URL = live_server.url
    host, port = live_server.url.removeprefix("http://").split(":")
    Site.objects.update(hostname=host, port=int(port))
    Site.clear_site_root_paths_cache()
    factories.add_content(transactional_site)
    return transactional_site


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def page(
    request: pytest.FixtureRequest,
    browser: Browser,
    campaign: dict[str, Any],
    live_server: LiveServer,
) -> Iterator[Page]:
    """A phone's page, with JavaScript on and off. No request may leave the site's own origin."""
    context = browser.new_context(
        base_url=live_server.url,
        viewport=PHONE,
        java_script_enabled=request.param,
        bypass_csp=False,
    )
    foreign: list[str] = []
    complaints: list[str] = []

    def note(asked: Request) -> None:
        if not asked.url.startswith((live_server.url, "data:")):
            foreign.append(asked.url)

    context.on("request", note)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    cookies = context.cookies()
    context.close()
    assert foreign == []
    assert cookies == []
    # A refused form answers 422, which the browser mentions; nothing else may be said.
    assert [text for text in complaints if "422" not in text and "404" not in text] == []
