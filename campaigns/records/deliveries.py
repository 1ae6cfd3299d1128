"""Handing a petition to its recipients: what was handed over, to whom and when."""

import secrets
import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.records.petitions import Petition, PetitionEvent
from security import printable

# Without signs that look alike, and without vowels, which would spell words.
CODE_SIGNS = "23456789BCDFGHJKMNPQRSTVWXZ"
CODE_LENGTH = 10


def new_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _sign in range(CODE_LENGTH))


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def ready(self) -> "DeliveryQuerySet":
        """Those whose files are made, which their code opens."""
        return self.filter(ready_at__isnull=False)

    def handed(self) -> "DeliveryQuerySet":
        return self.filter(handed_at__isnull=False)

    def by_code(self, code: str) -> "DeliveryQuerySet":
        """Of a code as somebody typed it, whatever its case and its hyphens."""
        return self.filter(code=code.replace("-", "").strip().upper())


class Delivery(models.Model):
    """Numbers, and the checksums of the files that hold them; nothing of a person."""

    class Way(models.TextChoices):
        EMAIL = "email", _("by email")
        PRINT = "print", _("on paper or in person")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Public: it opens nothing but numbers.
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="deliveries")
    # Its step in the timeline, once it is handed over.
    event = models.OneToOneField(
        PetitionEvent, on_delete=models.SET_NULL, null=True, related_name="delivery"
    )
    # As they were told in each language, like {"en": "Mayor of Portland"}.
    recipients = models.JSONField(default=dict)
    # Of the files, the recipient's first.
    languages = models.JSONField(default=list)
    # {"signatures": 1250, "versions": {checksum: n or null}, "residents",
    # "elsewhere_in_country", "abroad": n or null, "by_country": {code: n},
    # "by_language": {language: n}, "names": n, "comments": n}, folded like all that is public.
    totals = models.JSONField(default=dict)
    # SHA-256 in hexadecimal digits, by the file's name.
    checksums = models.JSONField(default=dict)
    way = models.CharField(_("how"), max_length=8, choices=Way.choices, default=Way.PRINT)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # When its numbers were counted.
    counted_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(_("day of the delivery"), null=True)
    bounced_at = models.DateTimeField(null=True)
    receipt = printable.CharField(
        _("receipt"),
        max_length=300,
        blank=True,
        help_text=_("What the recipient confirmed it with, such as a number or a stamp."),
    )

    objects: Any = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ready_at=None) | models.Q(counted_at__isnull=False),
                name="delivery_is_counted_before_ready",
            ),
            models.CheckConstraint(
                condition=models.Q(handed_at=None) | models.Q(ready_at__isnull=False),
                name="delivery_is_ready_before_handed",
            ),
            models.UniqueConstraint(
                fields=["petition"],
                condition=models.Q(handed_at=None),
                name="one_delivery_in_the_making",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} ({self.code_told})"

    @property
    def code_told(self) -> str:
        """In two groups, to be read aloud."""
        return f"{self.code[:5]}-{self.code[5:]}"

    @property
    def recipient(self) -> str:
        """As told in the reader's language, or in that of the files."""
        codes = (get_language() or "", *self.languages, *self.recipients)
        return next((str(self.recipients[code]) for code in codes if code in self.recipients), "")

    @property
    def day(self) -> date | None:
        """On which it was handed over, where the petition is, as the timeline tells it."""
        if self.event:
            return self.event.date
        return self.handed_at and self.petition.local_time(self.handed_at).date()

    def file_of(self, checksum: str) -> str | None:
        """The name of the file that has this checksum, if it is one of these."""
        found = (name for name, known in self.checksums.items() if known == checksum)
        return next(found, None)
