"""What a reader on a phone meets: heights, weight, what moves, and the way by keyboard alone."""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from PIL import Image
from playwright.sync_api import Browser, Error, Page

from scripts.looks import signing, table
from scripts.looks.pages import SCHEMES
from scripts.looks.table import Row

PHONES = ((360, 560), (360, 640))
BUTTON_ABOVE, FORM_WITHIN, PAGE_WITHIN = 560, 640, 6000
KILOBYTES, REQUESTS, SCRIPT_KILOBYTES, TAPS, CONTRAST = 60, 8, 6, 10, 3
FIRST_BUTTON = ".button--sign"
# From the form's upper edge to the lower edge of its button.
FORM_HEIGHT = """() => {
  const form = document.querySelector("form.sign-form");
  const button = [...form.querySelectorAll("button[type=submit]")].pop();
  return button.getBoundingClientRect().bottom - form.getBoundingClientRect().top;
}"""
SHIFTS = """window.shifted = 0;
new PerformanceObserver(list => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifted += each.value;
}).observe({ type: "layout-shift", buffered: true });"""
FOCUSED = """() => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  const boxes = [...each.getClientRects()].filter(box => box.width && box.height);
  if (!boxes.length) return null;
  const name = each.id ? "#" + each.id : "." + (each.getAttribute("class") || "").split(" ")[0];
  const words = (each.innerText || each.name || "").trim().slice(0, 30);
  const middle = boxes[0];
  const on = document.elementFromPoint(middle.x + middle.width / 2, middle.y + middle.height / 2);
  return {
    name: `${each.tagName.toLowerCase()}${name} ${words}`,
    around: boxes.reduce((sum, box) => sum + 2 * (box.width + box.height), 0),
    left: Math.min(...boxes.map(box => box.x)), top: Math.min(...boxes.map(box => box.y)),
    right: Math.max(...boxes.map(box => box.right)),
    bottom: Math.max(...boxes.map(box => box.bottom)),
    isCovered: Boolean(on) && !each.contains(on) && !on.contains(each)
      && !(each.labels && [...each.labels].some(label => label.contains(on))),
  };
}"""
MOST_STOPS = 150
Color = tuple[int, int, int]


def heights(browser: Browser, site: str, cities: list[str], is_open: set[str]) -> list[Row]:
    """Of each city page of the demo, in each language."""
    buttons: dict[str, float] = {}
    forms: dict[str, float] = {}
    pages: dict[str, float] = {}
    page = browser.new_context(base_url=site).new_page()
    for address in cities:
        page.set_viewport_size({"width": 360, "height": 640})
        page.goto(address)
        pages[address] = page.evaluate("document.documentElement.scrollHeight")
        if address not in is_open:
            continue
        forms[address] = round(page.evaluate(FORM_HEIGHT))
        for width, height in PHONES:
            page.set_viewport_size({"width": width, "height": height})
            box = page.locator(FIRST_BUTTON).first.bounding_box()
            name = f"{address}, {width} × {height}"
            buttons[name] = round(box["y"] + box["height"]) if box else 99_999
    page.context.close()
    return [
        table.at_most("first button's lower edge", BUTTON_ABOVE, "px", buttons),
        table.at_most("form with its button at 360 px", FORM_WITHIN, "px", forms),
        table.at_most("city page at 360 px", PAGE_WITHIN, "px", pages),
    ]


@dataclass
class Weight:
    """What came over the wire, headers included."""

    requests: int = 0
    by_kind: dict[str, float] = field(default_factory=dict)

    @property
    def without_photographs(self) -> float:
        return sum(size for kind, size in self.by_kind.items() if kind != "Image")


def weigh(browser: Browser, site: str, address: str) -> Weight:
    context = browser.new_context(base_url=site, viewport={"width": 360, "height": 740})
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    kinds: dict[str, str] = {}
    weight = Weight()

    def note(event: dict[str, object]) -> None:
        kinds[str(event["requestId"])] = str(event["type"])

    def add(event: dict[str, object]) -> None:
        kind = kinds.get(str(event["requestId"]), "Other")
        size = float(str(event["encodedDataLength"])) / 1000
        weight.by_kind[kind] = weight.by_kind.get(kind, 0) + size
        weight.requests += kind != "Image"

    client.on("Network.responseReceived", note)
    client.on("Network.loadingFinished", add)
    page.goto(address, wait_until="networkidle")
    context.close()
    return weight


def weights(browser: Browser, site: str, addresses: list[str]) -> list[Row]:
    found = {address: weigh(browser, site, address) for address in addresses}
    rounded = {name: round(each.without_photographs, 1) for name, each in found.items()}
    scripts = {name: round(each.by_kind.get("Script", 0), 1) for name, each in found.items()}
    requests: dict[str, float] = {name: each.requests for name, each in found.items()}
    return [
        table.at_most("weight, cold, without photographs", KILOBYTES, "kB", rounded),
        table.at_most("requests, without photographs", REQUESTS, "requests", requests),
        table.at_most("script", SCRIPT_KILOBYTES, "kB", scripts),
    ]


def shifts(browser: Browser, site: str, addresses: list[str]) -> Row:
    """While a page loads, and while somebody scrolls to its end."""
    found: dict[str, float] = {}
    for width in (360, 1440):
        context = browser.new_context(base_url=site, viewport={"width": width, "height": 740})
        context.add_init_script(SHIFTS)
        page = context.new_page()
        for address in addresses:
            page.goto(address, wait_until="load")
            for _step in range(12):
                page.mouse.wheel(0, 700)
                page.wait_for_timeout(50)
            found[f"{address}, {width} px"] = round(page.evaluate("window.shifted"), 4)
        context.close()
    return table.at_most("layout shift", 0, "", found)


