"""The cards that are drawn: the picture by which a petition's page is shown where it is shared."""

from django.db import models

from campaigns.models import Petition

FOLDER = "cards"


class Card(models.Model):
    """What a petition's card says in one language, and the picture that says it."""

    petition = models.ForeignKey(Petition, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=12)
    # Of all that it says and of how it is drawn: its address changes with them.
    digest = models.CharField(max_length=32)
    # The same in words, for those who do not see it.
    alt = models.TextField()

    class Meta:
        # Nobody edits it.
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["petition", "language"], name="one_card_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.digest}"

    @property
    def file(self) -> str:
        """Its name in the default storage."""
        return file_of(self.digest)

    @property
    def address(self) -> str:
        return f"/cards/{self.language}/{self.petition_id}/{self.digest}.png"


def file_of(digest: str) -> str:
    return f"{FOLDER}/{digest}.png"
