"""What may stay empty: the sign form takes it as a proposal, the signer's own page asks for it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.models import PetitionPageBase
from campaigns.records.form_shape import FormShape, Question
from signatures.form import answers
from signatures.form.form_fields import CleanCharField, field_for
from signatures.models import Signature
from translations.languages.names import spoken_in

# Around the world, postcodes are written so.
POSTCODE = re.compile(r"[\w -]*")
KEPT_OF_POSTCODE = 3


def refuse_invalid_postcode(text: str) -> None:
    if not POSTCODE.fullmatch(text):
        raise ValidationError(
            _("A ZIP or postal code has letters, digits, spaces and hyphens only."), code="invalid"
        )


class OptionalForm(forms.Form):
    postcode = CleanCharField(
        label=_("ZIP or postal code"),
        max_length=20,
        required=False,
        validators=[refuse_invalid_postcode],
        help_text=_("We keep its first three characters."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    comment = CleanCharField(
        label=_("Comment"),
        max_length=500,
        required=False,
        help_text=_("Shown once a moderator has read it, and only if you let us show your name."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    show_name = forms.BooleanField(
        label=_("Show my name and comment on the petition’s page"),
        required=False,
        help_text=_("Shown once a moderator has read them."),
    )

    def follow(self, shape: FormShape, asked: Iterable[Question]) -> None:
        """Leaves out and adds what the campaign's editors chose."""
        if "show_name" in shape.left_out:
            self.fields["comment"].help_text = _("Only the campaign’s organizers read it.")
        elif "comment" in shape.left_out:
            self.fields["show_name"].label = _("Show my name on the petition’s page")
            self.fields["show_name"].help_text = _("Shown once a moderator has read it.")
        for name in shape.left_out & self.fields.keys():
            del self.fields[name]
        for name, text in shape.help_texts.items():
            if text and name in self.fields:
                self.fields[name].help_text = text
        for question in asked:
            self.fields[answers.PREFIX + question.key] = field_for(question)

    def clean_postcode(self) -> str:
        """Enough for totals, too little to find a street."""
        return str(self.cleaned_data["postcode"][:KEPT_OF_POSTCODE])

    def clean_comment(self) -> str:
        return str(self.cleaned_data["comment"].strip())


OPTIONAL = tuple(OptionalForm.base_fields)


class OwnForm(OptionalForm):
    """What signers add to a signature. What they wrote into the sign form stands there, unsaved."""

    def __init__(
        self,
        signature: Signature,
        page: PetitionPageBase | None,
        data: Mapping[str, object] | None = None,
    ) -> None:
        self.proposal = signature.proposal
        shape = answers.shape_of(signature.petition, page)
        self.questions = shape.optional
        super().__init__(data, auto_id="own-%s", initial=initial(signature, self.proposal))
        # What is kept can be taken back, though nobody asks for it any more.
        left_out = {name for name in shape.left_out if not getattr(signature, name)}
        if signature.discreet:
            left_out.add("show_name")
        self.follow(FormShape(frozenset(left_out), shape.help_texts), self.questions)
        self.order_fields([name for name in self.fields if name != "show_name"])
        for name, field in self.fields.items():
            if isinstance(field, CleanCharField) and (text := self.initial.get(name)):
                field.widget.attrs["lang"] = spoken_in(text, signature.language)

    def chosen(self) -> dict[str, Any]:
        """What the signer has chosen. What was not sent stays as it is."""
        data, sent = self.cleaned_data, [name for name in self.fields if self._is_sent(name)]
        asked = [each for each in self.questions if answers.PREFIX + each.key in sent]
        answered = answers.given(asked, data)
        return {
            **{name: data[name] for name in OPTIONAL if name in sent},
            "answers": {each.key: answered.get(each.key) for each in asked},
        }

    def _is_sent(self, name: str) -> bool:
        widget = self.fields[name].widget
        return not widget.value_omitted_from_data(self.data, self.files, name)


def initial(signature: Signature, proposal: Mapping[str, Any]) -> dict[str, Any]:
    """What counts and, where nothing does, what is proposed; no box is ticked by that."""
    answered = {**proposal.get("answers", {}), **signature.answers}
    return {
        "postcode": signature.postcode or proposal.get("postcode", ""),
        "comment": signature.comment or proposal.get("comment", ""),
        "show_name": signature.show_name,
        **{answers.PREFIX + key: answers.as_chosen(each) for key, each in answered.items()},
    }
