"""What limits count, and what tells a real site from a demo."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Bucket(models.Model):
    """How much of something was done lately, by or to somebody known by a keyed hash alone."""

    key = models.CharField(max_length=64, unique=True)
    # Seconds since 1970. An empty bucket says nothing and is deleted.
    empty_at = models.FloatField(db_index=True)

    def __str__(self) -> str:
        return self.key


class RealSite(models.Model):
    """Its one row says that production settings have used this database."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_row_says_real_site")
        ]

    def __str__(self) -> str:
        return f"real since {self.since}"


class DemoLogin(models.Model):
    """A user that the demo made; no real site lets it in."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="demo_login",
    )

    def __str__(self) -> str:
        return f"the demo's login {self.pk}"
