"""A recipient on a narrow phone: checks a file, answers by the mailed link, is read in full."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from campaigns.models import Delivery
from tests.deliveries.handed import FILE, handed, mailed_link
from tests.e2e.conftest import PATIENCE
from tests.support.factories import make_user
from tests.support.kinds import SmallSite

NARROW: ViewportSize = {"width": 360, "height": 740}
WORDS = {
    "en": {
        "same": "This is a file that we handed over, without a change.",
        "other": "This is none of the files of this delivery.",
        "missing": "Please write who answers.",
        "thanks": "Your answer has arrived",
        "over": "This link does not work anymore",
        "waits": "An answer has come.",
        "untranslated": "not translated yet",
        "answer": "The council ends the tie.\n\nIt votes on Monday.",
    },
    "uk": {
        "same": "Це файл, який ми передали, без жодної зміни.",
        "other": "Це не файл цього передання.",
        "missing": "Напишіть, хто відповідає.",
        "thanks": "Ваша відповідь надійшла",
        "over": "Це посилання більше не діє",
        "waits": "Відповідь надійшла.",
        "untranslated": "ще не перекладено",
        "answer": "Рада розриває побратимство.\n\nГолосування в понеділок.",
    },
}


@pytest.fixture
def moderator(browser: Browser, campaign: SmallSite, live_server: LiveServer) -> Iterator[Page]:
    make_user("moderator", is_staff=True, is_superuser=True)
    context = browser.new_context(base_url=live_server.url, viewport=NARROW, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/admin/login/")
    page.fill("[name=username]", "moderator")
    page.fill("[name=password]", "secret-pass")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    yield page
    context.close()


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def check(page: Page, content: bytes) -> None:
    file: FilePayload = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": content}
    page.set_input_files("#file", file)
    page.click(".check-file .button")


def answer(page: Page, words: dict[str, str]) -> None:
    """First without a name, as one forgets it."""
    page.fill("[name=text]", words["answer"])
    page.click(".button--sign")
    expect(page.locator("#errors")).to_contain_text(words["missing"])
    fits(page)
    page.fill("[name=signed_as]", "Ted Example")
    page.click(".button--sign")
    expect(page.locator("h1")).to_have_text(words["thanks"])


def publish(moderator: Page, delivery: Delivery) -> None:
    moderator.goto("/admin/deliveries/answers/")
    moderator.click(f"a[href*='{delivery.answers.get().pk}']")
    moderator.get_by_role("button", name="Publish the answer").click()
    expect(moderator.get_by_text("The answer is published.")).to_be_visible()


def translate(moderator: Page, language: str, text: str) -> None:
    moderator.fill(f"[name={language}-text]", text)
    moderator.click(f"button[name=action][value={language}]")
    expect(moderator.get_by_text("The translation is saved.")).to_be_visible()


def read(page: Page, language: str, text: str) -> None:
    page.goto(f"/{language}/end-ties/portland-oregon/")
    # A browser keeps it for five seconds.
    page.reload()
    shown = page.locator("figure.answer > blockquote")
    for line in text.split("\n\n"):
        expect(shown).to_contain_text(line)
    fits(page)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_way_of_a_recipient_from_the_code_to_the_answer_in_full(
    page: Page, moderator: Page, campaign: SmallSite, language: str
) -> None:
    page.set_viewport_size(NARROW)
    words, other = WORDS[language], {"en": "uk", "uk": "en"}[language]
    delivery = handed(campaign["portland"]["en"].petition, 12)
    there = f"/{language}/deliveries/{delivery.code_told.lower()}/"
    page.goto(there)
    fits(page)
    for content, told in ((FILE + b" ", words["other"]), (FILE, words["same"])):
        check(page, content)
        expect(page.locator("#checked")).to_contain_text(told)
        fits(page)

    link = mailed_link(delivery, language)
    page.goto(link)
    fits(page)
    answer(page, words)
    page.goto(link)
    expect(page.locator("h1")).to_have_text(words["over"])
    page.goto(there + "?asked=1")
    expect(page.get_by_text(words["waits"])).to_be_visible()

    publish(moderator, delivery)
    read(page, language, words["answer"])
    read(page, other, words["answer"])
    expect(page.locator("figure.answer")).to_contain_text(WORDS[other]["untranslated"])
    translate(moderator, other, WORDS[other]["answer"])
    read(page, other, WORDS[other]["answer"])
    page.locator("figure.answer summary").click()
    expect(page.locator("figure.answer details")).to_contain_text(words["answer"].split("\n")[0])
