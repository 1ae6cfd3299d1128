"""What recipients answered, in their own words, and by when an answer is asked for."""

import uuid
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from campaigns.records.deliveries import Delivery
from campaigns.records.petitions import Petition, PetitionEvent
from library.fields import CleanScanField
from library.files import private_storage
from security import printable
from translations.languages import names

# As long as a letter of ten pages.
LONGEST = 20_000
# What every delivery asks its recipient for.
ANSWER_WITHIN = timedelta(days=30)


class ShownText(NamedTuple):
    """An answer as a reader finds it."""

    text: str
    language: str
    is_translated: bool


class AnswerQuerySet(models.QuerySet["Answer"]):
    def waiting(self) -> "AnswerQuerySet":
        return self.filter(state=Answer.State.WAITING)

    def public(self) -> "AnswerQuerySet":
        return self.filter(state=Answer.State.PUBLISHED, event__isnull=False)


class Answer(models.Model):
    """What a recipient sent. Nobody reads it before somebody of the staff has."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("not published")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="answers")
    # Its step in the timeline, once it is published.
    event = models.OneToOneField(
        PetitionEvent, on_delete=models.SET_NULL, null=True, related_name="answer"
    )
    # Whose answer it is, name and office, as they wrote it.
    signed_as = printable.CharField(_("who answers"), max_length=200)
    language = models.CharField(_("language"), max_length=names.LENGTH, choices=names.choices)
    text = printable.TextField(_("answer"), max_length=LONGEST, blank=True)
    scan = CleanScanField(_("scan"), storage=private_storage, upload_to="answers", blank=True)
    is_scan_public = models.BooleanField(_("show the scan, too"), default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    received_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects: Any = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a petition")
        verbose_name_plural = _("answers to petitions")
        # Whoever publishes a petition's page decides about its answers.
        default_permissions = ()
        ordering = ["-received_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="published") | ~models.Q(text=""),
                name="published_answer_has_its_text",
            )
        ]

    def __str__(self) -> str:
        return self.signed_as

    @property
    def petition(self) -> Petition:
        return self.delivery.petition

    @property
    def days(self) -> int | None:
        """From the delivery to the answer."""
        day = self.delivery.day
        return (self.event.date - day).days if self.event and day else None

    @property
    def translated_from(self) -> str:
        return names.translated_from(self.language)

    @cached_property
    def texts(self) -> dict[str, str]:
        """Its translations by language."""
        return {each.language: each.text for each in self.translations.all()}

    def text_in(self, language: str) -> ShownText:
        """In a reader's language, where there is a translation; else as it was written."""
        if language != self.language and language in self.texts:
            return ShownText(self.texts[language], language, True)
        return ShownText(self.text, self.language, False)

    @property
    def untranslated(self) -> list[str]:
        """The site's languages that it waits for."""
        site = [code for code, _name in settings.LANGUAGES]
        return [code for code in site if code != self.language and code not in self.texts]


class AnswerTranslation(models.Model):
    """The same words in another of the site's languages."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(max_length=names.LENGTH)
    text = printable.TextField(max_length=LONGEST)

    class Meta:
        verbose_name = _("translation of an answer")
        verbose_name_plural = _("translations of answers")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "language"], name="one_translation_per_language"
            )
        ]


def answer_due(petition: Petition) -> date | None:
    """By when an answer was asked for that has not come."""
    days = petition.first_days
    delivered, kinds = days.get(PetitionEvent.Kind.DELIVERED), PetitionEvent.Kind
    if delivered is None or kinds.REPLIED in days or kinds.HEARING in days:
        return None
    return None if petition.settled_state in petition.OVER else delivered + ANSWER_WITHIN
