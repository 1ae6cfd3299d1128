"""What whoever runs the site has done, so that it is seen when nobody does it any more."""

from django.db import models
from django.utils import timezone


class Done(models.Model):
    """When something was last done: one row for each kind."""

    BACKUP = "backup"
    ERASURES = "erasures"
    RESTORE = "restore"
    RECOUNT = "recount"

    what = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def note(cls, what: str) -> None:
        cls.objects.update_or_create(what=what, defaults={"at": timezone.now()})
