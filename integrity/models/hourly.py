"""How a petition's number came to be, as it is told for an hour."""

from django.db import models

from campaigns.models import Petition


class HourlyIntegrity(models.Model):
    """A petition's signatures by what became of them, counted from the rows."""

    petition = models.OneToOneField(
        Petition, on_delete=models.CASCADE, primary_key=True, related_name="integrity"
    )
    at = models.DateTimeField()
    confirmed = models.PositiveBigIntegerField()
    in_review = models.PositiveBigIntegerField()
    pending = models.PositiveBigIntegerField()
    expired = models.PositiveBigIntegerField()
    withdrawn = models.PositiveBigIntegerField()
    # By reason, by day or days, and by language; folded.
    invalidated = models.JSONField()
    by_day = models.JSONField()
    by_language = models.JSONField()
    # What the languages were told of, by which the next are told in steps.
    languages = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.petition_id} {self.at}"
