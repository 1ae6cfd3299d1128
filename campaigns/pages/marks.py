"""What an editor should look at in a sentence that was composed for a city, before it is public."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from campaigns.placeholders import PLACEHOLDER

# In characters. A heading takes four lines of a phone at most; search engines cut descriptions
# and chats cut what is shared at about these lengths.
LONGEST = {"heading": 100, "description": 160, "share": 200}

WORD = re.compile(r"[\w’'ʼ-]+")
Names = tuple[str, ...]
# With where it begins and ends.
Word = tuple[str, int, int]
VOWELS = frozenset("аеиіоуєїюя")
# Before these letters, «в» can't be spoken; «у» stands, whatever comes before.
AFTER_U = ("в", "ф", "льв", "св", "тв", "хв")
# «з» can't be told apart before these: «із Сан-Хосе», «зі Львовом».
AFTER_IZ = ("з", "с", "ш", "щ")
ENDS_SENTENCE = frozenset(".!?…")


def marks(kind: str, text: str, language: str, names: Iterable[Names] = ()) -> list[str]:
    """What is wrong with a text of a kind as one city's readers will read it, in sentences.

    `names` are those of the cities, each in all of its forms.
    """
    doubled = [*_doubled(text)] or [*_placed_in_itself(text, names)]
    found = [*_unfilled(text), *doubled, *_overlong(kind, text)]
    if language == "uk":
        found += _prepositions(text)
    return found


def _unfilled(text: str) -> Iterator[str]:
    for name in dict.fromkeys(PLACEHOLDER.findall(text)):
        yield _("Nothing fills {%(name)s} here.") % {"name": name}


def _doubled(text: str) -> Iterator[str]:
    """A name or a preposition twice in a row, whatever stands between but words."""
    words = [(match[0], match.start(), match.end()) for match in WORD.finditer(text)]
    starts = range(len(words))
    for length in (3, 2, 1):
        for at in starts:
            first, second = words[at : at + length], words[at + length : at + 2 * length]
            if len(second) < length or _ends_sentence(text[first[-1][2] : second[0][1]]):
                continue
            if _same(first, second) and not _is_part(text, second, words[at + 2 * length :]):
                said = text[first[0][1] : second[-1][2]]
                yield _("Said twice: “%(text)s”.") % {"text": said}
                return


def _placed_in_itself(text: str, names: Iterable[Names]) -> Iterator[str]:
    """A city said to be in itself, in whatever form: “with Moscow in Moscow”."""
    for forms in names:
        longest_first = sorted(filter(None, forms), key=len, reverse=True)
        name = rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"
        for found in re.finditer(rf"{name}\s+(?:\w{{1,3}}\s+)?{name}", text):
            following = text[found.end() :].split(maxsplit=1)
            # The beginning of a longer name, like Tula Oblast.
            if not (following and following[0].istitle()):
                yield _("Said twice: “%(text)s”.") % {"text": found[0]}
                return


def _same(first: list[Word], second: list[Word]) -> bool:
    return [word.casefold() for word, *_at in first] == [word.casefold() for word, *_at in second]


def _is_part(text: str, second: list[Word], rest: list[Word]) -> bool:
    """Whether what comes again is the beginning of a longer name: “Tula, Tula Oblast”."""
    if not rest or not second[-1][0].istitle():
        return False
    name, start, _end = rest[0]
    return name.istitle() and text[second[-1][2] : start].isspace()


def _ends_sentence(between: str) -> bool:
    return bool(ENDS_SENTENCE & set(between))


def _overlong(kind: str, text: str) -> Iterator[str]:
    longest = LONGEST.get(kind)
    if longest and len(text) > longest:
        yield _("Too long: %(length)s characters, and %(longest)s fit.") % {
            "length": len(text),
            "longest": longest,
        }


def _prepositions(text: str) -> Iterator[str]:
    """Of Ukrainian, in which «у» and «в», «з» and «із» alternate by the sounds around them.

    As the orthography of 2019 has it, paragraphs 23 and 24.
    """
    words = [(match[0], match.start(), match.end()) for match in WORD.finditer(text)]
    for number, (word, start, end) in enumerate(words[:-1]):
        following = words[number + 1][0]
        if text[end : words[number + 1][1]].strip(" \u00a0«"):
            continue
        before = "" if number == 0 else words[number - 1][0]
        if before and text[words[number - 1][2] : start].strip(" \u00a0»"):
            before = ""
        better = _better(word.casefold(), before.casefold(), following.casefold())
        if better:
            yield _("“%(now)s” reads better as “%(better)s”.") % {
                "now": f"{word} {following}",
                "better": f"{better.capitalize() if word.istitle() else better} {following}",
            }


def _better(word: str, before: str, following: str) -> str:
    """What should stand in place of a preposition; nothing where it is right."""
    if word == "в" and following.startswith(AFTER_U):
        return "у"
    if word == "в" and _is_consonant(following[:1]) and (not before or _is_consonant(before[-1])):
        return "у"
    if word == "у" and following[:1] in tuple("аеиіоу"):
        return "в"
    if word == "з" and following.startswith(AFTER_IZ):
        return "із"
    return ""


def _is_consonant(letter: str) -> bool:
    return letter.isalpha() and letter not in VOWELS
