import re
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import to_language, to_locale

from translations.languages import third_party
from translations.languages.catalogues import Messages, extract, plural_rule

HEADER = {
    "Project-Id-Version": "Pidpys",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
# What a value replaces; a translation that lacks one, or has one more, fails when it is shown.
VARIABLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# In which form a sentence has a city's name, each language decides: {city}, {of_city}.
FORM = re.compile(r"(?<=\{)(?:of|in|with)_(?=\w*city\})")


class Command(BaseCommand):
    help = "Updates the message catalogues from code and templates, without gettext."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only tell what is missing, fuzzy or stale"
        )
        parser.add_argument(
            "-l",
            "--locale",
            action="append",
            default=[],
            metavar="CODE",
            help="only this language; its catalogue is made if there is none. May be repeated.",
        )

    def handle(self, *args: Any, check: bool, locale: list[str], **options: Any) -> None:
        root = Path(settings.LOCALE_PATHS[0])
        messages = extract(root.parent)
        for path in catalogues(root, locale):
            language = to_language(path.parent.parent.name)
            if check:
                self.check_catalogue(opened(path), messages, path, language)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                updated(opened(path), messages, language).save(str(path))
        if check:
            self.check_third_party()

    def check_third_party(self) -> None:
        """The catalogues after the first hold the words of other packages, kept by hand."""
        for folder in settings.LOCALE_PATHS[1:]:
            if problems := list(third_party.problems(Path(folder))):
                raise CommandError(f"{folder} does not fit the packages:\n" + "\n".join(problems))

    def check_catalogue(
        self, catalogue: polib.POFile, messages: Messages, path: Path, language: str
    ) -> None:
        forms, rule = plural_rule(language)
        known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
        problems = [f"stale: {msgid}" for _, msgid in sorted_keys(known.keys() - messages.keys())]
        if catalogue.metadata.get("Plural-Forms") != rule:
            problems.insert(0, f"its plural rule is not that of {language}")
        problems += [
            f"{problem}: {key[1]}"
            for key in sorted_keys(messages.keys())
            if (problem := message_problem(known.get(key), messages[key].plural, forms))
        ]
        if problems:
            raise CommandError(f"{path} is not complete:\n" + "\n".join(problems))


def catalogues(root: Path, languages: list[str]) -> Iterator[Path]:
    """Where the catalogues of these languages stand or will stand, or all that there are.

    Raises: CommandError.
    """
    for language in languages:
        if language not in LANG_INFO:
            raise CommandError(f"Django knows no language {language!r}.")
        if language == settings.LANGUAGE_CODE:
            raise CommandError(f"{language} is the language that the messages are written in.")
        yield root / to_locale(language) / "LC_MESSAGES" / "django.po"
    if not languages:
        yield from sorted(root.glob("*/LC_MESSAGES/django.po"))


def opened(path: Path) -> polib.POFile:
    return polib.pofile(str(path), wrapwidth=98) if path.exists() else polib.POFile(wrapwidth=98)


def message_problem(entry: polib.POEntry | None, plural: str | None, forms: int) -> str | None:
    """What is wrong with a message's translation, in one word or two; None when it is right."""
    if entry is not None and entry.fuzzy:
        return "fuzzy"
    if entry is None or not entry.translated() or bool(plural) != bool(entry.msgid_plural):
        return "untranslated"
    if plural and len(entry.msgstr_plural) != forms:
        return "other plural forms"
    wanted = variables(plural or entry.msgid)
    texts = entry.msgstr_plural.values() if plural else [entry.msgstr]
    if any(variables(text) != wanted for text in texts):
        return "other placeholders"
    return None


def variables(text: str) -> set[str]:
    return set(VARIABLE.findall(FORM.sub("", text)))


def sorted_keys(keys: Iterable[tuple[str | None, str]]) -> list[tuple[str | None, str]]:
    return sorted(keys, key=lambda key: (key[0] or "", key[1]))


def updated(catalogue: polib.POFile, messages: Messages, language: str) -> polib.POFile:
    """A language's catalogue of just these messages, with the translations that there were."""
    forms, rule = plural_rule(language)
    known = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
    fresh = polib.POFile(wrapwidth=98)
    fresh.metadata = {**HEADER, "Language": to_locale(language), "Plural-Forms": rule}
    for key in sorted_keys(messages.keys()):
        context, msgid = key
        message = messages[key]
        entry = polib.POEntry(
            msgctxt=context,
            msgid=msgid,
            occurrences=[(file, "") for file in message.files],
            comment="\n".join(message.comments),
        )
        old = known.get(key)
        if old:
            entry.flags, entry.tcomment = old.flags, old.tcomment
        if message.plural:
            entry.msgid_plural = message.plural
            kept = old.msgstr_plural if old else {}
            entry.msgstr_plural = {form: kept.get(form, "") for form in range(forms)}
        elif old:
            entry.msgstr = old.msgstr
        fresh.append(entry)
    return fresh
