"""Ends a petition's round and begins the next. See docs/decisions/another-round.md"""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django_tasks import task
from wagtail.log_actions import log

from accounts.models import User
from campaigns.models import Petition, Round
from signatures.keeping import asking_anew, log_words
from signatures.keeping.retention import limit_of
from signatures.models import Signature, SignatureQuerySet, fold_changes
from signatures.release import PARTS, Release


@task
def begin_round(petition: str, user: int) -> None:
    """Once, however often it is asked for. In a job: of many signatures, each row is touched."""
    now = timezone.now()
    with transaction.atomic():
        # Whoever signs meanwhile points at the petition, and does not wait.
        rows = Petition.objects.select_for_update(of=("self",), no_key=True)
        found = rows.get(pk=uuid.UUID(petition))
        if not found.can_begin_round(now):
            return
        closed = close_round(found, now)
        found.reopened_at = now
        found.save(update_fields=["reopened_at"])
        by = User.objects.filter(pk=user).first()
        told = {"number": closed.number, "total": closed.shown}
        log(instance=found, action=log_words.ROUND, user=by, data=told)
        asking_anew.ask_all.enqueue(closed=closed.pk)


def close_round(petition: Petition, now: datetime) -> Round:
    """Who is confirmed, withdrawn or invalid belongs to it from now on, and counts no more.

    Whoever waits for a confirmation gives it in the next round.
    """
    closed = Round.objects.create(
        petition=petition,
        number=petition.rounds.count() + 1,
        opened_at=limit_of(petition),
        closed_at=now,
        signatures=0,
    )
    # Nobody is shown any more, so that there is nothing to read and release.
    unread = {
        f"{part}_state": Case(
            When(**{f"{part}_state": Release.WAITING}, then=Value(Release.NONE)),
            default=F(f"{part}_state"),
        )
        for part in PARTS
    }
    settled(petition).update(round=closed, **unread)
    closed.signatures, closed.people = totals_of(closed)
    closed.save(update_fields=["signatures", "people"])
    # So that no total has all of them to add.
    fold_changes()
    return closed


def settled(petition: Petition) -> SignatureQuerySet:
    status = Signature.Status
    rows = Signature.objects.filter(petition=petition, round=None).exclude(status=status.PENDING)
    return rows.exclude(status=status.INVALIDATED, confirmed_at=None)


def totals_of(closed: Round) -> tuple[int, int | None]:
    """What counted in it and, of a campaign, who counted then in any of its petitions."""
    petition = closed.petition
    counted = Signature.objects.confirmed().filter(held_at=None)
    signatures = counted.filter(round=closed).count()
    if petition.parent_id:
        return signatures, None
    then = Q(round=None) | Q(round=closed)
    return signatures, counted.of_campaign(petition).filter(then).people()