def keyboard(browser: Browser, site: str, addresses: list[str]) -> list[Row]:
    """Where the focus stops, by Tab alone: whether one sees it, and whether something covers it."""
    contrasts: dict[str, float] = {}
    covered: list[str] = []
    stops = 0
    for scheme in SCHEMES:
        context = browser.new_context(
            base_url=site,
            viewport={"width": 390, "height": 740},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        page = context.new_page()
        for address in addresses:
            page.goto(address)
            seen: set[str] = set()
            for _number in range(MOST_STOPS):
                page.keyboard.press("Tab")
                stop = page.evaluate(FOCUSED)
                if stop is None:
                    break
                name = f"{address}, {scheme}: {stop['name']}"
                stops += 1
                if stop["isCovered"]:
                    covered.append(name)
                # Alike are seen alike: of each kind one is measured.
                kind = stop["name"].split(" ")[0]
                if kind not in seen:
                    seen.add(kind)
                    contrasts[name] = ring(page, stop)
        context.close()
    return [
        table.at_least("contrast of the focus", CONTRAST, ": 1", contrasts),
        table.counted("focus covered by something", stops, covered),
    ]


def ring(page: Page, stop: dict[str, float]) -> float:
    """The contrast that what changes with the focus has to what was there, where it is as large
    as a line around the element: WCAG 2.4.13 counts a line of 2 px, of which corners take some."""
    size = page.viewport_size or {"width": 0, "height": 0}
    left, top = max(0, stop["left"] - 8), max(0, stop["top"] - 8)
    right, bottom = min(size["width"], stop["right"] + 8), min(size["height"], stop["bottom"] + 8)
    if right - left < 1 or bottom - top < 1:
        return 1.0
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}

    def picture() -> Image.Image:
        shot = page.screenshot(clip=clip)  # type: ignore[arg-type]
        return Image.open(io.BytesIO(shot)).convert("RGB")

    with_focus = picture()
    page.evaluate("window.focused = document.activeElement; window.focused.blur()")
    without = picture()
    page.evaluate("window.focused.focus({ focusVisible: true, preventScroll: true })")
    if with_focus.size != without.size:
        return 1.0
    both = Counter(zip(pixels(with_focus), pixels(without), strict=True))
    changed = sorted(
        ((contrast(one, other), number) for (one, other), number in both.items() if one != other),
        reverse=True,
    )
    line = int(min(stop["around"], 2 * (clip["width"] + clip["height"])) * 1.5)
    for ratio, number in changed:
        line -= number
        if line <= 0:
            return round(ratio, 2)
    return 1.0


def pixels(picture: Image.Image) -> Iterator[Color]:
    data = picture.tobytes()
    return zip(data[::3], data[1::3], data[2::3], strict=True)


def contrast(one: Color, other: Color) -> float:
    """As WCAG 2 computes it."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    parts = [part / 255 for part in color]
    light = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def journey(browser: Browser, site: str, city: str) -> list[Row]:
    """From the link to a confirmed signature by keyboard, and how many taps it takes."""
    context = browser.new_context(base_url=site, viewport={"width": 390, "height": 740})
    page = context.new_page()
    taps, faults = 0, []
    try:
        taps = sign_by_keys(page, city)
    except (Error, LostError, TimeoutError) as error:
        faults = [str(error).splitlines()[0]]
    context.close()
    return [
        Row(f"from {city} to confirmed by keyboard", "no mouse", "", faults),
        table.at_most("taps from the link to confirmed", TAPS, "taps", {city: taps}),
    ]


class LostError(Exception):
    """Tab does not lead there."""


def sign_by_keys(page: Page, city: str) -> int:
    """The taps that it would have taken on a phone."""
    page.goto(city)
    address = signing.fresh_address()
    steps = {"#sign-name": "Olena Shevchenko", "#sign-email": address}
    for selector, typed in steps.items():
        tab_to(page, selector)
        page.keyboard.type(typed)
    tab_to(page, "#sign-country")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#sign-consent")
    page.keyboard.press("Space")
    tab_to(page, signing.BUTTON)
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/**")
    check = page.url
    _link, code = signing.link_and_code(page, address)
    page.goto(check)
    confirm_by_keys(page, code)
    # The button that leads to the form, two fields, the country in two, the sentence, the button;
    # the mail, its link, and the button that confirms.
    return 1 + len(steps) + 2 + 1 + 1 + 3


def confirm_by_keys(page: Page, code: str) -> None:
    tab_to(page, "[name=code]")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm/**")
    tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_function("!location.pathname.endsWith('/confirm/')")


def tab_to(page: Page, selector: str) -> None:
    for _number in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", selector):
            return
    raise LostError(f"Tab does not lead to {selector}")


def refused(browser: Browser, site: str, city: str) -> Row:
    """What a screen reader is told after a refused post: the list of mistakes has the focus."""
    faults = []
    for with_script in (True, False):
        context = browser.new_context(base_url=site, java_script_enabled=with_script)
        page = context.new_page()
        page.goto(city)
        signing.send_nothing(page)
        page.keyboard.press("Tab")
        if not page.evaluate("() => Boolean(document.activeElement.closest('.error-summary'))"):
            where = page.evaluate("document.activeElement.outerHTML.slice(0, 80)")
            faults.append(f"{'with' if with_script else 'without'} scripts, Tab leads to {where}")
        context.close()
    return table.counted(f"refused form of {city}: the summary is first", 2, faults)
