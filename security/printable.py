"""Texts without the characters that show nothing and break feeds, spreadsheets and PO files.

Word processors end a line with a vertical tab, and old programs leave other codes behind.
"""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

from django.db import models
from wagtail.fields import StreamField

# All that Unicode knows to end a line; browsers send two signs for each that stands in a form.
LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# What XML allows nowhere, and codes for devices: https://www.w3.org/TR/xml/#charsets
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
# What JSON can hold.
Json: TypeAlias = "str | int | float | list[Json] | dict[str, Json] | None"
BLANKS = re.compile("[\t\n\r\x0b\x0c\x85\u2028\u2029]+")


def printable(text: str) -> str:
    return UNPRINTABLE.sub("", LINE_ENDS.sub("\n", text))


def printable_line(text: str) -> str:
    """The same for a text of one line."""
    return UNPRINTABLE.sub("", BLANKS.sub(" ", text))


def printable_in(value: Json) -> Json:
    """The same for all texts in lists and dictionaries, as streams of blocks are stored."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [printable_in(each) for each in value]
    if isinstance(value, dict):
        return {key: printable_in(each) for key, each in value.items()}
    return value


def make_printable(instance: models.Model) -> None:
    """Cleans every text of a page, in Wagtail's fields too."""
    for field in instance._meta.concrete_fields:
        value = getattr(instance, field.attname)
        if isinstance(field, StreamField):
            stored = list(value.get_prep_value())
            if (clean := printable_in(stored)) != stored:
                setattr(instance, field.attname, field.stream_block.to_python(clean))
        elif isinstance(value, str):
            setattr(instance, field.attname, printable_of(field, value))


def printable_of(field: object, value: str) -> str:
    return (printable_line if isinstance(field, models.CharField) else printable)(value)


class Printable:
    """Cleans a record's text whenever it is stored. To migrations it is Django's own field."""

    def pre_save(self, model_instance: models.Model, add: bool) -> object:
        value = super().pre_save(model_instance, add)  # type: ignore[misc]
        if isinstance(value, str):
            value = printable_of(self, value)
            setattr(model_instance, self.attname, value)  # type: ignore[attr-defined]
        return value

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{type(self).__name__}", args, kwargs


class CharField(Printable, models.CharField):
    pass


class TextField(Printable, models.TextField):
    pass
