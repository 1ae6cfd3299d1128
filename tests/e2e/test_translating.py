"""A translator in the browser: from what waits to what is published, and to what changed then."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import PetitionPage
from staff.assigning import NAMES, assign
from tests.e2e.conftest import PATIENCE
from tests.support.factories import make_user, publish
from tests.support.kinds import CityPages
from translations.submission import submit

DESK: ViewportSize = {"width": 1280, "height": 900}


def log_in(browser: Browser, site: str, name: str, place: str = "") -> Page:
    assign(make_user(name), NAMES[name], place)
    context = browser.new_context(base_url=site, viewport=DESK, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/admin/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", "secret-pass")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    return page


@pytest.fixture
def city(campaign: dict[str, Any]) -> dict[str, PetitionPage]:
    """Portland's page, whose editor has written an ask and a heading of its own."""
    pages = {code: PetitionPage.objects.get(pk=p.pk) for code, p in campaign["portland"].items()}
    pages["en"].own_heading = "Portland, act"
    pages["en"].own_ask = "End the tie with Khabarovsk."
    publish(pages["en"])
    submit(pages["en"], pages["uk"].locale)
    return pages


@pytest.fixture
def translator(browser: Browser, city: CityPages, live_server: LiveServer) -> Iterator[Page]:
    page = log_in(browser, live_server.url, "translator", "uk")
    yield page
    page.context.close()


@pytest.fixture
def moderator(browser: Browser, city: CityPages, live_server: LiveServer) -> Iterator[Page]:
    page = log_in(browser, live_server.url, "moderator")
    yield page
    page.context.close()


def open_what_waits(page: Page, words: str) -> None:
    """From the home of the admin, by the report, to the editor of the translation."""
    page.goto("/admin/")
    page.get_by_role("link", name=words).click()
    page.locator("td a", has_text="Published").click()
    expect(page.get_by_role("heading", name="How this translation stands")).to_be_visible()


def translate(page: Page, source: str, text: str) -> None:
    """Follows the list to the text and works on with the keyboard alone."""
    page.locator("#changes").get_by_role("link", name=source).click()
    button = page.locator("[data-found]").get_by_role("button", name="Translate")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("[data-found] textarea").fill(text)
    page.locator("[data-found]").get_by_role("button", name="Save").click()
    expect(page.locator("[data-found]")).to_contain_text("Translated manually")


def test_what_is_taken_away_or_changed_may_be_begun_from(
    translator: Page, city: dict[str, PetitionPage]
) -> None:
    translator.goto(f"/admin/pages/{city['uk'].pk}/edit/")
    translate(translator, "Portland, act", "Портленде, дій")
    text = translator.locator("[data-found]")
    text.get_by_role("button", name="Edit").click()
    box = text.get_by_role("textbox", name="Words of this city alone › Heading")
    box.fill("")
    text.get_by_role("button", name="Save").click()
    expect(text.locator(".translation-until-now")).to_contain_text("Портленде, дій")
    translator.reload()
    expect(translator.locator("#changes")).to_contain_text("1 text was taken away")
    translator.locator("#changes").get_by_role("link", name="Portland, act").click()
    text.get_by_role("button", name="Start from it").click()
    expect(box).to_have_value("Портленде, дій")
    text.get_by_role("button", name="Save").click()
    expect(text).to_contain_text("Translated manually")
    expect(text.locator(".translation-until-now")).to_have_count(0)
    # An editor changes the source: the translator mends what was, beside the difference.
    english = PetitionPage.objects.get(pk=city["en"].pk)
    english.own_heading = "Portland, act now"
    publish(english)
    translator.reload()
    translator.locator("#changes").get_by_role("link", name="Heading").first.click()
    expect(text.locator("ins")).to_have_text(" now")
    text.get_by_role("button", name="Start from it").click()
    expect(box).to_have_value("Портленде, дій")


