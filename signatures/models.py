"""Who signed."""

import hashlib
import hmac
import secrets
import uuid
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_countries.fields import CountryField

from campaigns.models import Petition, TextVersion
from signatures.crypto import EncryptedJSONField, EncryptedTextField
from signatures.release import (
    PARTS,
    PUBLIC_COMMENT,
    PUBLIC_NAME,
    Release,
    checksum,
    in_state,
    state_after,
)

CONFIRM_WITHIN = timedelta(days=7)
CODE_TRIES = 5


class HashKey(models.Model):
    """A secret that makes keyed hashes: a campaign's own, or (with no campaign) the site's.

    Hashes of the same mailbox in two campaigns have nothing in common, and once a campaign's
    key is deleted, its hashes say nothing any more.
    """

    campaign = models.OneToOneField(Petition, on_delete=models.PROTECT, null=True)
    secret = EncryptedTextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(campaign=None), name="one_hash_key_of_the_site"
            )
        ]

    def __str__(self) -> str:
        return f"hash key of {self.campaign_id or 'the site'}"

    @classmethod
    def of(cls, campaign: Petition | None) -> "HashKey":
        return cls.objects.get_or_create(
            campaign=campaign, defaults={"secret": secrets.token_hex(32)}
        )[0]

    def hash(self, text: str) -> str:
        """HMAC-SHA-256 in hexadecimal digits."""
        return hmac.new(bytes.fromhex(self.secret), text.encode(), hashlib.sha256).hexdigest()


class SignatureQuerySet(models.QuerySet["Signature"]):
    def confirmed(self) -> "SignatureQuerySet":
        return self.filter(status=Signature.Status.CONFIRMED)

    def of_campaign(self, campaign: Petition) -> "SignatureQuerySet":
        return self.filter(Q(petition=campaign) | Q(petition__parent=campaign))

    def expired(self) -> "SignatureQuerySet":
        return self.filter(
            status=Signature.Status.PENDING, asked_at__lte=timezone.now() - CONFIRM_WITHIN
        )

    def with_public_name(self) -> "SignatureQuerySet":
        """Those whose names everybody may read."""
        return self.confirmed().filter(PUBLIC_NAME)

    def with_public_comment(self) -> "SignatureQuerySet":
        return self.confirmed().filter(PUBLIC_COMMENT)

    def awaiting_moderation(self, part: str) -> "SignatureQuerySet":
        return self.confirmed().filter(in_state(part, Release.WAITING))

    def people(self) -> int:
        """Distinct people: somebody who signed for two cities counts once."""
        return self.values("mailbox_key", "seat").distinct().count()


