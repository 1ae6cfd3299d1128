"""Answering the admin's question who it is."""

from playwright.sync_api import Locator, Page, expect


def say_who_it_is(page: Page, password: str, then: Locator) -> None:
    """Until `then` shows. Who was asked a moment ago, on a quick machine, is not asked again."""
    question = page.get_by_role("heading", name="Is it you?")
    expect(question.or_(then).first).to_be_visible()
    if question.is_visible():
        page.fill("[name=current_password]", password)
        page.get_by_role("button", name="Continue").click()
    expect(then.first).to_be_visible()
