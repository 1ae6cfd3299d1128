"""Takes the pictures of the README and the guides anew, from a demo of its own.

With the word `readme` behind it, only the README's.
"""

import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from scripts.chromium import ARGUMENTS, chromium
from scripts.looks.own_demo import OwnDemo, own_demo

FOLDER = Path("docs/images")
SIZE: ViewportSize = {"width": 1100, "height": 720}
LANGUAGES = {"en": "en-GB", "uk": "uk-UA"}
CITY = "end-sister-city-ties/portland-oregon/"
# By its name, a page, its window and its colors.
README: dict[str, tuple[str, int, int, Literal["light", "dark"]]] = {
    "petition-phone": (f"/en/{CITY}", 390, 780, "light"),
    "petition-phone-uk": (f"/uk/{CITY}", 390, 780, "dark"),
    "petition-wide": (f"/en/{CITY}", 1280, 800, "light"),
    "tracker": ("/en/end-sister-city-ties/cities/", 1280, 800, "light"),
}
TABLE = """\
city,state,sister_city,sister_region,since,status,status_date,source_title,source_publisher,\
source_url
Eugene,Oregon,Irkutsk,Irkutsk Oblast,1988,active,2022-06-04,A report,A newspaper,\
https://news.example/1
"""
# So that something waits for the translators.
CHANGE = """
from translations.gaps import resync
from campaigns.models import CampaignPage, CityName

page = CampaignPage.objects.get(locale__language_code="en")
page.ask = page.ask.replace("end that tie", "end that tie this year, and to say so in public")
page.save_revision().publish()
name = CityName.objects.get(city__key="portland-oregon", locale__language_code="en")
name.region = "State of Oregon"
name.save()
resync(name)
"""


class Guide:
    """The pictures of one guide in one language, seen by one login."""

    def __init__(self, page: Page, name: str, language: str) -> None:
        self.page = page
        self.folder = FOLDER / name / language
        self.folder.mkdir(parents=True, exist_ok=True)

    def log_in(self, name: str) -> None:
        self.page.goto("/admin/login/")
        self.page.fill("[name=username]", name)
        self.page.fill("[name=password]", "pidpys-demo")
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/admin/")

    def look(self, name: str, address: str = "") -> None:
        if address:
            self.page.goto(address)
        self.page.wait_for_timeout(700)
        self.page.screenshot(path=self.folder / f"{name}.png")


def take_editors(page: Page, language: str) -> None:
    guide = Guide(page, "editors", language)
    guide.log_in("editor")
    guide.look("home")
    guide.look("petitions", "/admin/petitions/")
    edit = page.locator("td.title a").nth(0).get_attribute("href") or ""
    campaign = edit.split("/")[3]
    city = (page.locator("td.title .title-wrapper a").nth(1).get_attribute("href") or "").split("/")
    guide.look("campaign", f"/admin/pages/{campaign}/edit/")
    guide.look("inherited", f"/admin/inherited/{city[3]}/")
    guide.look("evidence", "/admin/reports/evidence/")
    guide.look("events", "/admin/snippets/campaigns/tieevent/")
    guide.look("languages", "/admin/reports/languages/")
    guide.look("launch", f"/admin/launch/{campaign}/")
    page.set_input_files(
        "input[type=file]",
        {"name": "cities.csv", "mimeType": "text/csv", "buffer": TABLE.encode()},
    )
    page.click("form[enctype] button[type=submit]")
    guide.look("plan")


def take_moderators(page: Page, language: str) -> None:
    guide = Guide(page, "editors", language)
    guide.log_in("moderator")
    guide.look("integrity", "/admin/integrity/")
    guide.look("deliveries", "/admin/deliveries/")


def take_translators(page: Page, language: str) -> None:
    guide = Guide(page, "translators", language)
    guide.log_in("translator")
    guide.look("home")
    page.goto("/admin/reports/languages/?state=waiting")
    page.locator("td a").first.click()
    page.wait_for_timeout(2000)
    guide.look("editor")
    page.goto("/admin/reports/languages/names/?state=waiting")
    page.locator("td a").first.click()
    guide.look("name")


def take_guides(browser: Browser, demo: OwnDemo) -> None:
    def look_around(take: Callable[[Page, str], None]) -> None:
        for language, locale in LANGUAGES.items():
            context = browser.new_context(base_url=demo.address, locale=locale, viewport=SIZE)
            # A busy machine takes its time.
            context.set_default_timeout(120_000)
            take(context.new_page(), language)

    look_around(take_editors)
    look_around(take_moderators)
    demo.call("manage.py", "shell", "-c", CHANGE)
    look_around(take_translators)


def take_readme(browser: Browser, demo: OwnDemo) -> None:
    """What a reader of the site sees first: two phones, a wide window, and one in the dark."""
    for name, (address, width, height, scheme) in README.items():
        size: ViewportSize = {"width": width, "height": height}
        context = browser.new_context(
            base_url=demo.address, viewport=size, color_scheme=scheme, device_scale_factor=1
        )
        page = context.new_page()
        page.goto(address)
        shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
        shot.quantize(96).save(FOLDER / f"{name}.png", optimize=True)
        context.close()


def main() -> None:
    with own_demo() as (demo, _nothing), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        take_readme(browser, demo)
        if "readme" not in sys.argv[1:]:
            take_guides(browser, demo)
        browser.close()
    print(f"The pictures are in {FOLDER}.")


if __name__ == "__main__":
    main()