def test_of_two_translators_at_one_text_neither_loses_what_they_wrote(
    translator: Page, moderator: Page, city: dict[str, PetitionPage]
) -> None:
    for page in (translator, moderator):
        page.goto(f"/admin/pages/{city['uk'].pk}/edit/")
        page.locator("#changes").get_by_role("link", name="Portland, act").click()
        page.locator("[data-found]").get_by_role("button", name="Translate").click()
    moderator.locator("[data-found] textarea").fill("Портленде, до справи")
    moderator.locator("[data-found]").get_by_role("button", name="Save").click()
    expect(moderator.locator("[data-found]")).to_contain_text("Translated manually")
    text = translator.locator("[data-found]")
    text.locator("textarea").fill("Портленде, дій")
    text.get_by_role("button", name="Save").click()
    expect(text).to_contain_text("Meanwhile moderator wrote here: “Портленде, до справи”.")
    expect(text).to_contain_text("Портленде, дій")
    # Having seen it, they put theirs in its place.
    text.get_by_role("button", name="Edit").click()
    text.get_by_role("button", name="Save").click()
    expect(text).to_contain_text("Translated manually")
    # An editor changes the source while the other one writes.
    moderator.reload()
    moderator.get_by_text("Портленде, дій").first.wait_for()
    text.get_by_role("button", name="Edit").click()
    text.locator("textarea").fill("Портленде, не мовчи")
    english = PetitionPage.objects.get(pk=city["en"].pk)
    english.own_heading = "Portland, act now"
    publish(english)
    text.get_by_role("button", name="Save").click()
    expect(text).to_contain_text("Your words are kept")
    translator.reload()
    expect(translator.locator("#changes")).to_contain_text("Портленде, не мовчи")


def test_a_translator_translates_previews_hands_over_and_sees_what_changes(
    translator: Page, moderator: Page, city: dict[str, PetitionPage]
) -> None:
    open_what_waits(translator, "1 page with texts to translate")
    expect(translator.get_by_text("2 new texts")).to_be_visible()
    preview = translator.frame_locator("[data-preview-frame]")
    expect(preview.locator("h1")).to_have_text("Portland, act")
    translate(translator, "Portland, act", "Портленде, дій")
    expect(preview.locator("h1")).to_have_text("Портленде, дій")
    translate(translator, "End the tie", "Розірвіть звʼязки з Хабаровськом.")
    translator.get_by_label("What to show").select_option(label="Form with errors")
    expect(preview.get_by_text("Вкажіть своє ім’я.").first).to_be_attached()
    translator.get_by_label("What to show").select_option(label="Email: please confirm")
    expect(preview.get_by_text("дякуємо, що підписали")).to_be_visible()
    translator.goto("/uk/end-ties/portland-oregon/")
    expect(translator.locator("h1")).not_to_have_text("Портленде, дій")

    translator.goto(f"/admin/pages/{city['uk'].pk}/edit/")
    expect(translator.get_by_text("Everything is translated.")).to_be_visible()
    expect(translator.get_by_role("button", name="Publish in")).to_have_count(0)
    expect(translator.get_by_role("button", name="Stop Synced translation")).to_be_hidden()
    translator.get_by_role("button", name="Send for publishing").click()
    expect(translator.get_by_text("Sent for publishing.", exact=False).first).to_be_visible()

    open_what_waits(moderator, "1 page is ready to be published")
    expect(moderator.get_by_text("Sent for publishing: translator")).to_be_visible()
    moderator.get_by_role("button", name="Publish in Ukrainian").click()
    expect(moderator.get_by_text("is published.")).to_be_visible()
    # Not in the translator's browser, which may keep what it saw for some seconds.
    moderator.goto("/uk/end-ties/portland-oregon/")
    expect(moderator.locator("h1")).to_have_text("Портленде, дій")

    english = PetitionPage.objects.get(pk=city["en"].pk)
    english.own_ask = "End the old tie with Khabarovsk."
    publish(english)
    open_what_waits(translator, "1 published page is behind its source")
    expect(translator.get_by_text("1 text has changed since it was translated")).to_be_visible()
    expect(translator.locator("#changes ins")).to_have_text("old ")
    expect(translator.locator("#changes")).to_contain_text("Розірвіть звʼязки з Хабаровськом.")
    moderator.goto("/uk/end-ties/portland-oregon/?again")
    expect(moderator.get_by_text("Розірвіть звʼязки з Хабаровськом.").first).to_be_visible()
