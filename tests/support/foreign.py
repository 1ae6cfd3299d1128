"""Finds words of another language than the one that a page says it is in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Comment, Doctype, Tag
from bs4.element import NavigableString

# Read aloud or shown like any text.
ATTRIBUTES = ("alt", "aria-label", "placeholder", "title", "label")
META = ("description", "og:title", "og:description", "og:site_name")
# Written in Latin letters in every language, on purpose.
NAMES = {
    *("Facebook", "X", "WhatsApp", "Telegram", "Bluesky", "LinkedIn", "Viber", "Threads"),
    # What the site calls itself where a language has no home page.
    "Pidpys",
    # Of a radio station, told in a sentence, where rich text knows no `lang`.
    "KRLD",
    # A license by its own name, with its number.
    "CC",
    # Time zones as programs write them.
    "UTC",
    # Publishers, told in a page's description, which knows no `lang`.
    *("Babel", "LB", "OHCHR", "Post", "RFE", "RL", "The", "Washington", "ua"),
    # Of rules and programs, told in rich text.
    *("AA", "Chromium", "WCAG", "axe"),
    # Of two techniques, as browsers call them in Ukrainian, too.
    *("RSS", "cookie"),
}
ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ-][^\W\d_]+)*")
LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
CYRILLIC = re.compile(r"[Ѐ-ӿ]")


@dataclass(frozen=True)
class Text:
    """A piece of text, the language it is said to be in, and where it stands."""

    words: str
    language: str
    place: str


def texts(html: str) -> Iterator[Text]:
    document = BeautifulSoup(html, "html.parser")
    for node in document.find_all(string=True):
        if isinstance(node, Comment | Doctype) or not node.strip() or node.parent is None:
            continue
        if node.parent.name not in ("script", "style"):
            yield Text(str(node).strip(), language_at(node), node.parent.name)
    for tag in document.find_all(True):
        for name in ATTRIBUTES:
            if value := str(tag.get(name, "")):
                yield Text(value, language_at(tag), f"{tag.name}[{name}]")
        is_meta = tag.name == "meta" and (tag.get("name") or tag.get("property")) in META
        if is_meta:
            yield Text(str(tag["content"]), language_at(tag), "meta")


def language_at(node: NavigableString | Tag) -> str:
    holder = (
        node if isinstance(node, Tag) and node.has_attr("lang") else node.find_parent(lang=True)
    )
    return str(holder["lang"]) if holder else "nothing"


def is_foreign(word: str, language: str) -> bool:
    """Whether a word is not in the letters of a language, or in those of two."""
    latin, cyrillic = bool(LATIN.search(word)), bool(CYRILLIC.search(word))
    if not language:
        return False
    return (latin and word not in NAMES) if language == "uk" else cyrillic or not language


def foreign_texts(html: str) -> list[Text]:
    """Those with a word in it that is not in the language that they are said to be in."""
    return [
        text
        for text in texts(html)
        if text.language == "nothing"
        or any(
            is_foreign(word, text.language) for word in WORD.findall(ADDRESS.sub("", text.words))
        )
    ]


def complaints(found: dict[str, list[Text]]) -> str:
    """Each text once, with the first page that it stands on."""
    first = {text: here for here, several in reversed(found.items()) for text in several}
    return "\n".join(f"{here}: {text}" for text, here in first.items())


def assert_all_in_their_language(html_of: dict[str, str], language: str) -> None:
    for here, html in html_of.items():
        assert f'<html lang="{language}"' in html, here
    found = {here: foreign_texts(html) for here, html in html_of.items()}
    assert not any(found.values()), complaints(found)
