"""The questions that editors add to the form.

Labels and help texts are translated. What is required and the keys under which answers are kept
are the same in every language, so that a new wording or another language loses no answer.
"""

import uuid
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import BlockGroup, StructBlockValidationError

from campaigns.blocks.verbatim import VerbatimCharBlock
from campaigns.records.form_shape import (
    FEWEST_OPTIONS,
    KEY_LENGTH,
    RESERVED_KEYS,
    key_of,
    option_keys,
    validate_key,
)

MOST_QUESTIONS = 10
MOST_OPTIONS = 30
# Two questions are not told apart by the case of their keys: tables and programs may fold it.
KEY_TAKEN = _("Another one has this key already. Write a different key, or leave it empty.")


def key_block(help_text: str | Promise) -> VerbatimCharBlock:
    return VerbatimCharBlock(
        label=_("Key"),
        required=False,
        max_length=KEY_LENGTH,
        validators=[validate_key],
        help_text=help_text,
    )


def wrong_key(message: str | Promise) -> StructBlockValidationError:
    return StructBlockValidationError({"key": ValidationError(str(message))})


def repeated(keys: Iterable[str]) -> dict[int, StructBlockValidationError]:
    """An error for each key that stood there before, by its position."""
    seen: set[str] = set()
    errors = {}
    for position, key in enumerate(keys):
        if key.casefold() in seen:
            errors[position] = wrong_key(KEY_TAKEN)
        seen.add(key.casefold())
    return errors


class FormQuestionBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("Question"), max_length=200)
    help_text = blocks.CharBlock(label=_("Help text"), required=False, max_length=300)
    is_required = blocks.BooleanBlock(
        label=_("Must be answered"),
        required=False,
        help_text=_(
            "Then it is part of the form, and nobody can sign without an answer: every such "
            "question loses signers. Optional questions come after signing instead."
        ),
    )
    key = key_block(
        _(
            "Answers are kept under it: letters, digits and underscores. Left empty, one is made. "
            "Don’t change it once people have signed; change the question’s words instead."
        )
    )

    class Meta:
        template = "campaigns/blocks/form_question.html"
        label_format = "{label}"
        form_layout = BlockGroup(["label", "help_text", "is_required"], settings=["key"])


class TextQuestionBlock(FormQuestionBlock):
    class Meta:
        icon = "pilcrow"
        label = _("Short text")
        description = _("A question that is answered in one line.")
        preview_value = {"label": _("Which school do you teach at?"), "key": "school"}


class LongTextQuestionBlock(FormQuestionBlock):
    class Meta:
        icon = "form"
        label = _("Long text")
        description = _("A question that is answered in several lines.")
        preview_value = {"label": _("What would you tell the mayor?"), "key": "words"}


class YesNoQuestionBlock(FormQuestionBlock):
    class Meta:
        icon = "check"
        label = _("Yes or no")
        description = _("A question that is answered with yes or no.")
        preview_value = {"label": _("Have you written to the mayor before?"), "key": "wrote"}


class OptionBlock(blocks.StructBlock):
    label = blocks.CharBlock(label=_("Answer"), max_length=150)
    key = key_block(
        _("This answer is kept under it. Left empty, one is made; don’t change it later.")
    )

    class Meta:
        icon = "radio-empty"
        label = _("Answer to choose")
        label_format = "{label}"
        form_layout = BlockGroup(["label"], settings=["key"])


class ChoiceQuestionBlock(FormQuestionBlock):
    """One of several answers. A draft may still lack some of them, a published page may not."""

    options = blocks.ListBlock(
        OptionBlock(), label=_("Answers to choose from"), max_num=MOST_OPTIONS
    )

    def clean(self, value: StructValue) -> StructValue:
        cleaned = super().clean(value)
        errors: dict[int, Any] = repeated(option_keys(cleaned["options"]))
        too_few = not self.is_deferred_validation and len(cleaned["options"]) < FEWEST_OPTIONS
        if errors or too_few:
            message = ValidationError(
                _("Nobody can answer this question yet. Add at least two answers to choose from.")
            )
            raise StructBlockValidationError(
                {"options": ListBlockValidationError(errors, [message] if too_few else None)}
            )
        return cleaned

    class Meta:
        icon = "radio-full"
        label = _("One choice")
        description = _("A question with several answers, of which one is chosen.")
        form_layout = BlockGroup(["label", "help_text", "options", "is_required"], ["key"])
        preview_value = {
            "label": _("How did you hear about this petition?"),
            "key": "heard",
            "options": [
                {"label": _("From a friend"), "key": "friend"},
                {"label": _("In the news"), "key": "news"},
            ],
        }


class ChoicesQuestionBlock(ChoiceQuestionBlock):
    class Meta:
        icon = "list-ul"
        label = _("Several choices")
        description = _("A question with several answers, of which any number is chosen.")
        preview_value = {
            "label": _("How will you help?"),
            "key": "help",
            "options": [
                {"label": _("I tell my friends"), "key": "friends"},
                {"label": _("I write to the mayor"), "key": "mayor"},
            ],
        }


class FormQuestions(blocks.StreamBlock):
    """The questions of one form, each with a key of its own."""

    text = TextQuestionBlock()
    long_text = LongTextQuestionBlock()
    choice = ChoiceQuestionBlock()
    choices = ChoicesQuestionBlock()
    yes_no = YesNoQuestionBlock()

    def clean(self, value: StreamValue) -> StreamValue:
        cleaned = super().clean(value)
        for child in cleaned:
            # The keys that nobody wrote are made of these.
            child.id = child.id or str(uuid.uuid4())
        keys = [key_of(child.value["key"], child.id, "q") for child in cleaned]
        errors = repeated(keys)
        for position, key in enumerate(keys):
            if key.casefold() in RESERVED_KEYS:
                errors[position] = wrong_key(
                    _("The form has a field of its own with this key. Write a different key.")
                )
        if errors:
            raise StreamBlockValidationError(errors)
        return cleaned

    class Meta:
        required = False
        max_num = MOST_QUESTIONS
