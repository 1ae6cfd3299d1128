"""What people may write that is too long, too many or of another script, put into the demo.

It is written past the editor's forms: whatever gets into a page, it may not break it.
"""

import json
import uuid
from io import BytesIO, StringIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image as Drawing

from campaigns.models import CampaignPage, CityName, PetitionPage
from demo import load
from demo.states import SPRINGFIELD, launch, shown
from library.models import Image
from security.progress import Progress
from signatures.models import Tally

CITIES = 500
LONG_CITY = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch on"
LONG_TITLE = "Words " * 22 + "W" * 68
WORD = "W" * 500
ADDRESS = "https://news.example/" + "a" * 107
NAMES = ("W" * 100, "محمد عبد الله بن عبد الرحمن", "Олена " + "Щ" * 90)
COMMENTS = (WORD, "هذا تعليق باللغة العربية، وفيه جملة ثانية.", f"See {ADDRESS}")
COUNTS = (0, 1, 999_999, 12_345_678)


def strained(cities: int = CITIES) -> dict[str, str]:
    """By its name, the address of each page that is under strain, with `{}` for the language."""
    campaign = CampaignPage.objects.get(locale__language_code="en")
    for city in ("Longville", "Plainville"):
        launch(campaign, city, "Oregon", "Irkutsk", SPRINGFIELD)
    _lengthen("longville-oregon")
    if campaign.petition is None:
        raise RuntimeError("the campaign has no petition")
    load.add_cities(campaign.petition, cities, Progress(0, StringIO()))
    below = f"/{{}}/{campaign.slug}/"
    return {
        "home of many": "/{}/",
        "search of many": "/{}/?q=town",
        "long search": "/{}/?q=" + "W" * 100,
        "campaign of many": below,
        "tracker of many": f"{below}cities/",
        "long city": f"{below}longville-oregon/",
        "no evidence": f"{below}plainville-oregon/",
    }


def _lengthen(slug: str) -> None:
    pages = PetitionPage.objects.filter(slug=slug)
    petition = pages[0].petition
    if petition.tie is None:
        raise RuntimeError("the city has no tie")
    # Before the words change that they sign.
    for number, (name, comment) in enumerate(zip(NAMES, COMMENTS, strict=True)):
        shown(pages[0], f"{number}@example.org", name=name, comment=comment)
    CityName.objects.filter(city=petition.tie.city).update(
        name=LONG_CITY, of_form=LONG_CITY, in_form=LONG_CITY, with_form=LONG_CITY
    )
    for page in pages.select_related("locale"):
        PetitionPage.objects.filter(pk=page.pk).update(body=json.dumps(body(page.language)))
    Tally.objects.update_or_create(petition=petition, defaults={"signatures": COUNTS[-1]})
    CampaignPage.objects.update(
        title=LONG_TITLE, extra_questions=json.dumps(questions()), city_heading=LONG_TITLE
    )


def questions() -> list[dict[str, Any]]:
    options = [option(f"{WORD[:80]} {number}", f"o{number}") for number in range(30)]
    value = {"label": "W" * 150, "help_text": WORD[:300], "is_required": True, "key": "many"}
    return [block("choice", {**value, "options": options})]


def option(label: str, key: str) -> dict[str, Any]:
    return block("item", {"label": label, "key": key})


def body(language: str) -> list[dict[str, Any]]:
    return [
        block("text", f"<h2>{LONG_TITLE}</h2><p>{WORD}</p><p>{ADDRESS}</p>"),
        block("picture", {"image": {"image": tall_image().pk, "alt_text": "A tower"}}),
        block("reason", {"heading": LONG_TITLE[:160], "text": f"<p>{WORD}</p>"}),
        block("quote", {"words": WORD, "speaker": NAMES[1], "role": "W" * 160}),
        block("call_to_action", {"heading": "W" * 160, "text": WORD, "button": "W" * 60}),
        *(evidence(number, language) for number in range(40)),
    ]


def evidence(number: int, language: str) -> dict[str, Any]:
    source = {"title": "W" * 300, "publisher": "M" * 200, "language": language, "address": ADDRESS}
    value = {
        "heading": f"{number} {'W' * 150}",
        "what_happened": f"<p>{ADDRESS}</p>",
        "when": "W" * 120,
        "content_warning": "W" * 160 if number % 2 else "",
        "sources": [block("item", source)],
    }
    return block("evidence", value)


def block(kind: str, value: object) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid.uuid4()), "value": value}


def tall_image() -> Image:
    out = BytesIO()
    Drawing.new("RGB", (600, 3000), "#5a728c").save(out, "PNG")
    file = ContentFile(out.getvalue(), "tall.png")
    made: Image = Image.objects.create(title="Tall", file=file, description="A tower")
    return made
