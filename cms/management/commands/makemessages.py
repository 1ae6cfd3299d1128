import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms import third_party
from cms.messages import extract

HEADER = {
    "Project-Id-Version": "Pidpys",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "uk",
    "Plural-Forms": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
    "(n%100<12 || n%100>14) ? 1 : 2);",
}

# What a value replaces; a translation that lacks one, or has one more, fails when it is shown.
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


class Command(BaseCommand):
    help = "Updates the message catalogues from code and templates, without gettext."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only tell what is missing, fuzzy or stale"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        messages = extract(Path(settings.LOCALE_PATHS[0]).parent)
        for path in sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po")):
            catalogue = polib.pofile(str(path), wrapwidth=98)
            if check:
                self.check_catalogue(catalogue, messages, path)
            else:
                updated(catalogue, messages).save(str(path))
        if check:
            self.check_third_party()

    def check_third_party(self) -> None:
        """The catalogues after the first hold the words of other packages, kept by hand."""
        for folder in settings.LOCALE_PATHS[1:]:
            if problems := list(third_party.problems(Path(folder))):
                raise CommandError(f"{folder} does not fit the packages:\n" + "\n".join(problems))

    def check_catalogue(self, catalogue: polib.POFile, messages: Any, path: Path) -> None:
        known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
        problems = [f"stale: {msgid}" for _, msgid in sorted_keys(known.keys() - messages.keys())]
        for key in sorted_keys(messages.keys()):
            if problem := problem_of(known.get(key), messages[key][0]):
                problems.append(f"{problem}: {key[1]}")
        if problems:
            raise CommandError(f"{path} is not complete:\n" + "\n".join(problems))


def problem_of(entry: polib.POEntry | None, plural: str | None) -> str | None:
    """What is wrong with a message's translation, in one word or two; None when it is right."""
    if entry is not None and entry.fuzzy:
        return "fuzzy"
    if entry is None or not entry.translated() or bool(plural) != bool(entry.msgid_plural):
        return "untranslated"
    wanted = set(PLACEHOLDER.findall(plural or entry.msgid))
    texts = entry.msgstr_plural.values() if plural else [entry.msgstr]
    if any(set(PLACEHOLDER.findall(text)) != wanted for text in texts):
        return "other placeholders"
    return None


def sorted_keys(keys: Any) -> list[tuple[str | None, str]]:
    return sorted(keys, key=lambda key: (key[0] or "", key[1]))


def updated(catalogue: polib.POFile, messages: Any) -> polib.POFile:
    """A catalogue of just these messages, with the translations that there were."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
    fresh = polib.POFile(wrapwidth=98)
    fresh.metadata = HEADER
    for key in sorted_keys(messages.keys()):
        context, msgid = key
        plural, files = messages[key]
        entry = polib.POEntry(msgctxt=context, msgid=msgid, occurrences=[(f, "") for f in files])
        old = known.get(key)
        if plural:
            entry.msgid_plural = plural
            kept = old.msgstr_plural if old else {}
            entry.msgstr_plural = {form: kept.get(form, "") for form in range(3)}
        elif old:
            entry.msgstr = old.msgstr
        fresh.append(entry)
    return fresh
