"""Passkeys in Chromium, with the authenticator that it keeps for tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.log_in import LIMIT_OF_ACCOUNT
from accounts.models import User
from tests.accounts.factors import code_of
from tests.accounts.passwords import try_password
from tests.e2e.conftest import PATIENCE
from tests.support.factories import make_user

PASSWORD = "secret-pass"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def olena(campaign: dict[str, Any], settings: Settings) -> User:
    settings.SECOND_FACTOR = frozenset({"all"})
    return make_user("olena", is_superuser=True)


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def context(
    browser: Browser, olena: User, live_server: LiveServer, settings: Settings
) -> Iterator[BrowserContext]:
    # Passkeys belong to names, and an address in numbers is none.
    settings.BASE_URL = live_server.url.replace("127.0.0.1", "localhost")
    context = browser.new_context(base_url=settings.BASE_URL, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "policy" in said.text else None)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def give_password(page: Page) -> None:
    page.goto("/admin/login/")
    page.fill("[name=username]", "olena")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def make_passkey(page: Page) -> None:
    give_password(page)
    expect(page.get_by_role("heading", name="A second step for your login")).to_be_visible()
    page.fill("[name=name]", "My laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator(".door__codes li")).to_have_count(10)


def leave(context: BrowserContext) -> None:
    context.clear_cookies(name="session")


def test_a_passkey_is_made_enters_and_answers_who_it_is(
    page: Page, context: BrowserContext, complaints: list[str]
) -> None:
    make_passkey(page)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a file").click()
    assert len(saved.value.path().read_text().split()) == 10
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/admin/")

    # With the password, as the second step.
    leave(context)
    give_password(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/admin/")

    # With nothing else.
    leave(context)
    page.goto("/admin/login/?next=/admin/account/log-in/")
    page.get_by_role("button", name="Enter with a passkey").click()
    expect(page.get_by_role("cell", name="Passkey “My laptop”", exact=True)).to_be_visible()

    page.get_by_role("button", name="Make new ones").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".door__codes li")).to_have_count(10)

    # It is one already, so that this device makes no second one.
    page.goto("/admin/login/set-up/")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("No passkey was made")).to_be_visible()
    assert complaints == []


def test_whose_password_strangers_guess_still_enters_with_a_passkey(
    page: Page, context: BrowserContext
) -> None:
    make_passkey(page)
    context.clear_cookies()
    for number in range(4 * LIMIT_OF_ACCOUNT.at_once):
        try_password("olena", "wrong", f"10.0.{number}.7")
    give_password(page)
    expect(page.get_by_text("Too many passwords were tried")).to_be_visible()
    page.get_by_role("button", name="Enter with a passkey").click()
    page.wait_for_url("**/admin/")
    expect(page.get_by_role("link", name="Petitions").first).to_be_visible()


def test_a_browser_without_a_passkey_says_so(page: Page, complaints: list[str]) -> None:
    page.goto("/admin/login/")
    page.get_by_role("button", name="Enter with a passkey").click()
    expect(page.get_by_text("The browser found no passkey for this site")).to_be_visible()
    assert complaints == []


def test_without_scripts_a_password_and_a_code_are_enough(
    browser: Browser, olena: User, context: BrowserContext, settings: Settings
) -> None:
    plain = browser.new_context(
        base_url=settings.BASE_URL, java_script_enabled=False, locale="en-GB"
    )
    page = plain.new_page()
    give_password(page)
    expect(page.get_by_role("button", name="Make a passkey")).to_have_count(0)
    page.get_by_role("link", name="Set up an app").click()
    secret = page.inner_text(".door__secret").replace(" ", "")
    page.fill("[name=one_time_code]", code_of(secret))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="I have kept them").click()
    leave(plain)
    give_password(page)
    # The next half minute's, since the one before was used up.
    page.fill("[name=one_time_code]", code_of(secret, 30))
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/admin/")
    plain.close()
