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
