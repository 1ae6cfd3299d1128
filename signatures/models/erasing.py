"""When people are erased, and what was: so that no restore brings anybody back."""

import uuid
from collections.abc import Iterable
from enum import StrEnum
from itertools import islice

from django.db import models
from django.utils import timezone

from campaigns.models import Petition


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
    """What was taken away: written to beside the backups, and done anew after a restore.

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
        NAMED_TO = "named to"
        # What a moderator hid, or what was public until somebody changed it.
        HIDDEN_NAME = "hidden name"
        HIDDEN_COMMENT = "hidden comment"
        # All of a signature but its row, which a legal hold keeps.
        RESTRICTED = "restricted"
        # The links that were mailed; `number` is the generation that holds now.
        LINKS = "links"
        # A mailbox that is never to be written to again, by `Suppression.mailbox_key`.
        MAILBOX = "mailbox"

    # Its own in every database, so that a list can be compared with a restored one.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.CharField(max_length=16)
    subject = models.CharField(max_length=64)
    number = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    wagtail_reference_index_ignore = True

    HIDDEN = {"name": What.HIDDEN_NAME, "comment": What.HIDDEN_COMMENT}

    objects = ErasedManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.what} {self.subject}"
