"""Who signed."""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from itertools import islice

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django_countries.fields import CountryField

from campaigns.models import Petition, TextVersion
from security.encryption import EncryptedJSONField, EncryptedTextField
from signatures.person import TAKEN_BACK, by_the_day, middle_of_day
from signatures.release import (
    PARTS,
    PUBLIC_COMMENT,
    PUBLIC_NAME,
    Release,
    checksum,
    in_state,
    is_checksum,
    state_after,
)

CONFIRM_WITHIN = timedelta(days=7)


class DestroyedKeyError(Exception):
    """Nobody can be told any more from those who signed before: so nobody signs."""


class HashKeyQuerySet(models.QuerySet["HashKey"]):
    def of_campaigns(self) -> "HashKeyQuerySet":
        """Those that still make hashes."""
        return self.exclude(campaign=None).exclude(secret="")

    def destroyed(self) -> "HashKeyQuerySet":
        return self.filter(secret="")


class HashKey(models.Model):
    """A secret that makes keyed hashes: a campaign's own, or (with no campaign) the site's.

    Hashes of the same mailbox in two campaigns have nothing in common, and once a campaign's
    key is destroyed, its hashes say nothing any more. Its row stays, so that no other is made.
    """

    campaign = models.OneToOneField(Petition, on_delete=models.PROTECT, null=True)
    # Empty once it is destroyed.
    secret = EncryptedTextField(blank=True)
    # Since when the worker sees that nobody needs it.
    idle_since = models.DateTimeField(null=True)

    objects = HashKeyQuerySet.as_manager()

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
        """HMAC-SHA-256 in hexadecimal digits.

        Raises: DestroyedKeyError.
        """
        if not self.secret:
            raise DestroyedKeyError(str(self))
        return hmac.new(bytes.fromhex(self.secret), text.encode(), hashlib.sha256).hexdigest()


