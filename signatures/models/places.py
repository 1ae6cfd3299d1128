"""Where signers live, as it is told for an hour."""

from django.db import models

from campaigns.models import Petition


class HourlyPlaces(models.Model):
    """A petition's signatures by residence and country, as they were counted within the last hour.

    Only what everybody may know is kept: a number that would point at somebody is not in it.
    """

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

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.petition_id} {self.at}"
