"""What is known of a mailbox by a keyed hash alone."""

from enum import StrEnum

from django.db import models, transaction

from signatures.models.erasing import Erased


class Suppression(models.Model):
    """Somebody who asked never to be written to again, known by a keyed hash alone."""

    # `mailboxes.reader_of`: of all spellings that one person reads.
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
