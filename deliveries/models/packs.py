"""The files of a delivery while they are made, and until they are gone."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models import Delivery
from security.encryption import EncryptedTextField

# After they were handed out.
KEPT_FOR = timedelta(hours=24)
# Those that nobody takes.
WAITS_FOR = timedelta(days=14)


class Pack(models.Model):
    """Files in the private storage, each encrypted with a key that is nowhere but in this row.

    Once they are gone, what is left is its delivery.
    """

    class State(models.TextChoices):
        MAKING = "making", _("being made")
        FAILED = "failed", _("could not be made")
        READY = "ready", _("ready")
        GONE = "gone", _("its files are deleted")

    delivery = models.OneToOneField(
        Delivery, on_delete=models.CASCADE, primary_key=True, related_name="pack"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.MAKING)
    # Of its files; empty once they are gone, so that a copy of them says nothing any more.
    key = EncryptedTextField(blank=True)
    # How often it was begun.
    turn = models.PositiveIntegerField(default=0)
    # How far it is.
    steps_done = models.PositiveIntegerField(default=0)
    steps_total = models.PositiveIntegerField(null=True)
    # {name: SHA-256}, until it is whole.
    files = models.JSONField(default=dict)
    # Of the recipient, where it goes by email, and whether it goes as soon as it can.
    email = EncryptedTextField(blank=True)
    sends = models.BooleanField(default=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    # When its files first left, from which on they are kept for a day.
    handed_out_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def names(self) -> list[str]:
        """Of its files, in the order in which they are read: a database keeps none."""
        places = ("petition", "names", "numbers", "checksums")
        return sorted(
            self.files, key=lambda name: (places.index(name.split("-")[0].split(".")[0]), name)
        )
