"""The tie that a mail is about, for its figure; looked up along with what was sent."""

from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Subquery
from django.db.models.expressions import BaseExpression
from django.db.models.functions import Coalesce, JSONObject

from campaigns.models import CityName, Petition, PetitionEvent, Tie
from campaigns.records.freshness import Knowledge
from campaigns.records.ties import newest_events, status_of
from signatures.models import Submission

PETITION = "signature__petition"


def columns() -> dict[str, BaseExpression | F]:
    """What `of_submission` reads, for submissions to be annotated with."""
    tie = OuterRef(f"{PETITION}__tie")
    won = PetitionEvent.objects.filter(
        petition=OuterRef(PETITION), kind=PetitionEvent.Kind.WON
    ).order_by("date")
    return {
        "tie_city": name_of("city"),
        "tie_sister_city": name_of("sister_city"),
        "tie_since": F(f"{PETITION}__tie__since"),
        "tie_status": status_of(tie),
        "tie_reported_on": Subquery(newest_events(tie).values("date")[:1]),
        "tie_checked_at": F(f"{PETITION}__tie__checked_at"),
        "tie_check_days": F(f"{PETITION}__parent__check_days"),
        "tie_won_on": Subquery(won.values("date")[:1]),
    }


def name_of(side: str) -> Coalesce:
    """The name in the submission's language or, where there is none, in the source language."""
    return Coalesce(name_in(side, OuterRef("language")), name_in(side, settings.LANGUAGE_CODE))


def name_in(side: str, language: str | OuterRef) -> Subquery:
    names = CityName.objects.filter(
        city=OuterRef(f"{PETITION}__tie__{side}"), locale__language_code=language
    )
    told = JSONObject(name="name", language="locale__language_code")
    return Subquery(names.annotate(told=told).values("told"))


def of_submission(submission: Submission) -> dict[str, Any] | None:
    """None for the campaign-wide petition, which has no tie."""
    found = vars(submission)
    if not found["tie_city"] or not found["tie_sister_city"]:
        return None
    known = Knowledge(
        Tie.Status(found["tie_status"]),
        found["tie_reported_on"],
        found["tie_checked_at"],
        found["tie_check_days"],
        won_on=found["tie_won_on"],
    )
    return {
        "city": found["tie_city"],
        "sister_city": found["tie_sister_city"],
        "since": found["tie_since"],
        "status": known.told_status,
    }


def of_petition(petition: Petition, language: str) -> dict[str, Any] | None:
    if petition.tie is None:
        return None
    return {
        "city": petition.tie.city.name_in(language),
        "sister_city": petition.tie.sister_city.name_in(language),
        "since": petition.tie.since,
        "status": petition.told_status,
    }
