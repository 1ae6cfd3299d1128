"""Other words for another status of the tie, or another state of the petition."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks import Block, StreamValue, StructValue
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from campaigns.placeholders import refuse_placeholders, validate_pattern
from campaigns.records.petitions import Petition
from campaigns.records.standings import ANY, STATES, STATUSES, key_of
from campaigns.records.ties import Tie

SIGNED = ("heading", "ask")
SIGNED_HELP = _(
    "This is what people sign. It changes only when somebody enters an event or a pause, never "
    "just because time passes."
)


def texts(validate: Callable[[str], None]) -> list[Block]:
    """Heading, lead, ask, description and share text; what is left empty is told as before."""
    kept: Any = {"required": False, "default": "", "validators": [validate]}
    told = _("For search engines and shared links. If it is empty, they show the lead.")
    return [
        blocks.CharBlock(label=_("Heading"), max_length=250, help_text=SIGNED_HELP, **kept),
        # Translators: The paragraph below a page’s heading.
        blocks.TextBlock(label=_("Lead"), **kept),
        # Translators: A noun: what the signers of a petition demand.
        blocks.TextBlock(label=_("Ask"), help_text=SIGNED_HELP, **kept),
        blocks.TextBlock(label=_("Description"), help_text=told, **kept),
        blocks.TextBlock(label=_("Share text"), **kept),
    ]


class Wording(blocks.StructBlock):
    def clean(self, value: StructValue) -> StructValue:
        cleaned = super().clean(value)
        if errors := self.unfit(cleaned):
            raise StructBlockValidationError(
                {name: ValidationError(reason) for name, reason in errors.items()}
            )
        return cleaned

    def unfit(self, value: StructValue) -> dict[str, str]:
        """Why some of its parts can never be said, by their names."""
        if value["state"] != Petition.State.NOT_YET_OPEN:
            return {}
        reason = gettext(
            "What people sign does not change when a petition opens: leave this empty."
        )
        return {name: reason for name in SIGNED if value[name]}

    def told_place(self, value: StructValue) -> str:
        """What translators are told of it: for what it is."""
        labels = {
            "status": dict(STATUSES).get(value.get("status")),
            "state": dict(STATES).get(value.get("state")),
        }
        return ", ".join(str(labels[name]) for name in self.child_blocks if labels.get(name))


class CampaignWordingBlock(Wording):
    """Of a campaign's own petition, which has no tie."""

    state = blocks.ChoiceBlock(label=_("State of the petition"), choices=STATES[1:])
    heading, lead, ask, description, share = texts(refuse_placeholders)

    class Meta:
        icon = "title"
        label = _("Words")
        label_format = "{state}"


class CityWordingBlock(Wording):
    """Patterns for the pages of cities."""

    status = blocks.ChoiceBlock(label=_("Status of the tie"), choices=STATUSES, default=ANY)
    state = blocks.ChoiceBlock(
        label=_("State of the petition"),
        choices=STATES,
        default=ANY,
        help_text=_("If you choose “any”, do not ask people to sign: that is not always possible."),
    )
    heading, lead, ask, description, share = texts(validate_pattern)

    def unfit(self, value: StructValue) -> dict[str, str]:
        status, state = key_of(value)
        if status == state == ANY:
            return {
                "status": gettext(
                    "Choose a status or a state: everything else is covered by the patterns above."
                )
            }
        if status == Tie.Status.ENDED and state not in (ANY, Petition.State.WON):
            return {"state": gettext("If the tie has ended, choose “any” or “won”.")}
        return super().unfit(value)

    class Meta:
        icon = "title"
        label = _("Words")
        label_format = "{status}, {state}"


class Wordings(blocks.StreamBlock):
    """Of several for the same nobody would know which one is said."""

    def clean(self, value: StreamValue) -> StreamValue:
        cleaned = super().clean(value)
        keys = [key_of(child.value) for child in cleaned]
        reason = gettext("There is already a block for this: put all of its words there.")
        errors = {
            position: StructBlockValidationError({"state": ValidationError(reason)})
            for position, key in enumerate(keys)
            if key in keys[:position]
        }
        if errors:
            raise StreamBlockValidationError(errors)
        return cleaned

    class Meta:
        required = False


class CampaignWordings(Wordings):
    words = CampaignWordingBlock()


class CityWordings(Wordings):
    words = CityWordingBlock()
