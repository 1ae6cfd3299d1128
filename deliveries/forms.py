"""What editors fill in to hand petitions over."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from campaigns.models import Delivery, Petition, PetitionEvent
from campaigns.pages.queries import named
from campaigns.permissions import petition_policy
from deliveries.packs.handing import erases_told, today
from deliveries.packs.recipients import mailbox_of
from deliveries.packs.totals import counted
from translations.languages.names import name_of

NO_SIGNATURES = gettext_lazy("Nobody has signed “%(petition)s” yet: there is nothing to hand over.")
NO_PAGE = gettext_lazy("“%(petition)s” has no public page in this language.")
NO_MAILBOX = gettext_lazy(
    "No address is known for the recipient of “%(petition)s”: enter one, or choose paper."
)


class PrepareForm(forms.Form):
    petitions = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Petitions"),
        queryset=Petition.objects.none(),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=gettext_lazy("Those that somebody has signed. Several can be chosen at once."),
        error_messages={
            "required": gettext_lazy("Choose a petition."),
            "invalid_choice": gettext_lazy(
                "One of these cannot be handed over now: somebody else is just preparing it, or "
                "nobody has signed it. Choose again."
            ),
        },
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the recipient"),
        choices=lambda: [(code, name_of(code)) for code, _name in settings.LANGUAGES],
        help_text=gettext_lazy("The campaign’s other languages are added as files of their own."),
    )
    way = forms.ChoiceField(
        label=gettext_lazy("How"), choices=Delivery.Way.choices, widget=forms.RadioSelect
    )
    email = forms.EmailField(
        label=gettext_lazy("Email address of the recipient"),
        required=False,
        help_text=gettext_lazy(
            "For a delivery by email. Left empty, it goes to the address under Recipients. It is "
            "deleted with the files, and from the link to answer by once an answer has come, or "
            "after a year."
        ),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.mailboxes: dict[Any, str] = {}
        field: Any = self.fields["petitions"]
        own = petition_policy.own(user, "publish").with_names()
        waiting = Delivery.objects.filter(petition=OuterRef("pk"), handed_at=None)
        field.queryset = own.signed().filter(~Exists(waiting))
        self.names = named(field.queryset)
        field.label_from_instance = lambda petition: self.names[petition.pk]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        petitions = list(data.get("petitions") or ())
        for petition in petitions:
            self._refuse(petition, str(data.get("language", "")))
        if data.get("way") == Delivery.Way.EMAIL and "email" not in self.errors:
            self._find_mailboxes(petitions)
        return data

    def _refuse(self, petition: Petition, language: str) -> None:
        name = {"petition": self.names.get(petition.pk, "")}
        if not counted(petition).exists():
            self.add_error("petitions", ValidationError(NO_SIGNATURES % name))
        elif petition.live_page(language) is None:
            self.add_error("language", ValidationError(NO_PAGE % name))

    def _find_mailboxes(self, petitions: list[Petition]) -> None:
        """What was typed is of one recipient; the others' are known or missing."""
        typed = self.cleaned_data.get("email")
        if typed and len(petitions) > 1:
            reason = _("One address is for one recipient: leave it empty for several petitions.")
            self.add_error("email", ValidationError(reason))
            return
        self.mailboxes = {each.pk: typed or mailbox_of(each) for each in petitions}
        for petition in petitions:
            if not self.mailboxes[petition.pk]:
                name = {"petition": self.names[petition.pk]}
                self.add_error("email", ValidationError(NO_MAILBOX % name))

    def languages(self) -> list[str]:
        """The recipient's first."""
        first = self.cleaned_data["language"]
        return [first, *(code for code, _name in settings.LANGUAGES if code != first)]


class SureForm(forms.Form):
    """Says what a delivery sets going, where it has signers erased sooner."""

    is_sure = forms.BooleanField(
        label=gettext_lazy("Yes, that is meant"),
        error_messages={"required": gettext_lazy("Tick the box if that is meant.")},
    )

    def __init__(self, *args: Any, delivery: Delivery, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.delivery = delivery
        self.erases = erases_told(delivery.petition, today(delivery.petition))
        if self.erases:
            self.fields["is_sure"].help_text = self.erases
        else:
            del self.fields["is_sure"]


class HandOverForm(SureForm):
    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    receipt = forms.CharField(
        label=gettext_lazy("Receipt"),
        max_length=300,
        required=False,
        help_text=Delivery._meta.get_field("receipt").help_text,
    )
    field_order = ["day", "receipt", "is_sure"]

    def clean_day(self) -> date:
        """Between the day of its numbers and today, where the petition is."""
        day: date = self.cleaned_data["day"]
        petition, counted_at = self.delivery.petition, self.delivery.counted_at
        if day > today(petition):
            raise ValidationError(_("This day has not come yet."))
        if counted_at and day < petition.local_time(counted_at).date():
            raise ValidationError(_("Its numbers were counted later than that."))
        kind = PetitionEvent.Kind.DELIVERED
        try:
            PetitionEvent(petition=petition, kind=kind, date=day).clean()
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return day
