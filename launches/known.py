"""What a table says against what is known already."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError

from campaigns.models import TieEvent
from launches.building import event_details, known_ties
from launches.csv_file import Complaint, Lines


def denials(lines: Lines) -> Iterator[Complaint]:
    """Rows that contradict what is known of their ties, in a constant number of queries."""
    rows = {line: form.row() for line, form in lines.items() if not form.errors}
    ties = known_ties(rows.values())
    for line, row in rows.items():
        tie = ties.get((row.key, row.sister_key))
        if tie is None or not row.source_title:
            continue
        try:
            TieEvent(**event_details(row)).refuse_impossible(tie.since, tie.events.all())
        except ValidationError as error:
            yield line, "status_date", " ".join(error.messages)
