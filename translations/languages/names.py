"""The languages of quotes and sources. They may be others than those that the site is read in."""

import re
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from translations.languages.collation import sort_key

LENGTH = 12
# A whole phrase each: many languages give the name of a language another form here.
TRANSLATED_FROM = {
    "ar": gettext_lazy("translated from Arabic"),
    "az": gettext_lazy("translated from Azerbaijani"),
    "be": gettext_lazy("translated from Belarusian"),
    "bg": gettext_lazy("translated from Bulgarian"),
    "cs": gettext_lazy("translated from Czech"),
    "da": gettext_lazy("translated from Danish"),
    "de": gettext_lazy("translated from German"),
    "el": gettext_lazy("translated from Greek"),
    "en": gettext_lazy("translated from English"),
    "es": gettext_lazy("translated from Spanish"),
    "et": gettext_lazy("translated from Estonian"),
    "fa": gettext_lazy("translated from Persian"),
    "fi": gettext_lazy("translated from Finnish"),
    "fr": gettext_lazy("translated from French"),
    "he": gettext_lazy("translated from Hebrew"),
    "hr": gettext_lazy("translated from Croatian"),
    "hu": gettext_lazy("translated from Hungarian"),
    "hy": gettext_lazy("translated from Armenian"),
    "it": gettext_lazy("translated from Italian"),
    "ja": gettext_lazy("translated from Japanese"),
    "ka": gettext_lazy("translated from Georgian"),
    "kk": gettext_lazy("translated from Kazakh"),
    "ko": gettext_lazy("translated from Korean"),
    "lt": gettext_lazy("translated from Lithuanian"),
    "lv": gettext_lazy("translated from Latvian"),
    "nl": gettext_lazy("translated from Dutch"),
    "pl": gettext_lazy("translated from Polish"),
    "pt": gettext_lazy("translated from Portuguese"),
    "ro": gettext_lazy("translated from Romanian"),
    "ru": gettext_lazy("translated from Russian"),
    "sk": gettext_lazy("translated from Slovak"),
    "sl": gettext_lazy("translated from Slovenian"),
    "sr": gettext_lazy("translated from Serbian"),
    "sv": gettext_lazy("translated from Swedish"),
    "tr": gettext_lazy("translated from Turkish"),
    "uk": gettext_lazy("translated from Ukrainian"),
    "zh-hans": gettext_lazy("translated from Chinese"),
}
# Serbian and Kazakh are written in both alphabets.
CYRILLIC = frozenset({"be", "bg", "ru", "uk"})
OTHER = frozenset({"ar", "el", "fa", "he", "hy", "ja", "ka", "kk", "ko", "sr", "zh-hans"})
LATIN = frozenset(TRANSLATED_FROM) - CYRILLIC - OTHER
LATIN_LETTER = re.compile(r"[A-Za-zÀ-ɏ]")
CYRILLIC_LETTER = re.compile(r"[Ѐ-ӿ]")


def name_of(code: str) -> str:
    """The language's name in the language of whoever reads."""
    return capfirst(str(get_language_info(code)["name_translated"]))


def choices() -> list[tuple[str, str]]:
    """Every language that is known or configured, by name."""
    configured = frozenset(code for code, _name in settings.LANGUAGES)
    return list(_choices_in(get_language() or "", configured))


@cache
def _choices_in(language: str, configured: frozenset[str]) -> list[tuple[str, str]]:
    # A page asks for them with every source on it.
    named = [(code, name_of(code)) for code in configured.union(TRANSLATED_FROM)]
    return sorted(named, key=lambda choice: sort_key(choice[1], language))


def translated_from(code: str) -> str:
    """In words, for a text that stood in another language."""
    if code in TRANSLATED_FROM:
        return str(TRANSLATED_FROM[code])
    return _("translated; language of the original: %(language)s") % {"language": name_of(code)}


def validate_language(text: str, code: str) -> None:
    """Refuses to call a text in Cyrillic letters English, say. The reverse may be a name."""
    if code in LATIN and CYRILLIC_LETTER.search(text) and not LATIN_LETTER.search(text):
        raise ValidationError(
            _("This is not written in the letters of the chosen language: %(language)s."),
            params={"language": name_of(code)},
        )


def spoken_in(text: str, code: str) -> str:
    """The language of what a person wrote: the given one, or unknown where the letters differ.

    Empty is how HTML says that a language is unknown.
    """
    has_latin, has_cyrillic = bool(LATIN_LETTER.search(text)), bool(CYRILLIC_LETTER.search(text))
    foreign = has_latin if code in CYRILLIC else has_cyrillic and code in LATIN
    return "" if foreign else code
