"""Characters that nobody sees: they turn, split or hide the text around them.

A few of them are part of how people write: a joiner within Persian or Sinhala words (RFC 5892,
appendices A.1 and A.2), what holds an emoji together, which form of a Chinese character is meant.
Those stay, where they do that work.
"""

import re
import unicodedata

# Unicode's control, format and private characters and separators of lines, those that it lets be
# ignored or draws as nothing, halves of characters, and the mark of undecodable bytes.
UNSEEN = re.compile(
    "[\0-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\uf8ff"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U000110bd\U000110cd"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
LINES = frozenset("\t\r\n")
NON_JOINER, JOINER = "\u200c", "\u200d"
VIRAMA = 9


def holds_unseen(text: str, *, in_lines: bool = False) -> bool:
    """Whether a text holds such a character; a text of several lines may hold line breaks."""
    return any(
        not (in_lines and hit[0] in LINES) and not _is_needed(text, hit.start())
        for hit in UNSEEN.finditer(text)
    )


def _is_needed(text: str, at: int) -> bool:
    before, mark, after = text[at - 1 : at], text[at], text[at + 1 : at + 2]
    if not before:
        return False
    if "\ufe00" <= mark <= "\ufe0f":
        return _is_drawn(before) or _is_ideograph(before)
    if "\U000e0100" <= mark <= "\U000e01ef":
        return _is_ideograph(before)
    if mark in (NON_JOINER, JOINER) and unicodedata.combining(before) == VIRAMA:
        return True
    if mark == NON_JOINER:
        return _is_cursive(before) and _is_cursive(after)
    return mark == JOINER and _is_drawn(before) and _is_drawn(after)


def _is_drawn(character: str) -> bool:
    """Emoji and their modifiers; the signs from which keycaps are made."""
    return character in "#*0123456789\u203c\u2049\ufe0f" or unicodedata.category(character) in (
        "So",
        "Sk",
        "Sm",
    )


def _is_ideograph(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK ")


def _is_cursive(character: str) -> bool:
    return unicodedata.bidirectional(character or " ") in ("AL", "NSM")
