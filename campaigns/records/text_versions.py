"""What a signer signed."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.records.petitions import Petition

BLANK_LINE = re.compile(r"\s*\n\s*\n\s*")


@dataclass(frozen=True)
class SignedText:
    """What is put before a signer, in one language."""

    language: str
    title: str
    ask: str
    consent: str

    @property
    def consent_parts(self) -> tuple[str, str]:
        """What stands beside the box to tick, up to the first blank line, and the rest."""
        sentence, *rest = BLANK_LINE.split(self.consent.strip(), maxsplit=1)
        return sentence, "".join(rest)

    @property
    def checksum(self) -> str:
        """SHA-256 of the words, in hexadecimal digits."""
        content = json.dumps([self.language, self.title, self.ask, self.consent])
        return hashlib.sha256(content.encode()).hexdigest()


class TextVersion(models.Model):
    """The words of a petition in one language as they stood when somebody signed them."""

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.TextField()
    ask = models.TextField()
    consent = models.TextField()
    checksum = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("text version")
        verbose_name_plural = _("text versions")
        constraints = [
            models.UniqueConstraint(fields=["petition", "checksum"], name="one_text_per_checksum")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    @classmethod
    def record(cls, texts: Iterable[tuple[Petition, SignedText]]) -> None:
        """Keeps the words of petitions; those already kept stay as they are."""
        TextVersion.objects.bulk_create(
            [
                TextVersion(
                    petition=petition,
                    language=words.language,
                    title=words.title,
                    ask=words.ask,
                    consent=words.consent,
                    checksum=words.checksum,
                )
                for petition, words in texts
            ],
            ignore_conflicts=True,
        )
