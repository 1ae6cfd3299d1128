"""A petition's page on paper."""

from io import BytesIO

import pytest
from pikepdf import Pdf
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.kinds import SmallSite


@pytest.mark.parametrize("language", ["en", "uk"])
def test_it_is_one_sheet_without_a_form(
    campaign: SmallSite, browser: Browser, live_server: LiveServer, language: str
) -> None:
    page = browser.new_page(base_url=live_server.url, viewport={"width": 680, "height": 900})
    page.goto(f"/{language}/end-ties/portland-oregon/")
    expect(page.locator(".sheet")).to_be_hidden()
    with Pdf.open(BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        assert len(printed.pages) == 1
    page.emulate_media(media="print")
    for shown in ("h1", ".ask", ".sheet svg"):
        expect(page.locator(shown)).to_be_visible()
    for hidden in ("form", "nav", ".site-footer", ".signers"):
        for each in page.locator(hidden).all():
            expect(each).to_be_hidden()
    # Nothing is kept free for the bar, which paper does not have.
    expect(page.locator(".petition__text")).to_have_css("padding-bottom", "0px")
    folded = page.locator("details:has(.sources) .sources").first
    box = folded.bounding_box()
    assert box
    assert box["height"] > 0
    page.close()
