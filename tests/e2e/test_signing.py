"""Read, sign, read the mail, confirm, withdraw: as a visitor does it on a phone."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from campaigns.models import CampaignPage
from jobs.worker import drain
from signatures.counts import signatures_of
from signatures.models import Signature, Submission
from signatures.signing.tokens import confirm_token, own_token
from tests.e2e.conftest import PATIENCE
from tests.support.factories import (
    QUESTION_IDS,
    QUESTION_WORDS,
    confirmed,
    make_submission,
    shape_form,
    shown,
)
from tests.support.kinds import SmallSite

WORDS = {
    "en": {
        "confirm": "Confirm my signature",
        "code": "Continue",
        "thanks": "Thank you for signing!",
        "withdraw": "Withdraw my signature",
        "withdrawn": "You have withdrawn your signature",
        "errors": "Please fix the following:",
        "use": "Yes, use olena@gmail.com",
        "count": "1 signature.",
    },
    "uk": {
        "confirm": "Підтвердити мій підпис",
        "code": "Продовжити",
        "thanks": "Дякуємо за підпис!",
        "withdraw": "Відкликати мій підпис",
        "withdrawn": "Ви відкликали свій підпис",
        "errors": "Будь ласка, виправте:",
        "use": "Так, olena@gmail.com",
        "count": "1 підпис.",
    },
}
ADDRESS = "/{}/end-ties/portland-oregon/"
# A scrollbar may take some of the window.
SIDEWAYS = (
    "document.documentElement.scrollWidth - document.documentElement.getBoundingClientRect().width"
)


def fill(page: Page, email: str = "olena@example.org") -> None:
    page.fill("#sign-name", "Olena")
    page.fill("#sign-email", email)
    page.select_option("#sign-country", "UA")
    page.check("#sign-consent")


def send(page: Page) -> None:
    page.click(".sign-form > .button")


def mailed() -> tuple[str, str]:
    """The confirming link and the code of the newest mail, as the worker sends it."""
    drain()
    body = str(mail.outbox[-1].body)
    link = re.search(r"http://\S+/confirm/", body)
    code = re.search(r"\b\d{6}\b", body)
    assert link
    assert code
    return link[0], code[0]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_sign_confirm_by_button_and_withdraw(
    page: Page, campaign: SmallSite, language: str
) -> None:
    words = WORDS[language]
    petition = campaign["portland"]["en"].petition
    page.goto(ADDRESS.format(language))
    expect(page.locator("html")).to_have_attribute("lang", language)
    fill(page)
    send(page)
    expect(page.locator("strong", has_text="o•••••@example.org")).to_be_visible()
    link, _code = mailed()
    page.goto(link)
    assert signatures_of(petition) == 0
    page.get_by_role("button", name=words["confirm"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["thanks"])
    assert signatures_of(petition) == 1
    own = page.url
    page.goto(ADDRESS.format(language))
    # The browser may keep the page for ten seconds; reloading asks anew.
    page.reload()
    expect(page.locator(".progress__count")).to_contain_text(words["count"])
    page.goto(own)
    page.get_by_role("button", name=words["withdraw"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["withdrawn"])
    assert signatures_of(petition) == 0


@pytest.mark.parametrize("language", ["en", "uk"])
def test_sign_and_confirm_by_code(page: Page, campaign: SmallSite, language: str) -> None:
    page.goto(ADDRESS.format(language))
    fill(page)
    send(page)
    page.wait_for_url("**/check/**")
    _link, code = mailed()
    page.fill("[name=code]", code)
    page.get_by_role("button", name=WORDS[language]["code"], exact=True).click()
    page.wait_for_url("**/confirm/**")
    page.get_by_role("button", name=WORDS[language]["confirm"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS[language]["thanks"])


@pytest.mark.parametrize("language", ["en", "uk"])
def test_mistakes_are_told_and_nothing_typed_is_lost(
    page: Page, campaign: SmallSite, language: str
) -> None:
    page.goto(ADDRESS.format(language))
    page.fill("#sign-name", "Olena")
    page.fill("#sign-email", "olena@gmial.com")
    send(page)
    expect(page.locator(".error-summary h3")).to_have_text(WORDS[language]["errors"])
    expect(page.locator("#errors")).to_be_focused()
    expect(page.locator("#errors")).to_be_in_viewport()
    expect(page.locator("#sign-name")).to_have_value("Olena")
    expect(page.locator("#sign-email")).to_have_attribute("aria-invalid", "true")
    page.select_option("#sign-country", "UA")
    page.check("#sign-consent")
    with page.expect_navigation():
        page.press("#sign-name", "Enter")
    use, keep = page.locator("[name=email_choice]").all()
    expect(use).to_have_text(WORDS[language]["use"])
    keep.click()
    page.wait_for_url("**/check/**")
    expect(page.locator("strong", has_text="o•••••@gmial.com")).to_be_visible()
    page.locator("details.change summary").click()
    page.fill("#id_email", "olena@example.org")
    page.press("#id_email", "Enter")
    expect(page.locator("strong", has_text="o•••••@example.org")).to_be_visible()
    assert {each.details["email"] for each in Submission.objects.all()} == {
        "olena@gmial.com",
        "olena@example.org",
    }


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_editors_questions_are_answered(page: Page, campaign: SmallSite, language: str) -> None:
    shape_form(campaign, "choice", "choices", "yes_no")
    words = QUESTION_WORDS[language]
    page.goto(ADDRESS.format(language))
    fill(page)
    page.get_by_role("group", name=words["choices"]).get_by_label(words["news"]).check()
    send(page)
    page.locator(".error-summary a").first.click()
    expect(page.locator("#sign-question__choice")).to_be_in_viewport()
    page.get_by_role("radiogroup", name=words["choice"]).get_by_label(words["friend"]).check()
    page.get_by_role("radiogroup", name=words["yes_no"]).locator("input").first.check()
    send(page)
    page.wait_for_url("**/check/**")
    page.goto(mailed()[0])
    page.get_by_role("button", name=WORDS[language]["confirm"]).click()
    page.get_by_label(words["text"]).fill("School № 1")
    page.locator(".own-form button").first.click()
    expect(page.locator(".own-form [role=status]")).to_be_visible()
    assert Signature.objects.get().answers == {
        "_text": "School № 1",
        "_choice": "friend",
        "_choices": ["news"],
        "_yes_no": True,
    }


CONSENT = {
    "en": "I agree that the Pidpys demo campaign keeps my details and counts my signature, which "
    "discloses a political opinion.\n\nMore.",
    "uk": "Погоджуюся, щоб демонстраційна кампанія «Підпису» зберігала мої дані й зарахувала мій "
    "підпис, який розкриває мої політичні погляди.\n\nБільше.",
}


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_form_is_one_screen_of_a_phone(page: Page, campaign: SmallSite, language: str) -> None:
    CampaignPage.objects.filter(pk=campaign["campaign"][language].pk).update(
        consent_text=CONSENT[language]
    )
    page.set_viewport_size({"width": 360, "height": 640})
    for address in (ADDRESS.format(language), f"/{language}/end-ties/"):
        page.goto(address)
        first, last = (
            page.locator(place).first.bounding_box()
            for place in ("#sign-heading", ".sign-form button")
        )
        assert first
        assert last
        assert last["y"] + last["height"] - first["y"] <= 640, address


def test_the_language_may_be_switched_on_the_way(page: Page, campaign: SmallSite) -> None:
    page.goto(ADDRESS.format("en"))
    page.get_by_role("link", name="Українська").click()
    page.wait_for_url("**" + ADDRESS.format("uk"))
    fill(page)
    send(page)
    page.wait_for_url("**/uk/petitions/*/check/**")
    link, _code = mailed()
    page.goto(link)
    page.get_by_role("link", name="English").click()
    page.get_by_role("button", name=WORDS["en"]["confirm"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["en"]["thanks"])


@pytest.mark.parametrize("language", ["en", "uk"])
def test_axe_finds_nothing_and_nothing_is_inline(
    browser: Browser, campaign: SmallSite, live_server: LiveServer, language: str
) -> None:
    """Every public page type, contrast included. Axe itself needs scripts let in."""
    shape_form(campaign, thank_you_text={"en": "Thank you.", "uk": "Спасибі."})
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, bypass_csp=True
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(ADDRESS.format(language))
    fill(page)
    send(page)
    page.wait_for_url("**/check/**")
    check = page.url
    link, _code = mailed()
    stop = link.replace("/confirm/", "/stop/")
    confirmed(campaign["portland"][language], "b@example.org")
    change = make_submission(campaign["portland"][language], "b@example.org", country="US")
    confirmed_one = confirmed(campaign["portland"][language], "c@example.org")
    own = f"/{language}/signatures/{own_token(confirmed_one)}/"
    page.goto(f"/{language}/end-ties/")
    claims = page.locator(".cite-link a").evaluate_all("links => links.map(link => link.href)")
    assert claims
    addresses = [
        *claims,
        f"/{language}/",
        f"/{language}/?q=oregon",
        f"/{language}/end-ties/",
        f"/{language}/end-ties/cities/",
        f"/{language}/about/",
        ADDRESS.format(language),
        f"/{language}/nothing-here/",
        check,
        link,
        stop,
        f"/{language}/signatures/{confirm_token(change)}/confirm/",
        own,
        f"/{language}/signatures/nothing-here/",
    ]
    found = []
    for address in addresses:
        page.goto(address)
        # JSON-LD is data that nothing runs.
        scripts = 'script:not([src], [type="application/ld+json"])'
        inline = page.locator(f"{scripts}, style, [style], [onclick]")
        assert inline.count() == 0, address
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide, f"{address} is wider than the phone"
        results = Axe().run(page)
        found += [(address, each["id"]) for each in results.response["violations"]]
    shape_form(campaign, *QUESTION_IDS)
    page.goto(ADDRESS.format(language))
    page.reload()
    send(page)
    page.wait_for_selector(".error-summary")
    results = Axe().run(page)
    found += [("errors", each["id"]) for each in results.response["violations"]]
    context.close()
    assert found == []


def test_no_word_that_somebody_wrote_widens_a_narrow_page(page: Page, campaign: SmallSite) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    portland = campaign["portland"]["en"]
    long: dict[str, Any] = {"name": "W" * 40 + " " + "M" * 40, "comment": "W" * 500}
    own = own_token(shown(portland, **long))
    pending = confirm_token(make_submission(portland, "b@example.org", show_name=True, **long))
    for address in (
        ADDRESS.format("en"),
        f"/en/signatures/{own}/",
        f"/en/signatures/{pending}/confirm/",
    ):
        page.goto(address)
        assert "W" * 40 in page.locator("main").inner_text(), address
        assert page.evaluate(SIDEWAYS) == 0, address
    page.goto(ADDRESS.format("en"))
    fill(page, f"{'w' * 60}@{'m' * 60}.example")
    send(page)
    expect(page.locator("main strong").first).to_contain_text("m" * 60)
    assert page.evaluate(SIDEWAYS) == 0


def test_leaving_quickly_leaves_no_way_back_to_the_page_where_scripts_run(
    page: Page,
    campaign: SmallSite,
    live_server: LiveServer,
    settings: Settings,
    request: pytest.FixtureRequest,
) -> None:
    settings.LEAVE_TO = f"{live_server.url}/robots.txt"
    own = f"/en/signatures/{own_token(confirmed(campaign['portland']['en']))}/"
    page.goto("/en/")
    page.goto(own)
    page.get_by_role("link", name="Leave this page quickly").click()
    page.wait_for_url("**/robots.txt")
    page.go_back()
    with_script = request.node.callspec.params["page"]
    assert page.url == live_server.url + ("/en/" if with_script else own)


def test_a_number_grows_while_it_is_looked_at_and_is_told_once_a_minute(
    browser: Browser, campaign: SmallSite, live_server: LiveServer
) -> None:
    city = campaign["portland"]["en"]
    page = browser.new_context(base_url=live_server.url).new_page()
    page.clock.install()
    page.goto(ADDRESS.format("en"))
    count = page.locator("[data-live] .progress__count span").first
    for number, (seconds, is_told) in enumerate([(16, False), (16, False), (90, True)], start=1):
        confirmed(city, f"{number}@example.org")
        page.clock.run_for(seconds * 1000)
        expect(count).to_contain_text(str(number))
        expect(count).to_have_attribute("aria-live", "polite" if is_told else "off")
    # Where the site has gone, what was shown stays, and it is asked less and less often.
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route("**/api/petitions/**", refuse)
    for _quarter in range(8):
        page.clock.run_for(15_000)
        page.wait_for_timeout(50)
    expect(count).to_contain_text("3")
    assert 2 <= len(asked) <= 4
    page.context.close()
