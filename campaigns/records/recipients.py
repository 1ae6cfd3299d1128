"""Whom a petition is handed to: an office, and the person who holds it for now.

A holder is named as long as somebody has seen lately that they hold it. Past that, or past their
term, the office stands alone. Which of the two it is, is stored, so that no clock changes what
somebody is just signing: the worker does, and the words change with their text versions.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel

from campaigns.records.cities import City
from campaigns.records.petitions import Petition
from campaigns.records.ties import refuse_future
from security import printable
from translations.languages import names
from translations.permissions import may_change

# For so long a check holds; so long before a check or a term runs out it is time to look again.
CHECK_HOLDS = timedelta(days=180)
AHEAD = timedelta(days=30)


def site_languages() -> list[tuple[str, str]]:
    """Kept out of the migration: each site has its own."""
    return list(settings.LANGUAGES)


class RecipientQuerySet(models.QuerySet["Recipient"]):
    def due(self, today: date) -> "RecipientQuerySet":
        """Those to look at: not checked for long, or at the end of a term."""
        unchecked = models.Q(checked_on=None) | models.Q(
            checked_on__lte=today - CHECK_HOLDS + AHEAD
        )
        return self.filter(unchecked | models.Q(term_until__lt=today + AHEAD))

    def outdated(self, today: date) -> "RecipientQuerySet":
        """Those still named of whom it is no longer known that they hold their office."""
        unchecked = models.Q(checked_on__lte=today - CHECK_HOLDS)
        return self.filter(unchecked | models.Q(term_until__lt=today), is_named=True)

    def with_names(self) -> "RecipientQuerySet":
        """Everything that a list shows of them, in few queries."""
        joined = self.select_related("city", "campaign", "campaign__tie")
        return joined.prefetch_related("words", "city__names__locale")


class RecipientForm(WagtailAdminModelForm):
    """A recipient with its words, which have to agree with it and with each other."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        campaign = data.get("campaign")
        if campaign and not may_change(self.for_user, campaign):
            self.add_error("campaign", _("This belongs to another campaign."))
        return data

    def is_valid(self) -> bool:
        return bool(super().is_valid()) and self._words_are_possible()

    def _words_are_possible(self) -> bool:
        forms = self.formsets["words"].forms
        filled = [form for form in forms if form.has_changed() or form.instance.pk]
        kept = [form for form in filled if not form.cleaned_data.get("DELETE")]
        if self.cleaned_data["office"] != Recipient.Office.MAYOR:
            self._refuse_untitled(kept)
        named = any(form.cleaned_data["name"] for form in kept)
        if named and not self.cleaned_data["source"]:
            self.add_error("source", _("Give the source that says so: a name needs one."))
        return not self.errors and all(form.is_valid() for form in kept)

    def _refuse_untitled(self, forms: list[Any]) -> None:
        for form in forms:
            if not form.cleaned_data["title"]:
                form.add_error(
                    "title", _("Say what this office is called: only a mayor needs none.")
                )
        if not forms:
            self.add_error(None, _("Add words that say what this office is called."))


