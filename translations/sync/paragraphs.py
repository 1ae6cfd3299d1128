"""A rich text in another language, brought in line with its source paragraph by paragraph."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher

from bs4 import BeautifulSoup, Tag
from wagtail_localize.strings import StringValue, extract_strings

Attributes = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Paragraph:
    """A text as wagtail-localize takes it out of its markup, and the addresses of its links."""

    text: str
    links: Attributes = field(default_factory=dict)


@dataclass
class Translated:
    """A paragraph that stands in the translation, and what it translates, as far as known."""

    own: Paragraph
    source: Paragraph | None


def merged(source: str, own: str, before: list[Paragraph], known: dict[str, str]) -> str:
    """The source's paragraphs in the translation's words.

    One that is gone goes, one that was changed keeps its former translation, and a new one stays
    away. `before` is what the source said until now, `known` what stored translations translate.
    """
    template, found = extract_strings(source)
    new = [Paragraph(string.data, links) for string, links in found]
    rest = _translated(own, before, known)
    pairs = _same(new, rest)
    _changed(new, rest, pairs)
    return _filled(template, new, pairs)


def _translated(own: str, before: list[Paragraph], known: dict[str, str]) -> list[Translated]:
    texts = [Paragraph(string.data, links) for string, links in extract_strings(own)[1]]
    by_text = {paragraph.text: paragraph for paragraph in before}
    is_in_step = len(texts) == len(before)
    rows = []
    for number, text in enumerate(texts):
        source = before[number] if is_in_step else None
        if text.text in known:
            source = by_text.get(known[text.text], Paragraph(known[text.text]))
        rows.append(Translated(text, source))
    return rows


def _same(new: list[Paragraph], rest: list[Translated]) -> dict[int, Translated]:
    """Takes those out of the rest whose source is what it was, wherever it stands now."""
    pairs = {}
    for number, paragraph in enumerate(new):
        for row in rest:
            if row.source and row.source.text == paragraph.text:
                pairs[number] = row
                rest.remove(row)
                break
    return pairs


def _changed(new: list[Paragraph], rest: list[Translated], pairs: dict[int, Translated]) -> None:
    """Pairs what is left: one by one where nothing came or went, else the most alike."""
    waiting = [number for number in range(len(new)) if number not in pairs]
    if len(waiting) == len(rest):
        pairs.update(zip(waiting, rest, strict=True))
        return
    while waiting and rest:
        number, row = max(
            ((number, row) for number in waiting for row in rest),
            key=lambda pair: _likeness(new[pair[0]], pair[1].source),
        )
        pairs[number] = row
        waiting.remove(number)
        rest.remove(row)


def _likeness(one: Paragraph, other: Paragraph | None) -> float:
    return SequenceMatcher(None, one.text, other.text, False).ratio() if other else 0.0


def _filled(template: str, new: list[Paragraph], pairs: dict[int, Translated]) -> str:
    soup = BeautifulSoup(template, "html.parser")
    for place in soup.find_all("text"):
        number = int(str(place["position"]))
        if row := pairs.get(number):
            words = StringValue(row.own.text).render_soup(_links(new[number], row))
            place.replace_with(words)
        else:
            _leave_out(place)
    return str(soup)


def _leave_out(place: Tag) -> None:
    """Takes a place out of its markup, and what is empty without it."""
    parent = place.parent
    place.decompose()
    if parent and parent.parent and not parent.find("text") and not parent.get_text(strip=True):
        _leave_out(parent)


def _links(new: Paragraph, row: Translated) -> Attributes:
    """The translation's links, each led to where its source leads now."""
    links = dict(row.own.links or {})
    if row.source is None or row.source.text != new.text:
        return links
    moved = [
        (old, (new.links or {}).get(name))
        for name, old in (row.source.links or {}).items()
        if (new.links or {}).get(name) not in (None, old)
    ]
    for name, own in links.items():
        links[name] = next((now for old, now in moved if old == own and now), own)
    return links
