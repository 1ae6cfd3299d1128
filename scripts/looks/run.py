"""Looks at every page of a demo of its own as people and programs do, and says what does not hold.

Usage: run.py [PART ...]. The parts, all of which run if none is named:

pages       every state in both languages: axe in light and dark, from 320 to 1920 px, twice the
            text, forced colors, less motion, no scripts; with pictures in var/looks/pictures
strain      the same of pages with texts that are too long, 40 pieces of evidence and 500 cities
measures    heights, weight, requests, what moves, and signing by keyboard alone
components  /dev/components/ beside the kept pictures; `accept` keeps what was seen last instead
html        the Nu checker on every page (needs npm and Java)
css         stylelint (needs npm)
lighthouse  four pages, on a phone, the median of five (needs npm)
"""

import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from playwright.sync_api import sync_playwright

from scripts.chromium import chromium
from scripts.looks import components, measures, node
from scripts.looks.own_demo import KEPT, OwnDemo, own_demo
from scripts.looks.pages import CHECKS, launch_browser, look_at_all
from scripts.looks.table import Row, counted, report

LANGUAGES = ("en", "uk")
STATES, STRAIN = ("demo.states", "in_every_state"), ("demo.strain", "strained")
PARTS = ("pages", "strain", "measures", "components", "html", "css", "lighthouse")
PICTURES = KEPT / "pictures"
ROOT_PAGES = ("home", "campaign", "city", "tracker")


def look(demo: OwnDemo, pages: dict[str, str], title: str, with_steps: bool) -> list[Row]:
    """In both languages side by side."""
    folder = PICTURES / title
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ProcessPoolExecutor(len(LANGUAGES), mp_context=get_context("spawn")) as pool:
        going = [
            pool.submit(look_at_all, demo.address, language, pages, with_steps, str(folder))
            for language in LANGUAGES
        ]
        found = [each.result() for each in going]
    seen = sum(number for number, _faults in found)
    return [
        counted(
            f"{title}: {check}",
            seen,
            [one for _n, faults in found for one in faults.get(check, [])],
        )
        for check in CHECKS
    ]


def measure(demo: OwnDemo, states: dict[str, str]) -> list[Row]:
    every = demo.ask("demo.states", "city_addresses")
    cities = [each.format(language) for language in LANGUAGES for each in every["all"]]
    is_open = {each.format(language) for language in LANGUAGES for each in every["open"]}

    def named(*names: str) -> list[str]:
        return [states[name].format(language) for language in LANGUAGES for name in names]

    with sync_playwright() as playwright:
        browser = launch_browser(playwright)
        rows = measures.heights(browser, demo.address, cities, is_open)
        rows += measures.weights(browser, demo.address, named("city", "city with evidence"))
        rows.append(measures.shifts(browser, demo.address, named(*ROOT_PAGES)))
        rows += measures.keyboard(browser, demo.address, named(*ROOT_PAGES, "own", "my signatures"))
        for city in named("city"):
            rows += measures.journey(browser, demo.address, city)
            rows.append(measures.refused(browser, demo.address, city))
        browser.close()
    return rows


def compare(demo: OwnDemo) -> list[Row]:
    with sync_playwright() as playwright:
        browser = launch_browser(playwright)
        rows = components.compare(browser, demo.address, KEPT / "components")
        browser.close()
    return rows


def addresses(demo: OwnDemo, pages: dict[str, str]) -> dict[str, str]:
    return {
        f"{name}, {language}": demo.address + page.format(language)
        for name, page in pages.items()
        for language in LANGUAGES
    }


def try_parts(wanted: set[str]) -> list[Row]:
    rows: list[Row] = []
    if wanted & {"pages", "measures", "components", "html", "lighthouse"}:
        with own_demo(STATES) as (demo, states):
            if "pages" in wanted:
                rows += look(demo, states, "pages", with_steps=True)
            if "measures" in wanted:
                rows += measure(demo, states)
            if "components" in wanted:
                rows += compare(demo)
            if "html" in wanted:
                rows.append(node.nu(addresses(demo, states)))
            if "lighthouse" in wanted:
                four = [demo.address + states[name].format("en") for name in ROOT_PAGES]
                rows += node.lighthouse(four, chromium())
    if "strain" in wanted:
        with own_demo(STRAIN) as (demo, pages):
            rows += look(demo, pages, "strain", with_steps=False)
    if "css" in wanted:
        rows.append(node.stylelint())
    return rows


def main() -> None:
    wanted = set(sys.argv[1:]) or set(PARTS)
    if wanted == {"accept"}:
        components.accept(KEPT / "components")
        return
    if unknown := wanted - set(PARTS):
        sys.exit(f"No such part: {', '.join(sorted(unknown))}. There are {', '.join(PARTS)}.")
    chromium()
    rows = try_parts(wanted)
    (KEPT / "report.txt").write_text(report(rows))
    print(report(rows, most=12))
    if any(row.faults for row in rows):
        sys.exit("Not everything holds; what does not stands above.")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
