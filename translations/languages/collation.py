"""The order of names in a language.

The rule for all: letters first, their accents only where all letters are alike, so that Müller
stands beside Muller. What a language counts as a letter of its own is said below, behind the letter
that it follows in that alphabet; groups of signs like the Czech ch are letters too.
"""

import unicodedata
from functools import cache

from translations.languages.folding import LETTERS, NO_APOSTROPHES

# In every language: of Cyrillic letters, Unicode has those that Russian lacks after all others.
ROOT = "г ґ,е ё є,и і ї,у ў,ч џ,д ђ ѓ,з ѕ,л љ,н њ,т ћ ќ"
NORDIC = "z æ ø å"
SOUTH_SLAVIC = "c č ć,d dž đ,l lj,n nj,s š,z ž"
ALPHABETS = {
    "az": "c ç,e ə,g ğ,h x ı,k q,o ö,s ş,u ü",
    "bs": SOUTH_SLAVIC,
    "cs": "c č,h ch,r ř,s š,z ž",
    "cy": "c ch,d dd,f ff,g ng,l ll,p ph,r rh,t th",
    "da": NORDIC,
    "es": "n ñ",
    "et": "s š z ž,w õ ä ö ü",
    "fi": "z å ä ö",
    "hr": SOUTH_SLAVIC,
    "hu": "c cs,d dz dzs,g gy,l ly,n ny,o ö ő,s sz,t ty,u ü ű,z zs",
    "is": "a á,d ð,e é,i í,o ó,u ú,y ý,z þ æ ö",
    "kk": "а ә,г ғ,к қ,н ң,о ө,у ұ ү,х һ,ы і",
    "lt": "c č,i y,s š,z ž",
    "lv": "c č,g ģ,i y,k ķ,l ļ,n ņ,r ŗ,s š,z ž",
    "mk": "и ј",
    "nb": NORDIC,
    "nn": NORDIC,
    "pl": "a ą,c ć,e ę,l ł,n ń,o ó,s ś,z ź ż",
    "ro": "a ă â,i î,s ș ş,t ț ţ",
    "sk": "a ä,c č,h ch,o ô,s š,z ž",
    "sl": "c č ć,d đ,s š,z ž",
    "sq": "c ç,d dh,e ë,g gj,l ll,n nj,r rr,s sh,t th,x xh,z zh",
    "sr": "и ј",
    "sr-latn": SOUTH_SLAVIC,
    "sv": "z å ä ö",
    "tr": "c ç,g ğ,h ı,o ö,s ş,u ü",
    "vi": "a ă â,d đ,e ê,o ô ơ,u ư",
}
DOTLESS = {"az", "tr"}
# Room for the letters that follow one, below the next of Unicode.
STEP = 16
Key = tuple[list[int], list[int]]


@cache
def alphabet(language: str) -> dict[str, int]:
    """The letters that are none of Unicode's order, each with its place."""
    own = ALPHABETS.get(language, ALPHABETS.get(language.partition("-")[0], ""))
    rows = {row.split()[0]: row.split()[1:] for row in f"{ROOT},{own}".split(",") if row}
    places: dict[str, int] = {}
    for first, others in rows.items():
        for number, letter in enumerate(others, start=1):
            places[letter] = ord(first) * STEP + number
    places["й"] = ord("й") * STEP
    return places


def sort_key(text: str, language: str) -> Key:
    """A key that sorts texts as a dictionary of the language does: Ґ after Г, І and Ї after И."""
    places = alphabet(language)
    longest = max(map(len, places))
    rest = _lowered(text, language)
    letters: list[int] = []
    accents: list[int] = []
    while rest:
        size = next((n for n in range(longest, 0, -1) if rest[:n] in places), 0)
        if size:
            letters.append(places[rest[:size]])
            accents.append(0)
        else:
            size = 1
            _add(rest[0], places, letters, accents)
        rest = rest[size:]
    return letters, accents


def _lowered(text: str, language: str) -> str:
    if language in DOTLESS:
        text = text.replace("I", "ı").replace("İ", "i")
    text = unicodedata.normalize("NFC", text.lower())
    return text.translate(NO_APOSTROPHES)


def _add(sign: str, places: dict[str, int], letters: list[int], accents: list[int]) -> None:
    """A sign that is no letter of its own: the letter under it, and what is on that."""
    letter, *marks = list(unicodedata.normalize("NFD", sign))
    for number, mark in enumerate(marks):
        composed = unicodedata.normalize("NFC", letter + mark)
        if composed in places:
            letter = composed
            del marks[number]
            break
    for each in letter.translate(LETTERS):
        letters.append(places.get(each, ord(each) * STEP))
        # Those without marks first.
        accents.append(0 if letter == each else ord(letter))
    for mark in marks:
        accents[-1] = accents[-1] * STEP + ord(mark)


def digits(text: str, language: str) -> str:
    """The key as a text of digits, which every database sorts alike."""
    letters, accents = sort_key(text, language)
    # A shorter one first; no letter has the place zero.
    return "".join(f"{number:08}" for number in [*letters, 0, *accents])
