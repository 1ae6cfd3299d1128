"""One spelling for texts that people take for the same: in searches, and in keys made of names.

Keyboards offer several apostrophes and dashes, editors paste blanks that show nothing, accents are
left out, and a letter may come from the wrong alphabet. й, ї, ґ and ё are letters of their own.
"""

import re
import unicodedata
from collections.abc import Iterable

APOSTROPHES = "'’‘‛ʼʻʹ′`´＇"
NO_APOSTROPHES = dict.fromkeys(map(ord, APOSTROPHES))
# Without these, readers of the languages would see another word.
KEPT_MARKS = {
    "и": "\u0306",
    "у": "\u0306",
    "і": "\u0308",
    "е": "\u0308",
    "г": "\u0301",
    "к": "\u0301",
}
# Where accents only help to pronounce, or are often left out.
PLAIN_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC")
LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"ß": "ss", "ς": "σ"}
)
CYRILLIC, LATIN = "авенікморстухѕј", "abehikmopctyxsj"
TO_LATIN, TO_CYRILLIC = str.maketrans(CYRILLIC, LATIN), str.maketrans(LATIN, CYRILLIC)
WORD = re.compile(r"[^\W\d_]+")


def fold(text: str) -> str:
    """A text without what people write now so, now otherwise; its words with one blank between."""
    # First, since some are a blank with an accent to Unicode.
    text = text.translate(NO_APOSTROPHES)
    text = unmixed(unicodedata.normalize("NFKC", text).casefold())
    letters = "".join(_folded(sign) for sign in _clusters(text))
    return " ".join(letters.translate(LETTERS).split())


def has_words(words: Iterable[str], text: str) -> bool:
    """Whether each word of a folded query stands in a text."""
    folded = fold(text)
    return all(word in folded for word in words)


def unmixed(text: str) -> str:
    """A text in which no letter only looks like one of the alphabet that its word is written in.

    A single letter, like an initial, is taken to be of the alphabet that most others are of.
    """
    is_cyrillic = _is_mostly_cyrillic(text)
    return (
        text
        if is_cyrillic is None
        else WORD.sub(lambda found: _in_one_alphabet(found[0], is_cyrillic), text)
    )


def _is_mostly_cyrillic(text: str) -> bool | None:
    """None where all letters are of one alphabet."""
    cyrillic = sum(map(_is_cyrillic, text))
    latin = sum(sign.isascii() and sign.isalpha() for sign in text)
    return cyrillic >= latin if cyrillic and latin else None


def _in_one_alphabet(word: str, is_cyrillic: bool) -> str:
    """The word, where all of it can be written in the alphabet; else it is of another one."""
    own = is_cyrillic if len(word) == 1 else _is_mostly_cyrillic(word)
    if own is None:
        return word
    table = TO_CYRILLIC if own else TO_LATIN
    written = "".join(
        sign.lower().translate(table).upper() if sign.isupper() else sign.translate(table)
        for sign in word
    )
    return word if len(word) > 1 and _is_mostly_cyrillic(written) is not None else written


def _is_cyrillic(sign: str) -> bool:
    return "Ѐ" <= sign <= "ӿ"


def _clusters(text: str) -> list[str]:
    """Each letter with the marks on it."""
    clusters: list[str] = []
    for sign in unicodedata.normalize("NFD", text):
        if clusters and unicodedata.category(sign) == "Mn":
            clusters[-1] += sign
        else:
            clusters.append(sign)
    return clusters


def _folded(cluster: str) -> str:
    letter, marks = cluster[0], cluster[1:]
    kind = unicodedata.category(letter)
    if letter in APOSTROPHES or kind == "Cf":
        return ""
    if kind[0] not in "LNM":
        return " "
    if marks and unicodedata.name(letter, "").startswith(PLAIN_SCRIPTS):
        marks = "".join(mark for mark in marks if KEPT_MARKS.get(letter) == mark)
    return unicodedata.normalize("NFC", letter + marks)
