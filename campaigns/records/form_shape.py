"""The form as a campaign's editors shaped it: plain data that says nothing of how it is drawn."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StructValue
from wagtail.blocks.list_block import ListValue

# The fields that editors may leave out.
OPTIONAL_FIELDS = ("postcode", "lives_here", "comment", "show_name")
RESERVED_KEYS = frozenset(
    [
        *OPTIONAL_FIELDS,
        "name",
        "email",
        "country",
        "consent",
        "home_city",
        "discreet",
        "version",
        "nothing",
        "email_asked",
        "email_choice",
        # Not asked until there are mailings.
        "wants_updates",
    ]
)
KEY = re.compile(r"[A-Za-z0-9_]+")
KEY_LENGTH = 40
FEWEST_OPTIONS = 2


def validate_key(key: str) -> None:
    if not KEY.fullmatch(key):
        raise ValidationError(
            _("Write a key with the letters a to z, digits and underscores only.")
        )


@dataclass(frozen=True)
class Question:
    """A question in one language. Kinds are the names of its blocks: text, choice and so on."""

    key: str
    kind: str
    label: str
    help_text: str = ""
    is_required: bool = False
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def lacks_options(self) -> bool:
        return self.kind in ("choice", "choices") and len(self.options) < FEWEST_OPTIONS

    @property
    def is_answerable(self) -> bool:
        return bool(self.label.strip()) and not self.lacks_options


@dataclass(frozen=True)
class FormShape:
    """Which optional fields are left out, what stands beside the others, and what is asked more."""

    left_out: frozenset[str] = frozenset()
    help_texts: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    # Codes of those that come before all others.
    first_countries: tuple[str, ...] = ()

    @property
    def required(self) -> tuple[Question, ...]:
        """What nobody can sign without."""
        return tuple(each for each in self.questions if each.is_required)

    @property
    def optional(self) -> tuple[Question, ...]:
        return tuple(each for each in self.questions if not each.is_required)


def key_of(written: str, block_id: str | None, prefix: str) -> str:
    """The key an editor wrote, else one that lasts as long as the block does."""
    return written or f"{prefix}_{(block_id or '').replace('-', '')[:8]}"


def option_keys(options: ListValue) -> list[str]:
    """The keys of a question's options, in their order."""
    return [key_of(option.value["key"], option.id, "o") for option in options.bound_blocks]


def question(kind: str, value: StructValue, block_id: str | None = None) -> Question:
    options = value.get("options")
    labels = [option.value["label"] for option in options.bound_blocks] if options else []
    return Question(
        key=key_of(value.get("key") or "", block_id, "q"),
        kind=kind,
        label=value.get("label") or "",
        help_text=value.get("help_text") or "",
        is_required=bool(value.get("is_required")),
        options=dict(zip(option_keys(options), labels, strict=True)) if options else {},
    )


def questions(stream: Iterable[Any]) -> tuple[Question, ...]:
    """The questions of a page, unfinished ones too."""
    return tuple(question(child.block_type, child.value, child.id) for child in stream)
