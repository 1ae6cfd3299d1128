"""Finds the translatable messages in code and templates. Needs Babel, a tool of development."""

import io
from pathlib import Path
from typing import Any

FOLDERS = ("campaigns", "cms", "home", "jobs", "signatures", "templates")
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
Messages = dict[tuple[str | None, str], tuple[str | None, list[str]]]


def source_of(path: Path) -> str:
    """The file as Python for Babel. A template is wrapped, so that indents don't matter."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    from django.utils.translation.template import templatize

    return f"(\n{templatize(text)}\n)"


def extract(root: Path) -> Messages:
    """Messages by (context, id): their plural or None, and the files that use them."""
    from babel.messages.extract import extract as babel_extract

    found: Messages = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".py", ".html", ".txt") or "migrations" in path.parts:
                continue
            source = io.BytesIO(source_of(path).encode())
            name = path.relative_to(root).as_posix()
            for _line, message, _comments, context in babel_extract("python", source, KEYWORDS):
                add(found, message, context, name)
    return found


def add(found: Messages, message: Any, context: str | None, name: str) -> None:
    single, plural = message if isinstance(message, tuple) else (message, None)
    if not single:
        return
    old_plural, files = found.get((context, single), (None, []))
    found[context, single] = (plural or old_plural, sorted({*files, name}))
