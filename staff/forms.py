"""Whom to invite, and who works where."""

from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.users.forms import UserEditForm

from accounts.models import User
from accounts.roles import EDITORS, TRANSLATORS
from security import audit
from staff.assigning import EVERYWHERE, NAMES, Assignment, assign, campaign_names
from staff.invitations import free_username, invite
from translations.languages.names import name_of

LABELS = {
    "editor": gettext_lazy("Editor: writes campaigns"),
    "moderator": gettext_lazy("Moderator: publishes, and reads what signers want shown"),
    "translator": gettext_lazy("Translator: works in the languages chosen below"),
    "officer": gettext_lazy("Data officer: answers for signers’ data"),
    "administrator": gettext_lazy("Administrator: everything, people and settings included"),
}
# In a list of what somebody does.
NOUNS = {
    "editor": gettext_lazy("Editor"),
    "moderator": gettext_lazy("Moderator"),
    "translator": gettext_lazy("Translator"),
    "officer": gettext_lazy("Data officer"),
    "administrator": gettext_lazy("Administrator"),
}
Choices = list[tuple[str, Any]]


def role_choices() -> Choices:
    return [(name, LABELS[name]) for name in NAMES]


def campaign_choices() -> Choices:
    return [(EVERYWHERE, _("Every campaign, later ones included")), *campaign_names().items()]


def language_choices() -> Choices:
    languages = [(code, name_of(code)) for code, _name in settings.LANGUAGES]
    return [(EVERYWHERE, _("Every language")), *languages]


def assignment_in_words(assignment: Assignment) -> str:
    """“Editor: End the ties (may publish)”"""
    words = str(NOUNS[assignment.role.name])
    if place := place_in_words(assignment):
        words = f"{words}: {place}"
    return _("%s (may publish)") % words if assignment.publishes else words


def place_in_words(assignment: Assignment) -> str:
    if not assignment.role.page_rights:
        return ""
    choices = language_choices if assignment.role is TRANSLATORS else campaign_choices
    known = dict(choices())
    return str(known.get(assignment.place, assignment.place)) or _("nowhere yet")


class AssignmentForm(forms.Form):
    """A role, and the campaigns or languages in which somebody has it."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=role_choices, widget=forms.RadioSelect
    )
    campaigns = forms.MultipleChoiceField(
        label=gettext_lazy("Campaigns"),
        help_text=gettext_lazy("For an editor."),
        choices=campaign_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        help_text=gettext_lazy("For a translator."),
        choices=language_choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    publish = forms.BooleanField(
        label=gettext_lazy("May publish there"),
        help_text=gettext_lazy(
            "An editor or translator who may not hands work to a moderator instead."
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role = NAMES.get(cleaned.get("role", ""))
        if role is EDITORS and not cleaned.get("campaigns"):
            self.add_error("campaigns", _("Choose the campaigns on which the editor works."))
        if role is TRANSLATORS and not cleaned.get("languages"):
            self.add_error("languages", _("Choose the languages in which the translator works."))
        return cleaned

    @transaction.atomic
    def assign(self, user: User, by: User) -> None:
        """What the role has no use for is not looked at."""
        role = NAMES[self.cleaned_data["role"]]
        chosen = {EDITORS: "campaigns", TRANSLATORS: "languages"}.get(role)
        places = self.cleaned_data[chosen] if chosen else [""]
        if EVERYWHERE in places:
            places = [EVERYWHERE]
        for place in places:
            assign(user, role, place, publish=bool(chosen) and self.cleaned_data["publish"], by=by)


class InvitationForm(AssignmentForm, forms.ModelForm):
    """Somebody new, who gets an email with a link to choose a password."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of the invitation"),
        choices=lambda: language_choices()[1:],
        initial=get_language,
    )
    field_order = ("email", "first_name", "last_name", "language")

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # As in Wagtail's form: the log of what was done names people.
        self.fields["first_name"].required = self.fields["last_name"].required = True

    @transaction.atomic
    def send(self, by: User) -> User:
        user: User = super().save(commit=False)
        user.username = free_username(user.email)
        user.set_unusable_password()
        user.save()
        audit.record("user.invited", by, [user.pk])
        self.assign(user, by)
        invite(user, self.cleaned_data["language"])
        return user


class PersonForm(UserEditForm):
    """Wagtail's, in which none but a superuser makes a superuser."""

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by.is_superuser:
            self.fields.pop("is_superuser", None)
