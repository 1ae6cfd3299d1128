"""Where a language lacks a translation of ours, English stands there.

Django looks up all messages in one list, so that for want of our own word it would take another
package's: a button in Polish, translated for another purpose, in the middle of an English page.
"""

import gettext
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.utils.translation import to_locale, trans_real

# Between a message's context and the message, in compiled catalogues.
CONTEXT_END = "\x04"


class English(gettext.NullTranslations):
    """Messages that say what they are, with the plural rule of English."""

    def __init__(self, messages: dict[Any, str]) -> None:
        super().__init__()
        self._catalog = messages

    def plural(self, number: int) -> int:
        return int(number != 1)


class Words(trans_real.DjangoTranslation):
    """All that Django finds, but none of our own messages in the words of others."""

    def _add_local_translations(self) -> None:
        own, *others = settings.LOCALE_PATHS
        read: Any = self._new_gnu_trans  # type: ignore[attr-defined]
        for folder in reversed(others):
            self.merge(read(folder))
        if self.domain == "django" and not self.language().startswith("en"):
            self.merge(English(known_elsewhere(Path(own), to_locale(self.language()))))
        self.merge(read(own))


def known_elsewhere(folder: Path, locale: str) -> dict[Any, str]:
    """What the catalogues of other languages hold, as English says it."""
    found: dict[Any, str] = {}
    for path in folder.glob("*/LC_MESSAGES/django.mo"):
        if path.parent.parent.name != locale:
            for entry in polib.mofile(str(path)):
                found.update(english(entry))
    return found


def english(entry: polib.MOEntry) -> dict[Any, str]:
    key = f"{entry.msgctxt}{CONTEXT_END}{entry.msgid}" if entry.msgctxt else entry.msgid
    if not entry.msgid_plural:
        return {key: entry.msgid}
    return {(key, 0): entry.msgid, (key, 1): entry.msgid_plural}