class SignatureQuerySet(models.QuerySet["Signature"]):
    def confirmed(self) -> "SignatureQuerySet":
        return self.filter(status=Signature.Status.CONFIRMED)

    def with_own_page(self) -> "SignatureQuerySet":
        """Those whose mailed links open something.

        Nobody was ever given the link of one that was never confirmed. Who took theirs back finds
        out by it that it is so.
        """
        status = Signature.Status
        known = Q(anonymised_at=None) | Q(status=status.WITHDRAWN)
        return self.filter(known).exclude(status=status.PENDING)

    def of_campaign(self, campaign: Petition) -> "SignatureQuerySet":
        return self.filter(Q(petition=campaign) | Q(petition__parent=campaign))

    def of_mailbox(self, petition: Petition, mailbox_key: str) -> "SignatureQuerySet":
        """Its seats, in their order."""
        return self.filter(petition=petition, mailbox_key=mailbox_key).order_by("seat")

    def unclaimed(self) -> "SignatureQuerySet":
        """Those that nobody confirmed, and that nothing is left to confirm by."""
        return self.filter(status=Signature.Status.PENDING, submissions=None).not_held()

    def not_held(self) -> "SignatureQuerySet":
        """Those that no legal hold keeps as they are; one that is over keeps nothing."""
        held = Hold.objects.active().filter(signature=models.OuterRef("pk"))
        return self.exclude(models.Exists(held))

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
    # Safety mode: whoever sees the signer's mails learns nothing of what was signed.
    discreet = models.BooleanField(default=False)
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
    # Raising it makes the links mailed before worthless.
    generation = models.PositiveIntegerField(default=0)
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
            models.CheckConstraint(
                condition=Q(discreet=False) | Q(show_name=False), name="discreet_is_never_public"
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
            # All that a mailbox has signed, for its holder.
            models.Index(fields=["mailbox_key"], name="signature_mailbox"),
            # Expiry.
            models.Index(
                fields=["asked_at"], condition=Q(status="pending"), name="signature_pending"
            ),
            # The moderators' desk: it holds all that is looked at to count, and to order the keys
            # of, what waits, so that a queue of 100,000 opens at once.
            models.Index(
                fields=[
                    "petition",
                    "status",
                    "name_state",
                    "comment_state",
                    "show_name",
                    "anonymised_at",
                    "confirmed_at",
                    "id",
                ],
                name="signature_moderation",
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
    def number(self) -> int:
        """Which one it is among the petition's confirmed signatures, counting from 1."""
        earlier = Q(confirmed_at__lt=self.confirmed_at) | Q(
            confirmed_at=self.confirmed_at, id__lt=self.id
        )
        return Signature.objects.confirmed().filter(earlier, petition=self.petition_id).count() + 1

    def withdraw(self) -> bool:
        """Takes the signature back; the count falls at once. False when it did not count.

        Nothing stays of the person, nor of what else they sent: to come back, one signs again.
        """
        with transaction.atomic():
            counted = Signature.objects.confirmed().filter(pk=self.pk)
            held = counted.select_for_update().first()
            if held is None:
                return False
            Submission.objects.of_person(held).delete()
            today = middle_of_day(timezone.now())
            counted.update(
                status=self.Status.WITHDRAWN,
                **{**TAKEN_BACK, **by_the_day("asked_at")},
                withdrawn_at=today,
                anonymised_at=today,
            )
            Erased.objects.record(Erased.What.WITHDRAWN, [self.pk])
        return True

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
        # A comment stands beside its writer's name, or nowhere.
        wanted = {"name": self.show_name, "comment": bool(self.comment) and not self.discreet}
        for part, is_wanted in wanted.items():
            text, before = getattr(self, part), getattr(self, f"{part}_checksum")
            is_same = is_checksum(before, self.pk, part, text)
            state = state_after(getattr(self, f"{part}_state"), is_same, is_wanted)
            setattr(self, f"{part}_state", state)
            setattr(self, f"{part}_checksum", checksum(self.pk, part, text))

    def choose_display(self, show_name: bool) -> None:
        """What the signer wants; what moderators say stands above it."""
        with transaction.atomic():
            # In safety mode nobody's name is public.
            public = Q(discreet=False) if show_name else Q()
            Signature.objects.filter(public, pk=self.pk).update(show_name=show_name)
            if not show_name:
                Erased.objects.record(Erased.What.SHOWN_NAME, [self.pk])
            self.submit_to_moderators()


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def live(self) -> "SubmissionQuerySet":
        """Those whose seven days go on: from the last mail or, before any, from the post."""
        since = timezone.now() - CONFIRM_WITHIN
        return self.filter(Q(mailed_at__gt=since) | Q(mailed_at=None, created_at__gt=since))

    def expired(self) -> "SubmissionQuerySet":
        until = timezone.now() - CONFIRM_WITHIN
        # Each was made before it was mailed, so that the index on that serves both.
        old = self.filter(created_at__lte=until)
        return old.filter(Q(mailed_at=None) | Q(mailed_at__lte=until))

    def beside(self, signature: Signature) -> "SubmissionQuerySet":
        """All that was sent for the petition from the signature's mailbox, in whatever seat."""
        return self.filter(
            signature__petition=signature.petition_id, signature__mailbox_key=signature.mailbox_key
        )

    def of_person(self, signature: Signature) -> "SubmissionQuerySet":
        """Those of them that are the signer's own: another person may share the mailbox."""
        sent = self.beside(signature)
        return sent.filter(pk__in=[each.pk for each in sent if each.is_of(signature)])

    def waiting(self, mailbox: str) -> "SubmissionQuerySet":
        """Those for which a mail to the mailbox is due, the oldest first."""
        found = self.live().filter(mailbox=mailbox, is_waiting=True)
        return found.order_by("created_at", "id")


class Submission(models.Model):
    """What somebody sent by the form: a proposal, until the holder of the mailbox confirms it.

    Its content never changes. So a link confirms what stood in the form when its mail was made,
    whatever was sent since.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="submissions")
    text = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=12)
    # The person, and all that was answered, under the names of `Signature`'s own fields.
    details = EncryptedJSONField()
    # A keyed hash of all that would count, by which the same sent twice is known.
    content_key = models.CharField(max_length=64)
    # A hash with the site's key, the same in every campaign, for as long as there is to mail.
    mailbox = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    confirmed_at = models.DateTimeField(null=True)
    # For its mail: the first one, or another that was asked for.
    is_waiting = models.BooleanField(default=True)
    # The job that carries it, so that a job tried again sends the same mail again.
    job = models.UUIDField(null=True)
    # Of one that the day's mails left out: when there may be another.
    mail_after = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            # Of what is the same; what differs waits for a mail of its own.
            models.UniqueConstraint(
                fields=["signature", "content_key"],
                condition=Q(is_waiting=True),
                name="one_of_the_same_waits",
            )
        ]
        indexes = [
            # What the day's mails left out.
            models.Index(
                fields=["mail_after"],
                condition=Q(mail_after__isnull=False),
                name="submission_mail_after",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)

    def is_of(self, signature: Signature) -> bool:
        """Whether the person is the same: two may share a mailbox."""
        return bool(self.details["name_key"] == signature.name_key)

    def proposed(self) -> Signature:
        """The signature that it asks for, not stored."""
        return Signature(
            petition=self.signature.petition, text=self.text, language=self.language, **self.details
        )


class HourlyCountries(models.Model):
    """A petition's signatures by country as they were first asked for within an hour."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField(db_index=True)
    numbers = models.JSONField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["petition", "hour"], name="one_count_of_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.hour}"


class Suppression(models.Model):
    """Somebody who asked never to be written to again, known by a keyed hash alone."""

    # `emails.reader_of`: of all spellings that one person reads.
    mailbox_key = models.CharField(max_length=64, primary_key=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.mailbox_key

    @classmethod
    def add(cls, mailbox_key: str) -> None:
        with transaction.atomic():
            cls.objects.get_or_create(mailbox_key=mailbox_key)
            Erased.objects.record(Erased.What.MAILBOX, [mailbox_key])


class Allowance(models.Model):
    """One of the few times that something may be done for a mailbox within 24 hours."""

    class Kind(StrEnum):
        MAIL = "mail"
        # Of these mails, those that anybody may have asked for.
        LINK = "link"
        TRY = "try"

    # A hash with the site's key.
    mailbox = models.CharField(max_length=64)
    kind = models.CharField(max_length=4)
    number = models.PositiveSmallIntegerField()
    # Until then it is used up; afterwards it says nothing and is deleted.
    free_at = models.DateTimeField(db_index=True)
    # The job that uses it, which needs no other when it is tried again.
    holder = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "kind", "number"], name="one_of_its_number")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


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


class ErasedManager(models.Manager["Erased"]):
    def record(self, what: "Erased.What", subjects: Iterable[object], number: int = 0) -> None:
        """In the transaction of the act itself, so that none is without the other."""
        rows = (Erased(what=what, subject=str(subject), number=number) for subject in subjects)
        while batch := list(islice(rows, 1000)):
            self.bulk_create(batch)


class Erased(models.Model):
    """What was taken away for good: written to beside the backups, and done anew after a restore.

    Ids alone: without the database that they are of, they say nothing of anybody.
    """

    class What(StrEnum):
        """Lists of older versions hold these values: none is ever given another meaning."""

        # A signature with all that its person sent for the petition.
        SIGNATURE = "signature"
        # The person in a signature, which goes on counting.
        PERSON = "person"
        # What was sent and not confirmed.
        SUBMISSION = "submission"
        WITHDRAWN = "withdrawn"
        # The wish to have one's name shown.
        SHOWN_NAME = "shown name"
        # The links that were mailed; `number` is the generation that holds now.
        LINKS = "links"
        # A mailbox that is never to be written to again, by `Suppression.mailbox_key`.
        MAILBOX = "mailbox"

    # Its own in every database, so that a list can be compared with a restored one.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.CharField(max_length=12)
    subject = models.CharField(max_length=64)
    number = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    wagtail_reference_index_ignore = True

    objects = ErasedManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.what} {self.subject}"


class HoldQuerySet(models.QuerySet["Hold"]):
    def active(self) -> "HoldQuerySet":
        return self.filter(until__gt=timezone.now())


class Hold(models.Model):
    """Keeps one signature as it is, for a legal claim and until a day. Other rows go on schedule.

    `signatures.holds` places and lifts it; why stands in the log of acts.
    """

    # As long as the hold is there, the database deletes no such row.
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="hold")
    reason = models.TextField()
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(db_index=True)
    # When the signer asked to be erased, which is done once the hold is over.
    erase_asked_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")

    def __str__(self) -> str:
        return f"hold of {self.signature_id}"
