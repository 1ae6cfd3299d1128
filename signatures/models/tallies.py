"""How many have signed, added up: what the worker has counted, and what has changed since.

The rows decide. In the transaction in which a row begins to count or ceases to, the database itself
writes down a change (`migrations/0002_counting.py`), and the worker folds the changes into tallies.

A campaign counts people, and somebody may have signed for several of its cities. Whether the tally
has counted somebody whom changes name follows from the rows: it has where they would have one
without these changes. So nobody needs a list of those who are counted, and no two who sign at once
have to agree who was first.
"""

from collections.abc import Iterable

from django.db import connection, models, transaction
from django.db.models.deletion import Collector

from campaigns.models import Petition

# What changes make of each petition's signatures and, of a campaign, of its people. Rows are found
# by their mailbox alone, and looked at afterwards: so its index is the one that fits, even where
# the database knows nothing yet of how the rows are spread.
MOVED = """
    named AS (
        SELECT one.*, COALESCE(petition.parent_id, petition.id) AS campaign_id
        FROM {changes} one JOIN campaigns_petition petition ON petition.id = one.petition_id
    ),
    persons AS (
        SELECT campaign_id, SUM(step) AS moved, (
            SELECT COUNT(CASE
                WHEN signed.seat = named.seat AND signed.status = 'confirmed'
                    AND signed.held_at IS NULL AND signed.round_id IS NULL
                    AND named.campaign_id = (
                        SELECT COALESCE(petition.parent_id, petition.id)
                        FROM campaigns_petition petition WHERE petition.id = signed.petition_id
                    )
                THEN 1 END)
            FROM signatures_signature signed WHERE signed.mailbox_key = named.mailbox_key
        ) AS signed
        FROM named GROUP BY campaign_id, mailbox_key, seat
    ),
    moved AS (
        SELECT petition_id, SUM(signatures) AS signatures, SUM(people) AS people FROM (
            SELECT petition_id, step AS signatures, 0 AS people FROM named
            UNION ALL
            SELECT campaign_id, 0,
                CASE WHEN signed > 0 THEN 1 ELSE 0 END
                    - CASE WHEN signed - moved > 0 THEN 1 ELSE 0 END
            FROM persons
        ) either GROUP BY petition_id
    )
"""
NOT_FOLDED = MOVED.format(changes="signatures_tallychange")
FOLD = """
    WITH {taken} {moved}
    INSERT INTO signatures_tally (petition_id, signatures, people)
    SELECT petition_id, signatures, people FROM moved WHERE true
    ON CONFLICT (petition_id) DO UPDATE SET
        signatures = signatures_tally.signatures + excluded.signatures,
        people = signatures_tally.people + excluded.people
"""
# What of them lives where, by the petition itself.
PLACED = """
    INSERT INTO signatures_placetally (petition_id, country, is_resident, signatures)
    SELECT petition_id, country, is_resident, SUM(step) FROM {changes} WHERE true
    GROUP BY petition_id, country, is_resident
    ON CONFLICT (petition_id, country, is_resident) DO UPDATE SET
        signatures = signatures_placetally.signatures + excluded.signatures
"""
TAKEN = """
    taken AS (DELETE FROM signatures_tallychange RETURNING *),
    placed AS ({placed}),
"""
# Any number that nothing else locks by.
FOLDING = 7_263_041


def fold_changes() -> None:
    """Adds up what has changed, so that there is little to add to a tally, and nobody is named.

    Moves no total. Whoever folds takes turns; whoever signs never waits for them.
    """
    if not TallyChange.objects.exists():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLDING])
            # In one statement, which sees the changes that it takes and the rows as they then were.
            taken = TAKEN.format(placed=PLACED.format(changes="taken"))
            cursor.execute(FOLD.format(taken=taken, moved=MOVED.format(changes="taken")))
        else:
            # SQLite lets nobody else write meanwhile.
            cursor.execute(FOLD.format(taken="", moved=NOT_FOLDED))
            cursor.execute(PLACED.format(changes="signatures_tallychange"))
            cursor.execute("DELETE FROM signatures_tallychange")


def folded_first(
    collector: Collector, _field: object, changes: Iterable["TallyChange"], using: str
) -> None:
    """Where a petition is deleted: its campaign is told of its changes before they go."""
    petitions = {change.petition_id for change in changes}
    fold_changes()
    for model in (Tally, PlaceTally):
        tallies = model.objects.filter(petition__in=petitions)
        models.CASCADE(collector, model._meta.get_field("petition"), tallies, using)


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


class PlaceTally(models.Model):
    """How many of a petition's signatures come from a country, of residents or of others.

    Residents say so: of a city's petition that they live there, of a campaign's in which city.
    """

    petition = models.ForeignKey(
        Petition, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    country = models.CharField(max_length=2)
    is_resident = models.BooleanField()
    signatures = models.BigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["petition", "country", "is_resident"], name="one_tally_of_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} {self.country} {self.signatures}"


class TallyChange(models.Model):
    """A signature that has begun to count, or ceased to, written by the database itself.

    A row of its own, so that nobody who signs waits for another. It names the person as the
    signature does, and is gone once it is folded.
    """

    # There are never many to look through.
    petition = models.ForeignKey(Petition, on_delete=folded_first, related_name="+", db_index=False)
    mailbox_key = models.CharField(max_length=64)
    seat = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=2)
    is_resident = models.BooleanField(default=False)
    # 1 or -1.
    step = models.SmallIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.petition_id} {self.step:+}"
