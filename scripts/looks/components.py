"""The components as they are now beside the pictures of them that are kept.

Letters are drawn as blocks by a font of our own, and photographs as gray boxes: so the pictures
tell of sizes, places and colors, and are the same whatever fonts a machine has.
"""

import base64
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, PngImagePlugin
from playwright.sync_api import Browser

from scripts.looks import in_page, table
from scripts.looks.table import Row

HERE = Path(__file__).resolve().parent
BASELINE = HERE / "baseline"
FONT = base64.b64encode((HERE / "blocks.ttf").read_bytes()).decode()
PLAIN = f"""@font-face {{ font-family: Blocks; src: url(data:font/ttf;base64,{FONT}); }}
  *, *::before, *::after {{ font-family: Blocks !important; font-weight: 400 !important;
    font-style: normal !important; caret-color: transparent !important;
    transition: none !important; animation: none !important; }}
  img {{ filter: brightness(0) invert(.5); }}"""
COMPONENT = "[data-component]"
# Half a pixel above one of them draws all below it otherwise.
WHOLE_PIXELS = """all => document.querySelectorAll(all).forEach(each => {
  const { top } = each.getBoundingClientRect();
  Object.assign(each.style, { position: "relative", top: `${Math.ceil(top) - top}px` });
})"""
COLORS = 32
# All components together have more: no color of a status may become that of another.
SHEET_COLORS = 256
# So far may a color be off, and so many of a component's pixels, before it counts as changed.
FAINT, FEW = 40, 0.003


@dataclass(frozen=True)
class Variant:
    language: str
    width: int
    scheme: str

    @property
    def name(self) -> str:
        return f"{self.language}-{self.width}-{self.scheme}"


# Arabic stands for what is written from right to left.
VARIANTS = [
    *(Variant(language, width, "light") for language in ("en", "uk") for width in (390, 1440)),
    Variant("en", 390, "dark"),
    Variant("ar", 390, "light"),
]
Pictures = dict[str, Image.Image]


def pictures(browser: Browser, site: str, variant: Variant) -> Pictures:
    """Of every component, by its name."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": variant.width, "height": 900},
        color_scheme=variant.scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(f"/dev/components/?language={variant.language}")
    page.evaluate(in_page.ADD_SHEET, PLAIN)
    page.evaluate("document.fonts.load('16px Blocks').then(() => document.fonts.ready)")
    page.evaluate(WHOLE_PIXELS, COMPONENT)
    found = {}
    for place in page.locator(COMPONENT).all():
        if not place.is_visible():
            # A picture's block without a picture is nothing.
            continue
        name = place.get_attribute("data-component") or ""
        shot = Image.open(io.BytesIO(place.screenshot())).convert("RGB")
        found[name] = shot.quantize(COLORS, dither=Image.Dither.NONE)
    context.close()
    return found


def compare(browser: Browser, site: str, folder: Path) -> list[Row]:
    """Puts what it sees into a folder, from where it can be accepted."""
    faults: list[str] = []
    seen = 0
    shutil.rmtree(folder, ignore_errors=True)
    for variant in VARIANTS:
        now = pictures(browser, site, variant)
        seen += len(now)
        sheet = folder / "now" / f"{variant.name}.png"
        write_sheet(sheet, now)
        # In as few colors as what is kept.
        now = read_sheet(sheet)
        kept = read_sheet(BASELINE / f"{variant.name}.png")
        for name, change in changes(kept, now):
            faults.append(f"{variant.name}: {name} {change}")
            if name in kept and name in now:
                write_pair(folder / f"{variant.name}-{name}.png", kept[name], now[name])
    return [table.counted("components that look otherwise than kept", seen, faults)]


def changes(kept: Pictures, now: Pictures) -> Iterator[tuple[str, str]]:
    for name in sorted({*kept, *now}):
        if name not in now:
            yield name, "is gone"
        elif name not in kept:
            yield name, "is new"
        elif kept[name].size != now[name].size:
            was, has = ("{} × {}".format(*each[name].size) for each in (kept, now))
            yield name, f"was {was}, has {has}"
        elif (share := different(kept[name], now[name])) > FEW:
            yield name, f"differs in {share:.1%} of its pixels"


def different(one: Image.Image, other: Image.Image) -> float:
    apart = ImageChops.difference(one.convert("RGB"), other.convert("RGB"))
    red, green, blue = (
        band.point(lambda step: 255 if step > FAINT else 0) for band in apart.split()
    )
    either = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return either.histogram()[255] / (one.width * one.height)


def write_sheet(file: Path, found: Pictures) -> None:
    """All of them one below the other; where each stands is told in the file itself."""
    places: dict[str, Any] = {}
    bottom = 0
    for name, picture in found.items():
        places[name] = (0, bottom, picture.width, bottom + picture.height)
        bottom += picture.height
    sheet = Image.new("RGB", (max(each.width for each in found.values()), bottom), "white")
    for name, picture in found.items():
        sheet.paste(picture.convert("RGB"), places[name][:2])
    about = PngImagePlugin.PngInfo()
    about.add_text("places", json.dumps(places))
    file.parent.mkdir(parents=True, exist_ok=True)
    sheet.quantize(SHEET_COLORS, dither=Image.Dither.NONE).save(file, pnginfo=about, optimize=True)


def read_sheet(file: Path) -> Pictures:
    if not file.exists():
        return {}
    sheet = Image.open(file)
    places = json.loads(str(sheet.info["places"]))
    return {name: sheet.crop(tuple(place)) for name, place in places.items()}


def write_pair(file: Path, kept: Image.Image, now: Image.Image) -> None:
    """What was on the left, what is on the right."""
    pair = Image.new("RGB", (kept.width + now.width + 8, max(kept.height, now.height)), "red")
    pair.paste(kept.convert("RGB"), (0, 0))
    pair.paste(now.convert("RGB"), (kept.width + 8, 0))
    file.parent.mkdir(parents=True, exist_ok=True)
    pair.save(file)


def accept(folder: Path) -> None:
    """What was seen last is how it shall look from now on."""
    for file in (folder / "now").glob("*.png"):
        BASELINE.mkdir(exist_ok=True)
        shutil.copyfile(file, BASELINE / file.name)
