"""What a name may be. It is shown to everybody, so it must not be an advertisement."""

import itertools
import re
import unicodedata
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from signatures.mailboxes import public_suffixes

MARKUP = ("<", ">", "://")
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
MOST_DIGITS, MOST_LETTERS = 5, 40
MOST_ACCENTS, MOST_MARKS = 2, 4
# Marks of no alphabet in particular.
ACCENT = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")

# Behind a dot and a blank: endings of domains that are nobody's name, in capitals neither.
NO_SURNAMES = {*("com", "org", "net", "info", "biz", "edu", "gov", "xyz", "shop", "укр", "рф")}
# What stands between a name's parts and ends domains, too.
PARTICLES = {*("af", "al", "am", "an", "at", "da", "de", "di", "do", "el", "im", "in", "la", "zu")}
TITLES = {
    *("prof", "mrs", "rev", "hon", "gen", "col", "capt", "sgt", "maj", "sen", "rep", "gov", "bro"),
    *("ing", "mag", "dipl", "doc", "mgr", "inż", "sra", "srta", "mme", "mlle", "phdr", "judr"),
    *("mudr", "акад", "проф", "доц", "інж", "ген", "полк", "кап", "sis", "hrabia", "don", "dna"),
}
LONGEST_INITIAL, COUNTRY_CODE = 2, 2
PUNCTUATION = ".,;:!?()\"'«»“”„"

# A scheme is one of these, or any word that a colon joins to what follows.
SCHEME = re.compile(r"\b(?:https?|ftp|mailto|tel|sms)\s*:|[^\W\d_][\w+-]*:(?=\w|/)")
WORLD_WIDE_WEB = re.compile(r"\bwww\d*\s*\.")
# What is written, drawn or meant as a dot: those of domain names (RFC 3490, section 3.1), and
# those that look like it.
DOTS = re.compile(
    "[\u3002\uff0e\uff61\u2024·\u0701\u0702\u06d4\u2022\u2027\u2219\u22c5\u30fb\uff65\ua4f8]"
)
# A letter of Catalan: "Gal·la".
CATALAN = re.compile("(?<=l)·(?=l)")
# A sign between two letters that is neither an ordinary one nor an apostrophe or hyphen.
BETWEEN_LETTERS = re.compile(r"(?<=\w)[^\w\s\x00-\x7f´‘’‛′＇‐‑‒–—−](?=\w)")


def refuse_what_is_no_name(name: str) -> None:
    """Raises: ValidationError, with one sentence that says what to write instead."""
    if any(mark in name for mark in MARKUP) or name.startswith(FORMULA_STARTS) or addresses(name):
        raise ValidationError(
            _("Please write a name only: no markup, no addresses and no formulas."), code="markup"
        )
    if marks(name):
        raise ValidationError(
            _("Many signs stand on one letter here. Please write your name with plain letters."),
            code="marks",
        )
    if domains(name) or spaced_domains(name):
        raise ValidationError(
            _("This looks like a web address. If it is your name, put a space after the dot."),
            code="domain",
        )
    if digits(name) > MOST_DIGITS:
        raise ValidationError(
            _("Please write your name without a number: this one has six digits or more."),
            code="digits",
        )
    if longest_word(name) > MOST_LETTERS:
        raise ValidationError(
            _(
                "More than 40 letters stand together here. "
                "Please put spaces between the words of your name."
            ),
            code="long_word",
        )


def plain(text: str, fold: Callable[[str], str] = str.casefold) -> str:
    """The text in small letters and with one kind of dot, full-width letters as ordinary ones."""
    # One dot would come apart into a space and an accent.
    folded = fold(unicodedata.normalize("NFKC", text.replace("\u02d9", ".")))
    dotted = DOTS.sub(".", CATALAN.sub("", unicodedata.normalize("NFKC", folded)))
    return BETWEEN_LETTERS.sub(_dot_for, dotted)


def _dot_for(sign: re.Match[str]) -> str:
    """A dot for whatever may be read as one: no sign of another script joins two words."""
    return "." if unicodedata.category(sign[0])[0] in "PS" else sign[0]


def addresses(name: str) -> bool:
    """Whether a name holds what only addresses have: an at sign, a scheme, "www."."""
    text = plain(name)
    return "@" in text or bool(SCHEME.search(text) or WORLD_WIDE_WEB.search(text))


def domains(name: str) -> list[str]:
    """The parts of a name that somebody could have registered as a domain."""
    found, text = [], plain(name)
    if "." not in text:
        return []
    # "name .com" is read as "name.com"; a space after the dot makes two words of it.
    for run in _runs(re.sub(r"\s+\.(?=\w)", ".", text)):
        labels = run.split(".")
        beginnings = (".".join(labels[:end]) for end in range(2, len(labels) + 1))
        found += [each for each in beginnings if public_suffixes().privatesuffix(each)]
    return found


def spaced_domains(name: str) -> list[str]:
    """What ends a domain in a name and stands behind a dot and a blank: "evil. com".

    Initials, titles and surnames stand so, too: "A. Li", "Prof. Kim", "J. de la Cruz". A surname
    has a capital letter, and what is before it is short or a title.
    """
    words = re.sub(r"\s*\.", ". ", plain(name, str)).split()
    pairs = itertools.pairwise(words)
    return [
        ending
        for place, (before, after) in enumerate(pairs, 2)
        if before.endswith(".")
        and (ending := after.strip(PUNCTUATION))
        and public_suffixes().privatesuffix(f"a.{ending.casefold()}")
        and not _is_surname(before.strip(PUNCTUATION), ending, place == len(words))
    ]


def _is_surname(before: str, word: str, is_last: bool) -> bool:
    folded = word.casefold()
    if folded in NO_SURNAMES:
        return False
    if _letters(before) <= LONGEST_INITIAL or before.casefold() in TITLES:
        return True
    if folded in PARTICLES and not is_last:
        return True
    # As "Alex. Li"; among longer ones are more words than surnames.
    return word[0].isupper() and len(word) == COUNTRY_CODE


def _runs(text: str) -> list[str]:
    """Words joined by single dots."""
    kept = "".join(
        each if each == "-" or each == "." or unicodedata.category(each)[0] in "LMN" else " "
        for each in text
    )
    words = re.split(r"\s+|\.{2,}", kept)
    return [run for word in words if "." in (run := word.strip(".-"))]


def marks(name: str) -> bool:
    """Whether a letter of a name bears more marks than its alphabet puts on it.

    Two are on a letter of Vietnamese, four in a name written in Tibetan, Hebrew or an alphabet
    of India; those marks are the alphabet's own.
    """
    found, own = 0, 0
    for each in unicodedata.normalize("NFC", name):
        is_mark = unicodedata.category(each) in ("Mn", "Me")
        own = own + 1 if is_mark else 0
        found = found + bool(ACCENT.match(each)) if is_mark else 0
        if found > MOST_ACCENTS or own > MOST_MARKS:
            return True
    return False


def digits(name: str) -> int:
    """How many digits a name has, of any script, whatever stands between them."""
    return sum(each.isnumeric() for each in unicodedata.normalize("NFKC", name))


def longest_word(name: str) -> int:
    """Letters of the longest word, not counting hyphens, apostrophes and accents."""
    return max((_letters(word) for word in name.split()), default=0)


def _letters(word: str) -> int:
    return sum(unicodedata.category(each)[0] not in "MP" for each in word)
