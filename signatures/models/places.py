"""Where signers live, as it is told for an hour."""

from django.db import models

from campaigns.models import Petition


class HourlyPlaces(models.Model):
    """A petition's signatures by residence and country, as they are told for an hour."""

    petition = models.OneToOneField(
        Petition, on_delete=models.CASCADE, primary_key=True, related_name="hourly"
    )
    at = models.DateTimeField()
    # The three below and what they leave out.
    signatures = models.PositiveBigIntegerField()
    residents = models.PositiveBigIntegerField(null=True)
    elsewhere = models.PositiveBigIntegerField(null=True)
    abroad = models.PositiveBigIntegerField(null=True)
    by_country = models.JSONField()
    # What these were made of, by which the next are told in steps: country, residence, number.
    counted = models.JSONField(default=list)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.petition_id} {self.at}"
