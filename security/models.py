"""What limits count, which keys are in use, what tells a real site, and who did what with data."""

import hashlib
import hmac
import secrets
import uuid
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from security.encryption import EncryptedTextField


class Bucket(models.Model):
    """How much of something was done lately, by or to somebody known by a keyed hash alone."""

    key = models.CharField(max_length=64)
    # Seconds since 1970. An empty bucket says nothing and is deleted. It has no index, so that
    # PostgreSQL fills a bucket where it lies: whoever deletes those looks through a day's at most.
    empty_at = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="one_bucket_of_a_key")]

    def __str__(self) -> str:
        return self.key


class DayKey(models.Model):
    """The secret by which network addresses are known within a day, and never after it."""

    day = models.DateField(primary_key=True)
    secret = EncryptedTextField()

    def __str__(self) -> str:
        return f"key of {self.day}"

    @classmethod
    def of(cls, day: date) -> "DayKey":
        """The same in every process: whoever comes first makes it."""
        return cls.objects.get_or_create(day=day, defaults={"secret": secrets.token_hex(32)})[0]

    @classmethod
    def forget(cls, today: date) -> int:
        """Deletes those whose days are over but the last, whose hours others may not have left."""
        return cls.objects.filter(day__lt=today - timedelta(days=1)).delete()[0]

    def hash(self, text: str) -> str:
        """HMAC-SHA-256 in hexadecimal digits."""
        return hmac.new(bytes.fromhex(self.secret), text.encode(), hashlib.sha256).hexdigest()


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


class AuditEntry(models.Model):
    """One act on one row, by one of the staff or by the worker. `security.audit` writes it.

    The database refuses to change or remove it: see the migration 0002_audit_log.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    act = models.CharField(max_length=60)
    # A user's number and no key, so that deleting the user touches nothing here. None: the worker.
    by = models.PositiveBigIntegerField(null=True)
    # The row's key, as a text; never what the row says of anybody.
    row = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("entry of the log of acts")
        verbose_name_plural = _("entries of the log of acts")
        # Nobody adds, changes or deletes one by a form.
        default_permissions = ("view",)
        indexes = [models.Index(fields=["row", "-at"], name="audit_of_row")]

    def __str__(self) -> str:
        return f"{self.act} {self.row}"


class UsedKey(models.Model):
    """A key of `FIELD_KEYS` that something in the database may need, known by its id."""

    id = models.CharField(primary_key=True, max_length=40)
    # When it first was the one that encrypts.
    since = models.DateTimeField(default=timezone.now)
    # Something sealed under it, which no other key of the same id opens.
    proof = models.TextField()

    def __str__(self) -> str:
        return self.id


# What nobody has decided by then is asked anew.
GRANT_WITHIN = timedelta(days=7)


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def waiting(self) -> "ApprovalQuerySet":
        since = timezone.now() - GRANT_WITHIN
        return self.filter(state=Approval.State.WAITING, asked_at__gt=since)


class Approval(models.Model):
    """An act that takes two persons: one has asked for it, and another is to grant it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a second person")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # A name of `two_persons.acts`, and the key of what it is to be done to.
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=64)
    reason = models.TextField()
    # Of somebody whose account is deleted nothing waits.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    # Why it was refused.
    answer = models.TextField(blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("act of two persons")
        verbose_name_plural = _("acts of two persons")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="granted", decided_by=models.F("asked_by")),
                name="nobody_grants_ones_own",
            ),
            models.UniqueConstraint(
                fields=["act", "subject"],
                condition=models.Q(state="waiting"),
                name="one_approval_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"


class PolicyReport(models.Model):
    """What browsers were kept from by our policy, counted."""

    directive = models.CharField(max_length=60)
    blocked = models.CharField(max_length=100)
    # The pattern of our address, without what stood in it.
    page = models.CharField(max_length=200)
    number = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["directive", "blocked", "page"], name="one_policy_report_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.directive} blocked {self.blocked} on {self.page}"


class Refused(models.Model):
    """How many acts an hour were one too many, for whoever watches the site."""

    hour = models.DateTimeField(primary_key=True)
    number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} h: {self.number}"

    @classmethod
    def count(cls) -> None:
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        one_more = {"number": models.F("number") + 1}
        if not cls.objects.filter(hour=hour).update(**one_more):
            Refused.objects.bulk_create([Refused(hour=hour)], ignore_conflicts=True)
            cls.objects.filter(hour=hour).update(**one_more)
