"""Every page in every state, in one language: what is wrong with it, and pictures of it."""

import io
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, sync_playwright

from scripts.chromium import ARGUMENTS, chromium
from scripts.looks import in_page, signing

# A busy machine takes its time.
PATIENCE = 60_000
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PICTURED = (360, 390, 1440)
# What a narrow phone and a wide screen show; 320 px are a window of 1280 at 400 %.
NARROW, WIDE = 320, 1440
CHECKS = (
    "scrolls sideways at 320 to 1920 px, 400 % zoom",
    "is cut or scrolls with 200 % text or wide spacing",
    "axe, light, 320 and 1440 px",
    "axe, dark, 320 and 1440 px",
    "loses its meaning in forced colors",
    "moves where less motion is wanted",
    "has less text without scripts",
    "has a script or a style inline",
    "answers otherwise than it should",
)
SIDEWAYS, LARGE, LIGHT, DARK, FORCED, MOTION, SCRIPTLESS, INLINE, ANSWERS = CHECKS
# What no file or no signature is there for.
MISSING = ("404", "no such signature")
Faults = dict[str, list[str]]


def launch_browser(playwright: object) -> Browser:
    found: Browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)  # type: ignore[attr-defined]
    return found


def look_at_all(
    site: str, language: str, pages: dict[str, str], with_steps: bool, folder: str
) -> tuple[int, Faults]:
    """How many pages there were, and by each check what it found."""
    faults: Faults = defaultdict(list)
    with sync_playwright() as playwright:
        browser = launch_browser(playwright)
        looks = Looks(browser, site, language, Path(folder), faults)
        for name, address in pages.items():
            looks.open(name, address.format(language))
        if with_steps:
            looks.step_through(pages["city"].format(language))
        browser.close()
    return looks.seen, dict(faults)


class Looks:
    def __init__(
        self, browser: Browser, site: str, language: str, folder: Path, faults: Faults
    ) -> None:
        self.language, self.folder, self.faults, self.seen = language, folder, faults, 0
        self.page = self._context(browser, site).new_page()
        scriptless = self._context(browser, site, java_script_enabled=False)
        self.scriptless = scriptless.new_page()

    def _context(self, browser: Browser, site: str, **options: bool) -> BrowserContext:
        context = browser.new_context(base_url=site, locale=self.language, **options)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        return context

    def open(self, name: str, address: str) -> None:
        answer = self.page.goto(address)
        is_missing = name in MISSING
        if answer is None or (answer.status == 200) is is_missing:
            self._note(ANSWERS, name, [f"{answer and answer.status} at {address}"])
        self.scriptless.goto(address)
        if words(self.scriptless) != words(self.page):
            self._note(SCRIPTLESS, name, [address])
        self._note(INLINE, name, self.page.evaluate(in_page.INLINE))
        self.look(name)

    def step_through(self, city: str) -> None:
        """What is shown on the way, which no address shows."""
        steps: dict[str, Callable[[Page], None]] = {
            "refused": signing.send_nothing,
            "mistyped": signing.send_mistyped,
            "check": signing.send,
        }
        for name, step in steps.items():
            self.page.goto(city)
            try:
                step(self.page)
            except Error as error:
                self._note(ANSWERS, name, [str(error).splitlines()[0]])
                continue
            self.look(name)
        self.page.goto(signing.newest_mail(self.page) + "html/")
        self.look("mail")

    def _note(self, check: str, name: str, found: list[str]) -> None:
        self.faults[check] += [f"{name}, {self.language}: {each}" for each in found]

    def look(self, name: str) -> None:
        self.seen += 1
        page = self.page
        page.emulate_media(
            color_scheme="light", forced_colors="none", reduced_motion="no-preference"
        )
        self._note(SIDEWAYS, name, in_page.sideways(page))
        self._note(LARGE, name, in_page.with_large_text(page))
        for scheme, check in zip(SCHEMES, (LIGHT, DARK), strict=True):
            page.emulate_media(color_scheme=scheme)
            found: list[str] = []
            for width in (NARROW, WIDE):
                page.set_viewport_size({"width": width, "height": 800})
                found += [each for each in in_page.axe(page) if each not in found]
            self._note(check, name, found)
            self._picture(name, scheme)
        page.emulate_media(color_scheme="light", forced_colors="active")
        self._note(FORCED, name, without_meaning(page))
        page.emulate_media(forced_colors="none", reduced_motion="reduce")
        self._note(MOTION, name, page.evaluate(in_page.MOVING)[:3])

    def _picture(self, name: str, scheme: str) -> None:
        for width in PICTURED:
            self.page.set_viewport_size({"width": width, "height": 800})
            file = f"{name.replace(' ', '-')}-{self.language}-{width}-{scheme}.png"
            self.page.screenshot(path=self.folder / file, full_page=True)


def words(page: Page) -> str:
    return page.locator("main").inner_text()


def without_meaning(page: Page) -> list[str]:
    """Bars without a filled part, and fills of the map that look alike."""
    faults = []
    for bar in page.locator("progress").all():
        part = bar.evaluate("each => each.position")
        if bar.is_visible() and 0.05 < part < 0.95 and len(colors_of(bar)) < 2:
            faults.append("a bar of one color")
    by_looks = defaultdict(list)
    for fill in page.locator(".legend svg").all():
        by_looks[fill.screenshot()].append(fill.locator("xpath=..").inner_text())
    faults += [f"alike: {', '.join(alike)}" for alike in by_looks.values() if len(alike) > 1]
    return faults


def colors_of(place: Locator) -> set[object]:
    """Those that more than a hundredth of a place has."""
    picture = Image.open(io.BytesIO(place.screenshot())).convert("RGB")
    least = picture.width * picture.height / 100
    return {color for number, color in picture.getcolors(1 << 24) or [] if number > least}
