"""What a translator's work is beside the texts themselves."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslationState(models.Model):
    """How a translation stands, beyond what wagtail-localize's record of it tells.

    `stale_since` is when a translation that was complete last stopped being so, and empty for one
    that has not been complete yet. A translator who may not publish hands over: `ready_at`.
    """

    translation = models.OneToOneField(
        "wagtail_localize.Translation", on_delete=models.CASCADE, related_name="state"
    )
    stale_since = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    ready_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("state of a translation")
        verbose_name_plural = _("states of translations")

    def __str__(self) -> str:
        return f"State of {self.translation_id}"


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
    # The day or week for which the last one was made, like 2026-11-25 or 2026-W48.
    period = models.CharField(max_length=10, blank=True, editable=False)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")

    def __str__(self) -> str:
        return f"Digest of {self.user_id}: {self.every or 'never'}"
