"""Takes the pictures of docs/editors.md anew, from a demo of its own that runs meanwhile."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from chromium import chromium
from playwright.sync_api import Page, ViewportSize, sync_playwright

FOLDER = Path("docs/images/editors")
SIZE: ViewportSize = {"width": 1100, "height": 720}
LANGUAGES = {"en": "en-GB", "uk": "uk-UA"}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
TABLE = """\
city,state,sister_city,sister_region,since,status,status_date,source_title,source_publisher,\
source_url
Eugene,Oregon,Irkutsk,Irkutsk Oblast,1988,active,2022-06-04,A report,A newspaper,\
https://news.example/1
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(environment: dict[str, str], port: int) -> list[subprocess.Popen[bytes]]:
    steps = ["compilemessages", "collectstatic", "migrate", "seed_demo"]
    subprocess.run([sys.executable, "scripts/prepare.py", *steps], env=environment, check=True)
    web = ["-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    return [
        subprocess.Popen([sys.executable, *command], env=environment)
        for command in ([*web, "cms.wsgi"], ["manage.py", "worker"])
    ]


def wait_for(address: str) -> None:
    for _attempt in range(150):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("The demo did not start, so no picture was taken.")


def look(page: Page, language: str, name: str, address: str = "") -> None:
    if address:
        page.goto(address)
    page.wait_for_timeout(700)
    folder = FOLDER / language
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def take(page: Page, language: str) -> None:
    page.goto("/admin/login/")
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", "pidpys-demo")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    look(page, language, "home")
    look(page, language, "petitions", "/admin/petitions/")
    edit = page.locator("td.title a").nth(0).get_attribute("href") or ""
    campaign = edit.split("/")[3]
    city = (page.locator("td.title .title-wrapper a").nth(1).get_attribute("href") or "").split("/")
    look(page, language, "campaign", f"/admin/pages/{campaign}/edit/")
    look(page, language, "inherited", f"/admin/inherited/{city[3]}/")
    look(page, language, "evidence", "/admin/reports/evidence/")
    look(page, language, "events", "/admin/snippets/campaigns/tieevent/")
    look(page, language, "languages", "/admin/reports/languages/")
    look(page, language, "launch", f"/admin/launch/{campaign}/")
    page.set_input_files(
        "input[type=file]",
        {"name": "cities.csv", "mimeType": "text/csv", "buffer": TABLE.encode()},
    )
    page.click("form[enctype] button[type=submit]")
    look(page, language, "plan")


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
                for language, locale in LANGUAGES.items():
                    context = browser.new_context(base_url=site, locale=locale, viewport=SIZE)
                    take(context.new_page(), language)
                browser.close()
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(20)
    print(f"The pictures are in {FOLDER}.")


if __name__ == "__main__":
    main()