class Recipient(ClusterableModel):
    """An office of a city, or one that a whole campaign turns to, the same in every language."""

    class Office(models.TextChoices):
        MAYOR = "mayor", _("mayor")
        COUNCIL = "council", _("council")
        COMMITTEE = "committee", _("committee")
        OTHER = "other", pgettext_lazy("office", "other")

    city = models.ForeignKey(
        City,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recipients",
        verbose_name=_("city"),
    )
    campaign = models.ForeignKey(
        Petition,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="recipients",
        verbose_name=_("campaign-wide petition"),
    )
    office = models.CharField(
        _("office"), max_length=12, choices=Office.choices, default=Office.MAYOR
    )
    email = models.EmailField(_("email address"), blank=True)
    phone = printable.CharField(_("phone"), max_length=60, blank=True)
    postal_address = printable.TextField(_("postal address"), max_length=300, blank=True)
    clerk = printable.CharField(
        _("clerk"),
        max_length=200,
        blank=True,
        help_text=_("Who takes petitions there, and how to reach them."),
    )
    term_until = models.DateField(_("last day of the term"), null=True, blank=True)
    source = printable.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_("When somebody last saw that this person holds the office."),
    )
    is_public = models.BooleanField(
        _("name the holder on public pages"),
        default=False,
        help_text=_("Addresses and phone numbers are never public."),
    )
    # Whether pages name the holder: as of the last save, or of the worker's last look.
    is_named = models.BooleanField(default=False, editable=False)

    objects = RecipientQuerySet.as_manager()

    base_form_class = RecipientForm
    panels = [
        MultiFieldPanel(
            [FieldPanel("city"), FieldPanel("campaign"), FieldPanel("office")],
            heading=_("The office"),
            help_text=_("Of a city, or one that a whole campaign turns to."),
        ),
        InlinePanel(
            "words",
            label=_("words in a language"),
            heading=_("What it is called, and who holds it"),
            help_text=_(
                "Without a name in a language, pages in it speak of the office alone. English "
                "makes the forms of a name by itself."
            ),
        ),
        MultiFieldPanel(
            [
                FieldPanel("source"),
                FieldPanel("source_url"),
                FieldPanel("checked_on"),
                FieldPanel("term_until"),
                FieldPanel("is_public"),
            ],
            heading=_("How we know the holder"),
            help_text=_(
                "Pages name the holder until the end of the term, and for 180 days after the last "
                "check. Otherwise they speak of the office alone."
            ),
        ),
        MultiFieldPanel(
            [
                FieldPanel("email"),
                FieldPanel("phone"),
                FieldPanel("postal_address"),
                FieldPanel("clerk"),
            ],
            heading=_("How to reach the office"),
        ),
    ]

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["city__key", "office", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(city=None, campaign__isnull=False)
                | models.Q(city__isnull=False, campaign=None),
                name="recipient_of_a_city_or_a_campaign",
                violation_error_message=_("Choose either a city or a campaign-wide petition."),
            ),
            models.UniqueConstraint(
                fields=["city", "office"],
                condition=models.Q(office__in=["mayor", "council"]),
                name="one_recipient_per_office",
                violation_error_message=_(
                    "This city has a recipient for this office already. Write the new holder there."
                ),
            ),
        ]

    def __str__(self) -> str:
        language = get_language() or ""
        where = self.city.name_in(language) if self.city else self.campaign
        return f"{self.title_in(language)}, {where}"

    def clean(self) -> None:
        super().clean()
        if self.campaign and self.campaign.tie_id:
            reason = _("This is a city’s petition: choose the city instead.")
            raise ValidationError({"campaign": reason})
        if self.campaign and self.office == self.Office.MAYOR:
            raise ValidationError({"office": _("A mayor belongs to a city: choose the city.")})
        try:
            if self.checked_on:
                refuse_future(self.checked_on)
        except ValidationError as error:
            raise ValidationError({"checked_on": error}) from error

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """One piece with the words that its petitions' signers read from now on."""
        self.is_named = not self.why_unnamed
        super().save(*args, **kwargs)

    @property
    def is_current(self) -> bool:
        """Whether it is known, as of today, who holds the office."""
        return not self.why_unknown

    @property
    def why_unknown(self) -> str:
        """In the reader's language; empty where the holder is known."""
        today = timezone.localdate()
        if not self.source:
            return gettext("no source")
        if self.checked_on is None:
            return gettext("never checked")
        if self.term_until and self.term_until < today:
            return gettext("term ended on %(day)s") % {"day": date_format(self.term_until)}
        if self.checked_on <= today - CHECK_HOLDS:
            return gettext("last checked on %(day)s") % {"day": date_format(self.checked_on)}
        return ""

    @property
    def why_unnamed(self) -> str:
        """Why public pages speak of the office alone; empty where they name the holder."""
        return self.why_unknown or ("" if self.is_public else gettext("not public"))

    @property
    def awaits_check(self) -> bool:
        """Whether a look at its source is all that it takes: the term goes on."""
        today = timezone.localdate()
        is_old = self.checked_on is None or self.checked_on <= today - CHECK_HOLDS + AHEAD
        ends = self.term_until is not None and self.term_until < today + AHEAD
        return bool(self.source) and is_old and not ends

    @property
    def known(self) -> str:
        """Who holds it, as far as anybody has written."""
        return "; ".join(words.name for words in self.words.all())

    def words_in(self, language: str) -> "RecipientWords | None":
        return next((words for words in self.words.all() if words.language == language), None)

    def title_in(self, language: str) -> str:
        """What the office is called; in the source language, where it has no name in this one."""
        for code in (language, settings.LANGUAGE_CODE):
            words = self.words_in(code)
            if words and words.title:
                return str(words.title)
        return str(self.get_office_display())

    def holder_in(self, language: str) -> str:
        """Empty where it is not known, or has no name in this language."""
        words = self.words_in(language)
        return str(words.name) if words and self.is_current else ""


