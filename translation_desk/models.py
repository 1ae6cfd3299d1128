"""The words that translators agree on, and the mail that they ask for."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale

from security import printable
from translations.permissions import languages_for

LETTER = re.compile(r"[^\W_]")
# A star stands for an ending, so it ends a word that has a beginning.
STAR_ALONE = re.compile(r"(?:^|[\W_])\*|\*[^\W_]")


def validate_words(value: str) -> None:
    if not LETTER.search(value):
        raise ValidationError(_("Write a word."))


def validate_forms(value: str) -> None:
    for line in value.splitlines():
        if not line.strip():
            continue
        validate_words(line)
        if STAR_ALONE.search(line):
            raise ValidationError(
                _("“%(line)s”: a star stands at the end of a word, for any ending."),
                params={"line": line.strip()},
            )


class GlossaryTerm(models.Model):
    """A word or name of the source language, and whether it is translated at all."""

    class Kind(models.TextChoices):
        TERM = "term", _("Term")
        INSTITUTION = "institution", _("Name of an institution")
        KEPT = "kept", _("Stays as it is in every language")

    term = printable.CharField(
        _("term"),
        max_length=120,
        validators=[validate_words],
        help_text=_(
            "In English, in the singular; the plural and ’s are found too. A term in capitals, "
            "like WHO, is found in capitals only."
        ),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.TERM)
    note = printable.TextField(
        _("note"), blank=True, help_text=_("What is meant, for those who translate it.")
    )

    panels = [FieldPanel("term"), FieldPanel("kind"), FieldPanel("note")]

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        ordering = [Lower("term")]
        constraints = [
            models.UniqueConstraint(
                Lower("term"),
                name="one_entry_per_term",
                violation_error_message=_("This term is in the glossary already."),
            )
        ]

    def __str__(self) -> str:
        return self.term


class GlossaryTranslationForm(WagtailAdminModelForm):
    """Offers the languages that its user works in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["locale"].queryset = languages_for(self.for_user).exclude(
            pk=Locale.get_default().pk
        )


class GlossaryTranslation(models.Model):
    """What a term may be called in one language."""

    term = models.ForeignKey(
        GlossaryTerm,
        on_delete=models.CASCADE,
        related_name="translations",
        verbose_name=_("term"),
        limit_choices_to=~models.Q(kind=GlossaryTerm.Kind.KEPT),
    )
    locale = models.ForeignKey(
        Locale, on_delete=models.CASCADE, related_name="+", verbose_name=_("language")
    )
    forms = printable.TextField(
        _("accepted forms"),
        max_length=2_000,
        validators=[validate_forms],
        help_text=_(
            "One a line, the recommended one first, as it stands in a dictionary. Where words "
            "change their endings, add lines with a star at the end of a word: місто-побратим, "
            "then міст* побратим*, accepts міста-побратими and з містами-побратимами too."
        ),
    )

    base_form_class = GlossaryTranslationForm
    panels = [FieldPanel("term"), FieldPanel("locale"), FieldPanel("forms")]

    class Meta:
        verbose_name = _("translation of a term")
        verbose_name_plural = _("translations of terms")
        ordering = [Lower("term__term"), "locale"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "locale"],
                name="one_translation_of_a_term_per_language",
                violation_error_message=_(
                    "This term is translated into this language already. Add a line there."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.term} → {self.recommended}"

    @property
    def accepted(self) -> list[str]:
        return [line.strip() for line in self.forms.splitlines() if line.strip()]

    @property
    def recommended(self) -> str:
        return next(iter(self.accepted), "")


class Digest(models.Model):
    """How often somebody wants a mail that says what waits for translation."""

    class Every(models.TextChoices):
        NEVER = "", _("never")
        DAY = "day", _("every day")
        WEEK = "week", _("every week")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest"
    )
    every = models.CharField(
        _("How often"), max_length=8, choices=Every.choices, blank=True, default=Every.NEVER
    )
    # The language of the admin when it was asked for, where the account prefers none.
    language = models.CharField(max_length=12, blank=True, editable=False)
    # The day or week for which the last one was made, like 2026-11-25 or 2026-W48.
    period = models.CharField(max_length=10, blank=True, editable=False)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")

    def __str__(self) -> str:
        return f"Digest of {self.user_id}: {self.every or 'never'}"