class Signature(models.Model):
    """One person's support of one petition."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        INVALIDATED = "invalidated", _("invalidated")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="signatures")
    text = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="signatures")
    language = models.CharField(max_length=12)
    # The person, known by keyed hashes only; seat 1 is a second person with the same mailbox.
    mailbox_key = models.CharField(max_length=64)
    name_key = models.CharField(max_length=64)
    seat = models.PositiveSmallIntegerField(default=0)
    email = EncryptedTextField()
    name = EncryptedTextField()
    comment = EncryptedTextField(blank=True)
    # To the editors' own questions, by their keys.
    answers = EncryptedJSONField(default=dict, blank=True)
    country = CountryField()
    # The first characters only, enough for totals.
    postcode = models.CharField(max_length=4, blank=True)
    lives_here = models.BooleanField(null=True)
    show_name = models.BooleanField(default=False)
    wants_updates = models.BooleanField(default=False)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    # What moderators say of the name and the comment, and checksums of what they said it of.
    name_state = models.CharField(max_length=12, choices=Release.choices, default=Release.NONE)
    name_checksum = models.CharField(max_length=64, blank=True)
    comment_state = models.CharField(max_length=12, choices=Release.choices, default=Release.NONE)
    comment_checksum = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    anonymised_at = models.DateTimeField(null=True)
    # Raising a generation makes the codes or links mailed before worthless.
    generation = models.PositiveIntegerField(default=0)
    code_generation = models.PositiveIntegerField(default=0)
    code_tries = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True)
    mail_count = models.PositiveSmallIntegerField(default=0)
    is_demo = models.BooleanField(default=False)

    # Pages of the admin that list where a petition is used are no place for signers.
    wagtail_reference_index_ignore = True

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        permissions = [
            ("moderate_comments", gettext_noop("Can moderate names and comments")),
            ("decide_erasure", gettext_noop("Can decide when signers are erased")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "mailbox_key", "seat"], name="one_signature_per_seat"
            ),
            models.CheckConstraint(condition=Q(seat__in=(0, 1)), name="two_seats_per_mailbox"),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(confirmed_at__isnull=False),
                name="confirmed_has_its_time",
            ),
        ]
        indexes = [
            # Counting, and the newest signers. Not partial: SQLite uses a partial index only for
            # a condition written out, and Django passes the status as a parameter.
            models.Index(
                fields=["petition", "status", "-confirmed_at"], name="signature_confirmed"
            ),
            # The people of a campaign.
            models.Index(
                fields=["petition", "status", "mailbox_key", "seat"], name="signature_people"
            ),
            # Expiry.
            models.Index(
                fields=["asked_at"], condition=Q(status="pending"), name="signature_pending"
            ),
            # The moderators' queue.
            models.Index(
                fields=["confirmed_at", "id"],
                condition=Q(name_state="waiting") | Q(comment_state="waiting"),
                name="signature_waiting",
            ),
            # The newest names and comments on a petition's page.
            models.Index(
                fields=["petition", "name_state", "-confirmed_at"], name="signature_names"
            ),
            models.Index(
                fields=["petition", "-confirmed_at"],
                condition=Q(comment_state="released"),
                name="signature_comments",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_confirmed(self) -> bool:
        return self.status == self.Status.CONFIRMED

    @property
    def can_be_confirmed(self) -> bool:
        fresh = self.asked_at > timezone.now() - CONFIRM_WITHIN
        return self.status == self.Status.PENDING and fresh

    @property
    def number(self) -> int:
        """Which one it is among the petition's confirmed signatures, counting from 1."""
        earlier = Q(confirmed_at__lt=self.confirmed_at) | Q(
            confirmed_at=self.confirmed_at, id__lt=self.id
        )
        return Signature.objects.confirmed().filter(earlier, petition=self.petition_id).count() + 1

    def _move(self, source: Status, target: Status, **changes: Any) -> bool:
        """Changes the status in one statement, so that of two callers only one does it."""
        changed = Signature.objects.filter(pk=self.pk, status=source).update(
            status=target, **changes
        )
        self.refresh_from_db()
        return bool(changed)

    def confirm(self) -> bool:
        """Counts the signature. False when there was nothing to confirm."""
        if not self.can_be_confirmed:
            return False
        with transaction.atomic():
            confirmed = self._move(
                self.Status.PENDING,
                self.Status.CONFIRMED,
                confirmed_at=timezone.now(),
                withdrawn_at=None,
            )
            self.submit_to_moderators()
        return confirmed

    def withdraw(self) -> bool:
        """Takes the signature back; the count falls at once."""
        return self._move(self.Status.CONFIRMED, self.Status.WITHDRAWN, withdrawn_at=timezone.now())

    def submit_to_moderators(self) -> None:
        """Lets wait what is to be shown and no moderator has read as it now stands.

        To be called, in the same transaction, after whatever may have changed that: a confirmation
        and what the signer chooses. Does nothing for a signature that is not confirmed.
        """
        with transaction.atomic():
            # What a moderator decides meanwhile is not written over.
            self.refresh_from_db(from_queryset=Signature.objects.select_for_update())
            if self.is_confirmed:
                self.set_release_states()
                columns = [f"{part}_{column}" for part in PARTS for column in ("state", "checksum")]
                self.save(update_fields=columns)

    def set_release_states(self) -> None:
        wanted = {"name": self.show_name, "comment": bool(self.comment)}
        for part, is_wanted in wanted.items():
            now = checksum(self.pk, part, getattr(self, part))
            is_same = getattr(self, f"{part}_checksum") == now
            state = state_after(getattr(self, f"{part}_state"), is_same, is_wanted)
            setattr(self, f"{part}_state", state)
            setattr(self, f"{part}_checksum", now)

    def choose_display(self, show_name: bool) -> None:
        """What the signer wants; what moderators say stands above it."""
        with transaction.atomic():
            Signature.objects.filter(pk=self.pk).update(show_name=show_name)
            self.submit_to_moderators()

    def use_try(self) -> bool:
        """Uses up one of the five tries at the mailed code; False when none is left."""
        left = Signature.objects.filter(pk=self.pk, code_tries__lt=CODE_TRIES)
        return bool(left.update(code_tries=F("code_tries") + 1))


class Suppression(models.Model):
    """A mailbox that asked never to be written to again, known by its keyed hash alone."""

    mailbox_key = models.CharField(max_length=64, primary_key=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.mailbox_key

    @staticmethod
    def key(canonical_address: str) -> str:
        return HashKey.of(None).hash(canonical_address)

    @classmethod
    def add(cls, canonical_address: str) -> None:
        cls.objects.get_or_create(mailbox_key=cls.key(canonical_address))

    @classmethod
    def covers(cls, canonical_address: str) -> bool:
        return cls.objects.filter(mailbox_key=cls.key(canonical_address)).exists()


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def of(self, petition: uuid.UUID | None) -> "ErasureQuerySet":
        """One petition's, or all."""
        return self.filter(petition=petition) if petition else self.all()


class Erasure(models.Model):
    """What is known of an erasure to come. Other dates of its act make it another one."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="erasures")
    # `retention.Act.key`
    act = models.CharField(max_length=60)
    # When it was first seen that the act was entered. No form writes it.
    recorded_at = models.DateTimeField()
    # Since when staff are told of it, and when the worker last looked at it.
    announced_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    stopped_until = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = ErasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["petition", "act"], name="one_erasure_per_act")
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.act}"
