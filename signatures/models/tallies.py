"""How many have signed, added up: what the worker has counted, and what has changed since."""

from django.db import models

from campaigns.models import Petition


class Tally(models.Model):
    """A petition's signatures, but for the changes that are not folded into it yet."""

    petition = models.OneToOneField(
        Petition, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    # A wrong one may be below zero until it is mended.
    signatures = models.BigIntegerField(default=0)
    # Of a campaign, who signed for it or for its cities; of a city it stays at zero.
    people = models.BigIntegerField(default=0)
    # When it was last found to differ from the rows.
    mended_at = models.DateTimeField(null=True)

    class Meta:
        # Nobody edits it.
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.petition_id} {self.signatures}"


class TallyChange(models.Model):
    """A signature that has begun to count, or ceased to, written by the database itself.

    A row of its own, so that nobody who signs waits for another. It names the person as the
    signature does, and is gone once it is folded.
    """

    # Without a constraint, for which every signer would lock the petition's row.
    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    mailbox_key = models.CharField(max_length=64)
    seat = models.PositiveSmallIntegerField()
    # 1 or -1.
    step = models.SmallIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.petition_id} {self.step:+}"
