"""What somebody sent by the form, to have a signature."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaigns.models import City, TextVersion
from security.encryption import EncryptedJSONField
from signatures.models.signed import Signature
from signatures.models.traits import HAS_TRAITS, NO_TRAITS, TRAITS_KEPT, Traits

CONFIRM_WITHIN = timedelta(days=7)


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

    def that_made_it(self) -> "SubmissionQuerySet":
        """Those whose signature is as they say: its first, or what was confirmed last."""
        return self.filter(created_at=F("signature__asked_at"))

    def hold(self, now: datetime) -> int:
        """Whatever comes of them is held for review, also what is only confirmed later."""
        return self.filter(held_at=None).update(held_at=now)

    def forget_traits(self) -> int:
        """Of those that are old enough, also where they stay for another mail."""
        old = self.filter(HAS_TRAITS, created_at__lte=timezone.now() - TRAITS_KEPT)
        return old.update(**NO_TRAITS)

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


class Submission(Traits):
    """What somebody sent by the form: a proposal, until the holder of the mailbox confirms it.

    What it confirms never changes. So a link confirms what stood in the form when its mail was
    made, whatever was sent since.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="submissions")
    text = models.ForeignKey(
        TextVersion, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    language = models.CharField(max_length=12)
    # The person, and all that counts when it is confirmed, under the names of `Signature`'s own
    # fields; under `proposal` what its signer has to decide on afterwards.
    details = EncryptedJSONField()
    # A keyed hash of all that would count, by which the same sent twice is known.
    content_key = models.CharField(max_length=64)
    # A hash with the site's key, the same in every campaign, for as long as there is to mail.
    mailbox = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    confirmed_at = models.DateTimeField(null=True)
    # For its mail: the first one, or another that was asked for.
    is_waiting = models.BooleanField(default=True)
    # The job that carries it, so that a job tried again sends the same mail again.
    job = models.UUIDField(null=True)
    # Of one that the day's mails left out: when there may be another.
    mail_after = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    # Since when a signature that comes of it is held for review.
    held_at = models.DateTimeField(null=True)

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
            # What waits for a mail. Not the field's own, which would have a second one for LIKE.
            models.Index(fields=["mailbox"], name="submission_mailbox"),
            # What the day's mails left out.
            models.Index(
                fields=["mail_after"],
                condition=Q(mail_after__isnull=False),
                name="submission_mail_after",
            ),
            # Other spellings of a mailbox, which few sign with.
            models.Index(
                fields=["reader_key"],
                condition=Q(reader_key__gt=""),
                name="submission_reader",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def is_of(self, signature: Signature) -> bool:
        """Whether the person is the same: two may share a mailbox."""
        return bool(self.details["name_key"] == signature.name_key)

    @property
    def proposal(self) -> dict[str, Any]:
        return dict(self.details.get("proposal", {}))

    def forget_proposal(self) -> None:
        if self.proposal:
            self.details["proposal"] = {}
            self.save(update_fields=["details"])

    def sent(self) -> Signature:
        """The signature with all that stood in the form, not stored."""
        signature, proposal = self.proposed(), self.proposal
        signature.answers |= proposal.pop("answers", {})
        for name, value in proposal.items():
            setattr(signature, name, value)
        return signature

    def proposed(self) -> Signature:
        """The signature that it asks for, not stored; without a city that is no more."""
        details = {name: each for name, each in self.details.items() if name != "proposal"}
        home = details.pop("home_city_id", None)
        return Signature(
            petition=self.signature.petition,
            text=self.text,
            language=self.language,
            home_city=City.objects.filter(pk=home).first() if home else None,
            **details,
        )
