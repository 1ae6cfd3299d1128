"""However long a word is that somebody wrote, a phone shows the page without scrolling sideways."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from demo.strain import strained
from scripts.looks.in_page import REACHING, SCROLLS, WIDTHS
from scripts.looks.measures import contrast
from tests.e2e.conftest import PATIENCE, PHONE
from tests.support.factories import confirmed

SOME_WIDTHS = (320, 390, 1280)
PAGES = (
    "/{}/",
    "/{}/?q=portland",
    "/{}/?q=nowhere",
    "/{}/end-ties/",
    "/{}/end-ties/cities/",
    "/{}/end-ties/news/",
    "/{}/end-ties/portland-oregon/",
    "/{}/nothing-here/",
    "/dev/components/",
    "/dev/mail/",
)
# Every text that a person may have written, as one word of a hundred letters. Numbers, dates
# and the map's abbreviations are ours.
LENGTHEN = """() => {
  const ours = "script, style, svg, option, time, .number, .date, .progress, .places dd, [aria-sort]";
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let count = 0;
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (text.data.trim() && !text.parentElement.closest(ours)) {
      text.data = "w".repeat(100);
      count += 1;
    }
  }
  document.querySelectorAll("details").forEach(each => { each.open = true; });
  return count;
}"""


@pytest.fixture
def window(browser: Browser, campaign: dict[str, Any], live_server: LiveServer) -> Iterator[Page]:
    confirmed(campaign["portland"]["en"], show_name=True, comment="Words")
    context = browser.new_context(base_url=live_server.url, viewport=PHONE)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_long_words_break_on_every_page_and_in_every_block(window: Page) -> None:
    wrong = []
    for address in PAGES:
        for language in ("en", "uk") if "{}" in address else ("en",):
            window.goto(address.format(language))
            assert window.evaluate(LENGTHEN) > 3
            for width in SOME_WIDTHS:
                window.set_viewport_size({"width": width, "height": 800})
                if window.evaluate(SCROLLS) or window.evaluate(REACHING):
                    wrong.append((address, width, window.evaluate(REACHING)[:3]))
    assert wrong == []


def test_nothing_that_people_write_or_launch_makes_a_page_wider(window: Page) -> None:
    """Long names and texts, many pieces of evidence, high numbers, other scripts, many cities."""
    wrong = []
    for name, address in strained(cities=120).items():
        for language in ("en", "uk"):
            answer = window.goto(address.format(language))
            assert answer is not None
            assert answer.status == 200, (name, language)
            for width in WIDTHS:
                window.set_viewport_size({"width": width, "height": 800})
                if window.evaluate(SCROLLS):
                    wrong.append((name, language, width, window.evaluate(REACHING)[:3]))
    assert wrong == []


def test_without_long_words_nothing_breaks_within_a_word(window: Page) -> None:
    """Words break only where they must: a column may not shrink to its letters."""
    window.set_viewport_size({"width": 390, "height": 800})
    window.goto("/en/end-ties/portland-oregon/")
    lines = "each => Math.round(each.getBoundingClientRect().height / parseFloat(getComputedStyle(each).lineHeight))"
    for place in (".tie b", ".status", ".site-name", ".sign-form label"):
        assert window.locator(place).first.evaluate(lines) <= 2, place


def test_the_map_can_be_read_and_touched_on_a_phone(window: Page) -> None:
    window.set_viewport_size({"width": 360, "height": 800})
    window.goto("/en/end-ties/cities/")
    square = window.locator(".map a rect").first.bounding_box()
    letters = window.locator(".map a text").first.evaluate(
        "each => parseFloat(getComputedStyle(each).fontSize) * each.getCTM().a"
    )
    assert square
    assert square["width"] >= 30
    assert letters >= 14
    assert not window.evaluate(SCROLLS)


def test_the_focus_shows_on_the_blue_block(window: Page) -> None:
    window.goto("/en/end-ties/portland-oregon/")
    window.locator(".call a").first.focus()
    window.keyboard.press("Shift+Tab")
    window.keyboard.press("Tab")
    ring = window.evaluate("getComputedStyle(document.activeElement).outlineColor")
    back = window.locator(".call").first.evaluate("each => getComputedStyle(each).backgroundColor")
    assert contrast(rgb(ring), rgb(back)) >= 3


def rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in color.strip("rgb()").split(","))
    return red, green, blue
