"""Finds the translatable messages in code and templates, and knows the languages' plural rules."""

import io
from dataclasses import dataclass
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.extract import extract as babel_extract
from babel.messages.plurals import get_plural
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

FOLDERS = (
    *("accounts", "campaigns", "cards", "cms", "dashboard", "deliveries", "demo", "home"),
    *("integrity", "jobs", "launches", "library", "mails", "officers_desk", "operations"),
    *(
        "pagecache",
        "security",
        "signatures",
        "staff",
        "translation_desk",
        "translations",
        "templates",
    ),
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Begins what code says to translators in a comment just before a message.
COMMENT = "Translators:"


@dataclass(frozen=True)
class Message:
    """Its plural, the files that use it, and what is said of it to translators."""

    plural: str | None
    files: list[str]
    comments: list[str]


Messages = dict[tuple[str | None, str], Message]


def file_source(path: Path) -> str:
    """The file as Python for Babel. A template is wrapped, so that indents don't matter."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    return f"(\n{templatize(text)}\n)"


def plural_rule(language: str) -> tuple[int, str]:
    """How many plural forms a language has, and gettext's formula for them."""
    try:
        rule = get_plural(str(Locale.parse(to_locale(language))))
    except (UnknownLocaleError, ValueError):
        rule = get_plural(language.partition("-")[0])
    return rule.num_plurals, rule.plural_forms


def extract(root: Path) -> Messages:
    """Messages by (context, id)."""
    found: Messages = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".py", ".html", ".txt") or "migrations" in path.parts:
                continue
            source = io.BytesIO(file_source(path).encode())
            name = path.relative_to(root).as_posix()
            messages = babel_extract("python", source, KEYWORDS, [COMMENT], strip_comment_tags=True)
            for _line, message, comments, context in messages:
                add(found, message, context, name, comments)
    return found


def add(
    found: Messages,
    message: str | tuple[str, ...],
    context: str | None,
    name: str,
    comments: list[str],
) -> None:
    single, plural = message if isinstance(message, tuple) else (message, None)
    if not single:
        return
    old = found.get((context, single), Message(None, [], []))
    found[context, single] = Message(
        plural or old.plural,
        sorted({*old.files, name}),
        sorted({*old.comments, *filter(None, [" ".join(comments).strip()])}),
    )
