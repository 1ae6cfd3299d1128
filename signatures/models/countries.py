"""Signatures by country, as they are shown for an hour."""

from django.db import models

from campaigns.models import Petition


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
