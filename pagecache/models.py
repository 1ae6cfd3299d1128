"""What every process must know alike: how often each topic has changed."""

from django.db import models


class Version(models.Model):
    """How often a topic has changed, but for the changes that are not folded into it yet."""

    name = models.CharField(max_length=40, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        # Nobody edits it.
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class Change(models.Model):
    """One change of a topic. A row of its own, so that no writer waits for another."""

    topic = models.CharField(max_length=40)
    # The one record that all of it was about; empty where nobody can say.
    record = models.CharField(max_length=60, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.topic} {self.record}".strip()
