"""The words of other packages that we translate ourselves: `locale/third_party/`.

Wagtail and wagtail-localize leave a fourth of their Ukrainian in English, and some of the rest
misleads. What stands in our catalogue takes the place of theirs.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import django
import polib
from django.apps import apps
from django.utils.translation import gettext_noop

# A name of wagtail-localize that no catalogue of its own holds.
PERMISSION = gettext_noop("Can submit translations")
DOMAINS = ("django", "djangojs")
# What a value replaces, in the ways of Python and of JavaScript.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def packages(labels: Collection[str] = ()) -> Iterator[Path]:
    """The catalogue folders of the apps with these labels, or of all and of Django itself."""
    if not labels:
        yield Path(django.__file__).parent / "conf" / "locale"
    for config in apps.get_app_configs():
        if not labels or config.label in labels:
            yield Path(config.path) / "locale"


def known(domain: str, labels: Collection[str] = ()) -> set[tuple[str | None, str, str]]:
    """The messages that packages have now: context, id and plural."""
    return {
        (entry.msgctxt, entry.msgid, entry.msgid_plural)
        for folder in packages(labels)
        for language in ("en", "uk")
        if (path := folder / language / "LC_MESSAGES" / f"{domain}.po").exists()
        for entry in polib.pofile(str(path))
        if not entry.obsolete
    }


def problems(folder: Path) -> Iterator[str]:
    """What is wrong with our catalogues of other packages' words, a line each."""
    for domain in DOMAINS:
        messages = known(domain)
        for path in sorted(folder.glob(f"*/LC_MESSAGES/{domain}.po")):
            for entry in polib.pofile(str(path)):
                if problem := problem_of(entry, messages):
                    yield f"{path.name}: {problem}: {entry.msgid}"


def problem_of(entry: polib.POEntry, messages: set[tuple[str | None, str, str]]) -> str:
    if (entry.msgctxt, entry.msgid, entry.msgid_plural) not in messages:
        return "no package says this anymore"
    if entry.fuzzy or not entry.translated():
        return "untranslated"
    wanted = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if any(placeholders(text) != wanted for text in texts):
        return "other placeholders"
    return ""


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
