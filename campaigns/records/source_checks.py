"""Whether the address of a source still answers."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SourceCheck(models.Model):
    """The last look at a source's address, by the worker or by an editor."""

    address = models.URLField(max_length=500, unique=True)
    is_dead = models.BooleanField(default=False)
    # What the server answered; 0 where none did, or where an editor looked.
    status = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)

    class Meta:
        verbose_name = _("check of a source")
        verbose_name_plural = _("checks of sources")

    def __str__(self) -> str:
        return self.address
