"""Blocks that are known by their keys."""

import json
from typing import Any

from home.models import ContentPage
from tests.support.factories import publish

FIRST, SECOND, THIRD = (f"{number}0000000-0000-4000-8000-000000000000" for number in (1, 2, 3))


def text(block_id: str, *paragraphs: str) -> dict[str, Any]:
    value = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return {"type": "text", "id": block_id, "value": value}


def set_body(page: ContentPage, *blocks: dict[str, Any]) -> ContentPage:
    page = type(page).objects.get(pk=page.pk)
    page.body = json.dumps(blocks)
    return publish(page)
