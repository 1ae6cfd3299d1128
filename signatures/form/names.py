"""What a name may be. It is shown to everybody, so it must not be an advertisement."""

import re
import unicodedata
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from publicsuffixlist import PublicSuffixList

MARKUP = ("<", ">", "://")
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
MOST_DIGITS, MOST_LETTERS = 5, 40

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
    if domains(name):
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


def plain(text: str) -> str:
    """The text in small letters and with one kind of dot, full-width letters as ordinary ones."""
    # One dot would come apart into a space and an accent.
    folded = unicodedata.normalize("NFKC", text.replace("\u02d9", ".")).casefold()
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
    found = []
    # "name .com" is read as "name.com"; a space after the dot makes two words of it.
    for run in _runs(re.sub(r"\s+\.(?=\w)", ".", plain(name))):
        labels = run.split(".")
        beginnings = (".".join(labels[:end]) for end in range(2, len(labels) + 1))
        found += [each for each in beginnings if _public_suffixes().privatesuffix(each)]
    return found


def _runs(text: str) -> list[str]:
    """Words joined by single dots."""
    kept = "".join(
        each if each == "-" or each == "." or unicodedata.category(each)[0] in "LMN" else " "
        for each in text
    )
    words = re.split(r"\s+|\.{2,}", kept)
    return [run for word in words if "." in (run := word.strip(".-"))]


@cache
def _public_suffixes() -> PublicSuffixList:
    """Where domains are registered, as the library brings it along: nothing is asked for it.

    Only what registries own: "github.io" is a domain like any other.
    """
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def digits(name: str) -> int:
    """How many digits a name has, of any script, whatever stands between them."""
    return sum(each.isnumeric() for each in unicodedata.normalize("NFKC", name))


def longest_word(name: str) -> int:
    """Letters of the longest word, not counting hyphens, apostrophes and accents."""
    return max((_letters(word) for word in name.split()), default=0)


def _letters(word: str) -> int:
    return sum(unicodedata.category(each)[0] not in "MP" for each in word)
