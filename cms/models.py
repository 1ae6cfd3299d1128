from django.db import models


class Version(models.Model):
    """How often something has changed that every process keeps for itself."""

    name = models.CharField(max_length=40, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
