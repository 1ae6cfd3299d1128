"""The pause of the whole site, beside each petition's own."""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pagecache.versions import FORGET, PAGES
from security import printable


class SitePauseQuerySet(models.QuerySet["SitePause"]):
    def lasting(self) -> "SitePauseQuerySet":
        return self.filter(ended_at=None)

    def begin(self, by: models.Model, reason: str) -> bool:
        """False where one lasts already."""
        with transaction.atomic():
            _pause, is_new = self.get_or_create(
                ended_at=None, defaults={"begun_by_id": by.pk, "reason": reason}
            )
        is_site_paused.forget()
        return is_new

    def end(self, by: models.Model) -> bool:
        """False where none lasts."""
        is_ended = self.lasting().update(ended_at=timezone.now(), ended_by_id=by.pk)
        is_site_paused.forget()
        return bool(is_ended)


class SitePause(models.Model):
    """While one lasts, nobody can sign anything. What people are asked to sign stays as it is."""

    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reason = printable.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    wagtail_reference_index_ignore = True

    objects = SitePauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause of the whole site")
        verbose_name_plural = _("pauses of the whole site")
        # Whoever reviews signatures in bulk may do it.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(ended_at=None), name="one_pause_of_the_site"
            )
        ]

    def __str__(self) -> str:
        return f"{self.begun_at} to {self.ended_at or 'now'}"


class KnownPause:
    """Whether one lasts, which each process asks once until something that pages show changes."""

    def __init__(self) -> None:
        self.is_paused: bool | None = None

    def forget(self) -> None:
        self.is_paused = None

    def __call__(self) -> bool:
        if self.is_paused is None:
            self.is_paused = SitePause.objects.lasting().exists()
        return self.is_paused


is_site_paused = KnownPause()


def watch() -> None:
    FORGET[PAGES].append(is_site_paused.forget)
