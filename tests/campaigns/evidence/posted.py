"""Claims as the editor of a page posts them."""

from typing import Any

from wagtail.test.utils.form_data import rich_text


def claim_posted(sources: list[dict[str, str]]) -> dict[str, Any]:
    """What the editor posts of an evidence block."""
    return {
        "heading": "A claim",
        "what_happened": rich_text("<p>It happened.</p>"),
        "when": "",
        "city": "",
        "content_warning": "",
        "image": {"image": "", "alt_text": "", "decorative": ""},
        "sources": listed(sources),
        "review_on": "",
        "corrections": listed([]),
    }


def listed(items: list[Any]) -> dict[str, Any]:
    item = {"deleted": "", "type": "item", "id": ""}
    numbered = {
        str(number): {**item, "order": str(number), "value": value}
        for number, value in enumerate(items)
    }
    return {"count": str(len(items)), **numbered}