class RecipientWords(models.Model):
    """What an office is called in one language, and who holds it."""

    recipient = ParentalKey(
        Recipient, on_delete=models.CASCADE, related_name="words", verbose_name=_("recipient")
    )
    language = models.CharField(_("language"), max_length=names.LENGTH, choices=site_languages)
    title = printable.CharField(
        pgettext_lazy("of an office", "name"),
        max_length=120,
        blank=True,
        help_text=_("Portland City Council · Міська рада Портленда. Leave it empty for a mayor."),
    )
    name = printable.CharField(
        _("holder"), max_length=120, blank=True, help_text=_("Jane Doe · Джейн Доу")
    )
    to_name = printable.CharField(
        _("to the holder"), max_length=120, blank=True, help_text=_("Only where the form differs.")
    )
    of_name = printable.CharField(
        _("of the holder"), max_length=120, blank=True, help_text=_("Only where the form differs.")
    )
    address = printable.CharField(
        _("form of address"),
        max_length=160,
        blank=True,
        help_text=_("Dear Mayor Doe, · Вельмишановна пані Доу!"),
    )

    panels = [
        FieldPanel("language"),
        FieldPanel("title"),
        FieldPanel("name"),
        FieldPanel("to_name"),
        FieldPanel("of_name"),
        FieldPanel("address"),
    ]

    class Meta:
        verbose_name = _("words about a recipient")
        verbose_name_plural = _("words about recipients")
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "language"], name="recipient_words_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.title, self.name))) or self.get_language_display()

    def form(self, name: str) -> str:
        """The holder's name in one of its forms: `name`, `to_name`, `of_name`.

        Where nobody has written the form, English needs none; elsewhere it is empty.
        """
        form: str = getattr(self, name)
        return form or (self.name if self.language == "en" else "")


def settle_names() -> int:
    """Stops naming holders of whom nobody knows any more that they hold their office."""
    outdated = list(Recipient.objects.outdated(timezone.localdate()))
    for recipient in outdated:
        recipient.save()
    return len(outdated)


NAMED_MAYOR = models.Q(recipient__office=Recipient.Office.MAYOR, recipient__is_named=True)


def named_mayors(cities: str) -> models.Prefetch:
    """Keeps the mayors whom pages may name as `mayors` of the cities, for `mayor_words`."""
    mayors = Recipient.objects.filter(office=Recipient.Office.MAYOR, is_named=True)
    lookup = f"{cities}__recipients" if cities else "recipients"
    return models.Prefetch(lookup, mayors.prefetch_related("words"), to_attr="mayors")


def mayor_words(city: City, language: str) -> RecipientWords | None:
    """What names a city's mayor in a language; None where the office stands alone."""
    if hasattr(city, "mayors"):
        found = (mayor.words_in(language) for mayor in city.mayors)
        return next(filter(None, found), None)
    return RecipientWords.objects.filter(
        NAMED_MAYOR, recipient__city=city, language=language
    ).first()


def mayor_told(city: models.OuterRef, language: models.OuterRef) -> models.Subquery:
    """The same within another query, as a dict of the words' fields."""
    words = RecipientWords.objects.filter(NAMED_MAYOR, recipient__city=city, language=language)
    fields = JSONObject(**{name: name for name in ("language", "name", "to_name", "of_name")})
    return models.Subquery(words.values(told=fields)[:1], output_field=models.JSONField())
