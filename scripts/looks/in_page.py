"""What is asked of a page in the browser."""

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDTHS = (320, 360, 390, 768, 1440, 1920)
# What reaches out of the window, but for what scrolls in a box of its own or hides outside.
REACHING = """() => [...document.querySelectorAll("body *")]
  .filter(each => !each.closest(".table-scroll, .skip-link, .honeypot, svg"))
  .filter(each => {
    const box = each.getBoundingClientRect();
    return box.right > document.documentElement.clientWidth + 1 || box.left < -1;
  })
  .map(each => `${each.tagName}.${each.className}: ${each.getBoundingClientRect().right}`)"""
SCROLLS = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
# Texts that a box without room cuts off.
CUT = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter(each => /hidden|clip/.test(getComputedStyle(each).overflowY) && each.innerText)
  .filter(each => each.scrollHeight > each.clientHeight + 2 && each.clientHeight > 1)
  .map(each => `${each.tagName}.${each.className}`)"""
# What WCAG 1.4.12 lets a reader set.
SPACED = """p, li, dd, dt, a, h1, h2, h3, label, button, td, th { line-height: 1.5 !important;
  letter-spacing: .12em !important; word-spacing: .16em !important; }
  p { margin-block-end: 2em !important; }"""
ADD_SHEET = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter(each => {
    const style = getComputedStyle(each);
    const long = text => text.split(",").some(part => parseFloat(part) > 0.01);
    return long(style.transitionDuration) || long(style.animationDuration)
      || style.scrollBehavior === "smooth";
  }).map(each => `${each.tagName}.${each.className}`)"""
INLINE = """() => [...document.querySelectorAll("script:not([src]), style, [style], [onclick]")]
  .filter(each => each.type !== "application/ld+json").map(each => each.outerHTML.slice(0, 80))"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
RUN_AXE = f"""() => axe.run({json.dumps(AXE)}).then(found => found.violations.map(
  each => [each.id, each.nodes.map(node => node.target.join(" ")).slice(0, 3)]))"""


def axe(page: Page) -> list[str]:
    """Each rule that does not hold, with the first places where."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    found: list[Any] = page.evaluate(RUN_AXE)
    return [f"{rule}: {' | '.join(places)}" for rule, places in found]


def sideways(page: Page) -> list[str]:
    """What is too wide at one of the widths."""
    faults = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate(SCROLLS):
            faults.append(f"{width} px: {' '.join(page.evaluate(REACHING)[:3])}")
    return faults


def with_large_text(page: Page) -> list[str]:
    """At twice the size, and with the spaces that WCAG lets readers set."""
    faults = []
    settings = {"200 %": "html { font-size: 200% !important }", "spaced": SPACED}
    for name, css in settings.items():
        page.evaluate(ADD_SHEET, css)
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate(SCROLLS):
                faults.append(f"{name}, {width} px: {' '.join(page.evaluate(REACHING)[:3])}")
            faults += [f"{name}, {width} px: cuts {each}" for each in page.evaluate(CUT)[:3]]
    page.evaluate(ADD_SHEET, "")
    return faults
