"""What /dev/components/ shows: each component and each block, in every state.

Components are found by themselves, in templates/components. A new one says here what it is shown
with; without that the page says that it lacks it, and a test fails.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from wagtail import blocks
from wagtail.blocks import Block

from campaigns.blocks.content import CampaignBlocks
from campaigns.blocks.form_questions import FormQuestionBlock, FormQuestions
from campaigns.models import Tie
from campaigns.pages.city_rows import ShownName
from campaigns.pages.parts import Part, PartLink
from cms.settings.environment import ROOT
from demo.strain import ADDRESS, COMMENTS, COUNTS, LONG_CITY, NAMES, WORD
from library.models import Image
from signatures.shown.moving import Progress, Shown
from signatures.shown.places import Residence
from signatures.templatetags.signatures import Moment

FOLDER = ROOT / "templates" / "components"
# They stand in a page's head, where there is nothing to see.
IN_HEAD = {"about_page.html", "alternates.html", "icons.html"}
INCLUDED = re.compile(r'include "components/(\w+\.html)"')
DAY = datetime.date(2026, 2, 24)
LANGUAGES = ("en", "uk", "ar")


@dataclass(frozen=True)
class Specimen:
    name: str
    html: str


def component_names() -> list[str]:
    """Of those that stand in pages by themselves, and not within another one."""
    files = sorted(FOLDER.glob("*.html"))
    within = {name for file in files for name in INCLUDED.findall(file.read_text())}
    return [file.name for file in files if file.name not in within | IN_HEAD]


def components(request: HttpRequest) -> list[Specimen]:
    return [
        Specimen(f"{name.removesuffix('.html')}-{number}", _rendered(name, context, request))
        for name, each in contexts().items()
        for number, context in enumerate(each, start=1)
    ]


def _rendered(name: str, context: dict[str, Any], request: HttpRequest) -> str:
    return render_to_string(f"components/{name}", context, request)


def lacking() -> list[str]:
    return sorted(set(component_names()) - set(contexts()))


def contexts() -> dict[str, list[dict[str, Any]]]:
    """What each component is shown with."""
    numbers = [(0, 200), (1, 200), (4698, 5000), (900, 800), (COUNTS[2], 1_000_000)]
    bars = [Progress(*pair, of_people=False) for pair in numbers]
    bars += [Progress(1, 200, of_people=True), Progress(COUNTS[3], 15_000_000, of_people=True)]
    bars.append(Progress(4698, 5000, of_people=False, is_going_on=False))
    parts = [{"part": part(number), "anchor": "#table"} for number in (1, 2, 3)]
    image = SimpleNamespace(
        credit="A photographer",
        credit_language="en",
        shown_license="CC BY 4.0",
        license_address="#",
    )
    menu = {
        "campaign": {"title": "To all mayors", "url": "#"},
        "contact": {"email": "campaign@example.org"},
    }
    searched = {"menu": menu, "query": WORD[:100]}
    return {
        "city_results.html": [
            {**searched, "part": part(2)},
            {**searched, "part": Part(1, 0, [], []), "found": {"rows": rows(), "are_alike": True}},
            {**searched, "part": Part(1, 0, [], [])},
        ],
        "city_search.html": [{"address": "#", "query": "Портленд"}],
        "credit.html": [{"image": image}],
        "cut_line.html": [{}],
        "figcaption.html": [
            {"image": image, "caption": "What the picture shows"},
            {"image": SimpleNamespace(credit=WORD[:200]), "caption": WORD[:200]},
        ],
        "languages.html": [{}],
        "part_told.html": parts[:1],
        "parts.html": parts,
        "parts_around.html": parts,
        "progress.html": [{"now": each} for each in bars],
        "tie_figure.html": list(ties()),
    }


def rows() -> list[Any]:
    """Cities of a list, one of each status and one that acted."""
    statuses = [*Tie.Status, Tie.Status.ACTIVE]
    names = ["Albany", "Chicago", "Dallas", "Duluth", LONG_CITY]
    return [
        SimpleNamespace(
            url="#",
            city_name=city(name, "Oregon"),
            sister_city_name=city("Хабаровськ", "", "uk"),
            status=status,
            is_won=name == LONG_CITY,
        )
        for name, status in zip(names, statuses, strict=True)
    ]


def part(number: int) -> Part:
    ends = [("Albany", "Denver"), ("Duluth", "Norfolk"), (LONG_CITY, "Tacoma")]
    names = [tuple(ShownName(name, "", "en", name) for name in pair) for pair in ends]
    links = [
        PartLink(each, f"?p={each}", each * 100 - 99, each * 100, pair)
        for each, pair in enumerate(names, start=1)
    ]
    return Part(number, 300, rows(), links)


def city(name: str, region: str, language: str = "en") -> ShownName:
    return ShownName(name, region, language, name)


def ties() -> Iterator[dict[str, Any]]:
    portland, khabarovsk = city("Portland", "Oregon"), city("Хабаровськ", "Хабаровський край", "uk")
    pairs = [(portland, khabarovsk, 1988)] * 4 + [(portland, khabarovsk, None)]
    pairs += [(city(LONG_CITY, "Oregon"), city(NAMES[1], "", "ar"), 1990)]
    statuses = [*Tie.Status, Tie.Status.ACTIVE, Tie.Status.SUSPENDED]
    for (one, other, since), status in zip(pairs, statuses, strict=True):
        for is_small in (False, True):
            yield {
                "city": one,
                "sister": other,
                "status": status,
                "since": since,
                "small": is_small,
            }


def all_blocks() -> Iterator[tuple[str, Block]]:
    """Each kind once, those within others too, of which a reader sees something of their own."""
    seen: set[type[Block]] = set()
    waiting = [("", stream) for stream in (CampaignBlocks(), FormQuestions())]
    while waiting:
        name, block = waiting.pop(0)
        waiting += list(getattr(block, "child_blocks", {}).items())
        template = str(getattr(block.meta, "template", ""))
        if isinstance(block, blocks.ListBlock):
            child = block.child_block
            waiting.append((Path(str(getattr(child.meta, "template", ""))).stem, child))
        if template.startswith("campaigns/") and type(block) not in seen:
            seen.add(type(block))
            yield (f"{name}-question" if is_asked(block) else name), block


def is_asked(block: Block) -> bool:
    return isinstance(block, FormQuestionBlock)


def block_specimens() -> list[Specimen]:
    """With the value that its preview shows, and with more."""
    found = []
    for name, block in all_blocks():
        more = [block.to_python({**block.meta.preview_value, **each}) for each in variants(name)]
        for number, value in enumerate([block.get_preview_value(), *more], start=1):
            html = block.render(value, {"form_page": ""})
            found.append(Specimen(f"{name}-{number}", html))
    return found


def variants(name: str) -> list[dict[str, Any]]:
    """What a kind of block is shown with beside its preview."""
    source = {
        "title": "Звіт про вбивства",
        "meaning": "A report on killings",
        "publisher": "УВКПЛ",
        "language": "uk",
        "date": "2022-06",
        "address": "https://reports.example/1",
        "archived_copy": "https://archive.example/1",
    }
    long_source = {
        "title": WORD[:300],
        "publisher": WORD[:200],
        "language": "en",
        "address": ADDRESS,
    }
    correction = {"date": DAY.isoformat(), "wrong": "440 people", "right": "441 people"}
    options = [{"label": f"Answer {number}", "key": f"o{number}"} for number in range(1, 31)]
    image = Image.objects.order_by("pk").first()
    picture = {"image": {"image": image and image.pk, "alt_text": "A picture", "decorative": False}}
    known: dict[str, list[dict[str, Any]]] = {
        "evidence": [
            {"content_warning": "Describes killings", "sources": [source, source]},
            {"corrections": [correction], **(picture if image else {})},
            {"heading": WORD[:160], "what_happened": f"<p>{WORD}</p>", "sources": [long_source]},
        ],
        "source": [source, long_source],
        "picture": [picture] if image else [],
        "quote": [
            {
                "date": DAY.isoformat(),
                "original_language": "uk",
                "original_words": "Не відвертайтеся.",
                "translator": "A translator",
            },
            {"words": WORD, "speaker": NAMES[1], "role": WORD[:160]},
            {"portrait": image and image.pk},
        ],
        "call_to_action": [
            {"heading": WORD[:160], "text": "A sentence more.", "button": WORD[:60]}
        ],
        "reason": [{"heading": WORD[:160], "text": f"<p>{ADDRESS}</p>"}],
        "choice-question": [{"options": options}],
    }
    return known.get(name, [])


OPENS = Moment("24 February 2026", "9:00", "UTC")


def people() -> list[Specimen]:
    """Names, comments and places, as a city's page shows them."""
    plain = [("Olena Shevchenko", "en"), ("Олена Шевченко", "uk"), (NAMES[1], "ar")]
    names = plain + [(name, "en") for name in (NAMES[0], NAMES[2])] + plain
    signers = [Shown(name, "Ukraine", DAY, language) for name, language in names]
    comments = [Shown(plain[0][0], "Ukraine", DAY, "en", text) for text in ("Do it.", *COMMENTS)]
    residence = {"residence": Residence(1204, None, 88), "is_told": True, "signatures": 1292}
    given: dict[str, tuple[str, dict[str, Any]]] = {
        "signers": ("signatures/_signers.html", {"signers": signers, "comments": comments}),
        "places": (
            "signatures/_places.html",
            {**residence, "residents": "Say they live in Portland"},
        ),
    }
    return [
        Specimen(name, render_to_string(template, context))
        for name, (template, context) in given.items()
    ]
