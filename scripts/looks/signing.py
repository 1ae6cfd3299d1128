"""Signing on the demo as a visitor does, with an address of its own each time."""

import re
import time

from playwright.sync_api import Page

BUTTON = "form.sign-form button[type=submit]"


def fresh_address() -> str:
    return f"looks-{time.time_ns()}@example.org"


def fill(page: Page, email: str) -> None:
    page.fill("#sign-name", "Olena Shevchenko")
    page.fill("#sign-email", email)
    page.select_option("#sign-country", "UA")
    page.check("#sign-consent")


def send_nothing(page: Page) -> None:
    page.locator(BUTTON).last.click()
    page.wait_for_selector(".error-summary")


def send_mistyped(page: Page) -> None:
    fill(page, "olena@gmial.com")
    page.locator(BUTTON).last.click()
    page.wait_for_selector(".error-summary")


def send(page: Page) -> None:
    fill(page, fresh_address())
    page.locator(BUTTON).last.click()
    page.wait_for_url("**/check/**")


def newest_mail(page: Page) -> str:
    """The demo's address of the mail that came last, once there is one for us."""
    for _attempt in range(100):
        page.goto("/dev/mail/")
        first = page.locator("main li", has_text="looks-").first
        if first.count():
            return first.locator("a").first.get_attribute("href") or ""
        time.sleep(0.2)
    raise TimeoutError("no mail came")


def link_and_code(page: Page, address: str) -> tuple[str, str]:
    """Of the mail to an address."""
    for _attempt in range(100):
        page.goto("/dev/mail/")
        found = page.locator("main li", has_text=address).first
        if found.count():
            page.goto(found.locator("a").first.get_attribute("href") or "")
            text = page.locator("pre.mail-text").first.inner_text()
            link = re.search(r"https?://\S+/confirm/", text)
            code = re.search(r"\b\d{3}\s?\d{3}\b", text)
            if link and code:
                return link[0], code[0]
        time.sleep(0.2)
    raise TimeoutError("no mail came")
