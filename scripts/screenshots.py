"""Takes the pictures of the guides in docs/ anew, from a demo of its own that runs meanwhile."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

from scripts.chromium import chromium

FOLDER = Path("docs/images")
SIZE: ViewportSize = {"width": 1100, "height": 720}
LANGUAGES = {"en": "en-GB", "uk": "uk-UA"}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(environment: dict[str, str], port: int) -> list[subprocess.Popen[bytes]]:
    steps = ["compilemessages", "collectstatic", "migrate", "seed_demo"]
    subprocess.run([sys.executable, "scripts/prepare.py", *steps], env=environment, check=True)
    environment = {**environment, "HOST": "127.0.0.1", "PORT": str(port)}
    return [
        subprocess.Popen([sys.executable, *command], env=environment)
        for command in (["-m", "cms.serve"], ["manage.py", "worker"])
    ]


def wait_for(address: str) -> None:
    for _attempt in range(150):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("The demo did not start, so no picture was taken.")


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


def main() -> None:
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "cms.settings.demo",
            "DATABASE_URL": f"sqlite:///{folder}/pictures.sqlite3",
            "BASE_URL": site,
        }
        children = start(environment, port)
        try:
            wait_for(f"{site}/readyz")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)

                def look_around(take: Callable[[Page, str], None]) -> None:
                    for language, locale in LANGUAGES.items():
                        context = browser.new_context(base_url=site, locale=locale, viewport=SIZE)
                        # A busy machine takes its time.
                        context.set_default_timeout(120_000)
                        take(context.new_page(), language)

                look_around(take_editors)
                command = [sys.executable, "manage.py", "shell", "-c", CHANGE]
                subprocess.run(command, env=environment, check=True)
                look_around(take_translators)
                browser.close()
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(60)
    print(f"The pictures are in {FOLDER}.")


if __name__ == "__main__":
    main()
