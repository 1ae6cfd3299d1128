"""What mails to signers are due, and what about: looked up for several at a time."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.models import CampaignPage, Petition
from signatures.mailboxes import canonical_of, reader_of
from signatures.models import CONFIRM_WITHIN, Allowance, Submission, Suppression
from signatures.signing import allowances, confirming, figures
from signatures.signing.confirming import Standing
from signatures.signing.discretion import ask_for_it, signed_discreetly

# So many of a seat's posts may wait for a mail each: more could not be mailed in their seven days.
WAITING = allowances.A_DAY * CONFIRM_WITHIN.days
# Two statements for each mail, which are most of what it takes: so they are written out.
STANDS = """
    SELECT COUNT(*), COUNT(confirmed_at), COUNT(CASE WHEN is_waiting AND job = %s THEN 1 END),
        (SELECT COUNT(*) FROM signatures_suppression WHERE mailbox_key = %s)
    FROM signatures_submission WHERE mailbox = %s
"""
SENT = """
    UPDATE signatures_submission
    SET is_waiting = FALSE, mailed_at = %s, mail_after = NULL, job = NULL
    WHERE mailbox = %s AND job = %s AND is_waiting
"""


@dataclass
class Due:
    """A job's mail. It is about the same again when the job is tried again.

    Of each petition it takes the oldest: what was sent for it later gets a mail of its own.
    """

    job: str
    mailbox: str
    # All that the mailbox may still confirm, the oldest first, and of that what the mail tells.
    sent: list[Submission]
    submissions: list[Any] = field(init=False)
    # How those stand that have a signature which counts.
    counted: dict[uuid.UUID, Standing] = field(init=False, default_factory=dict)
    is_discreet: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        ours = [each for each in self.waiting if str(each.job) == self.job]
        self.submissions = ours or oldest_of_each(self.unbound)

    @property
    def waiting(self) -> list[Submission]:
        return [each for each in self.sent if each.is_waiting]

    @property
    def unbound(self) -> list[Submission]:
        return [each for each in self.waiting if each.job is None]

    @property
    def address(self) -> str:
        return str(self.waiting[0].details["email"])

    @cached_property
    def reader(self) -> str:
        """Of all spellings that one person may read, whatever they sign as."""
        return reader_of(self.address)

    @property
    def _key(self) -> str | uuid.UUID:
        return models.UUIDField().get_db_prep_value(self.job, connection)

    def is_as_it_was(self) -> bool:
        """Whether nothing was sent, confirmed or erased since, nor the mailbox silenced."""
        confirmed = sum(each.confirmed_at is not None for each in self.sent)
        with connection.cursor() as cursor:
            cursor.execute(STANDS, [self._key, self.reader, self.mailbox])
            counts = cursor.fetchone()
        return bool(counts == (len(self.sent), confirmed, len(self.submissions), 0))

    def mark_sent(self) -> None:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(SENT, [now, self.mailbox, self._key])

    def release(self) -> None:
        """To whatever job comes later."""
        bound = Submission.objects.waiting(self.mailbox).filter(job=self.job)
        bound.update(job=None)

    def put_off(self) -> None:
        """To a later job, when the first of the day's mails may be used again."""
        left = Submission.objects.waiting(self.mailbox).filter(Q(job=None) | Q(job=self.job))
        free = allowances.next_free(self.reader, Allowance.Kind.MAIL)
        left.update(job=None, mail_after=free)

    def forget(self) -> None:
        for each in self.waiting:
            confirming.remove(each)


def look_up(jobs: Mapping[str, str]) -> dict[str, Due | None]:
    """By the key of each job, of which the mailbox is given, its mail, or that it has none to send.

    A job that is left out has to be looked up again, after the others: one for the same reader goes
    first, or another worker took what it would have carried.
    """
    found: dict[str, Due | None] = {}
    first: dict[str, Due] = {}
    sent = sent_from(set(jobs.values()))
    for job, mailbox in jobs.items():
        mail = Due(job, mailbox, sent[mailbox])
        if mail.submissions:
            first.setdefault(mail.reader, mail)
        else:
            found[job] = None
    for reader in Suppression.objects.filter(pk__in=first).values_list("pk", flat=True):
        mail = first.pop(reader)
        mail.forget()
        found[mail.job] = None
    if first and bind(first.values()):
        found |= within_the_day(first)
        tell_how_they_stand([mail for mail in found.values() if mail])
    return found


def sent_from(mailboxes: Collection[str]) -> dict[str, list[Submission]]:
    """The oldest first, each with its petition's state. Of a seat that has too many only a few."""
    sent = Submission.objects.live().filter(mailbox__in=mailboxes)
    sizes = sent.filter(is_waiting=True).values_list("mailbox").annotate(number=Count("pk"))
    for mailbox, _number in sizes.filter(number__gt=WAITING):
        let_few_wait(mailbox)
    found: dict[str, list[Any]] = defaultdict(list)
    petition = Petition.objects.filter(pk=OuterRef("signature__petition"))
    state = petition.with_state(timezone.now()).values("state_now")
    sent = sent.select_related("signature", "text").annotate(
        petition_state=Subquery(state), campaign_title=campaign_title(), **figures.columns()
    )
    for each in sent.order_by("created_at", "id"):
        found[each.mailbox].append(each)
    return found


def campaign_title() -> Subquery:
    """By which a submission's campaign is known in its language."""
    petition = Coalesce(OuterRef("signature__petition__parent"), OuterRef("signature__petition"))
    pages = CampaignPage.objects.filter(
        petition=petition, locale__language_code=OuterRef("language")
    )
    return Subquery(pages.values("title")[:1])


def let_few_wait(mailbox: str) -> None:
    """Forgets all but a few of a seat's that wait for their first mail.

    The first stays, and the newest. A stranger who wants somebody's post out of the way has to send
    more after it than could be mailed at all.
    """
    unsent = Submission.objects.filter(mailbox=mailbox, is_waiting=True, mailed_at=None, job=None)
    by_seat = unsent.order_by().values_list("signature").annotate(number=Count("pk"))
    for seat, _number in by_seat.filter(number__gt=WAITING):
        of_seat = unsent.filter(signature=seat).order_by("created_at", "id")
        newest = of_seat.reverse()[: WAITING - 1]
        # In one statement, whatever waits by now.
        others = of_seat.exclude(pk__in=of_seat.values("pk")[:1])
        others.exclude(pk__in=newest.values("pk")).delete()


def oldest_of_each(submissions: list[Submission]) -> list[Submission]:
    """Of each petition the first."""
    found: dict[uuid.UUID, Submission] = {}
    for each in submissions:
        found.setdefault(each.signature.petition_id, each)
    return list(found.values())


def bind(mails: Iterable[Due]) -> bool:
    """Whether all that the mails are about is their jobs' now."""
    jobs = {each: uuid.UUID(mail.job) for mail in mails for each in mail.submissions}
    unbound = {each.pk: job for each, job in jobs.items() if each.job is None}
    if not unbound:
        return True
    with transaction.atomic():
        free = Submission.objects.filter(pk__in=unbound, job=None, is_waiting=True)
        # What another worker is binding just now is left to it: none waits for another.
        ours = Submission.objects.filter(
            pk__in=free.select_for_update(skip_locked=True).values("pk")
        )
        cases = [When(pk=key, then=Value(job)) for key, job in unbound.items()]
        is_all_ours = ours.update(job=Case(*cases)) == len(unbound)
    for each, job in jobs.items():
        each.job = job
    return is_all_ours


def within_the_day(mails: Mapping[str, Due]) -> dict[str, Due | None]:
    """Takes one of each reader's mails of the day; where there is none, puts off what waits."""
    holders = {reader: uuid.UUID(mail.job) for reader, mail in mails.items()}
    taken = allowances.take_allowances(holders, Allowance.Kind.MAIL)
    for reader in mails.keys() - taken:
        mails[reader].put_off()
    return {mail.job: mail if reader in taken else None for reader, mail in mails.items()}


def tell_how_they_stand(mails: list[Due]) -> None:
    submissions = [each for mail in mails for each in mail.submissions]
    if not submissions:
        return
    counted = confirming.counted(submissions)
    discreetly = signed_discreetly({canonical_of(mail.address) for mail in mails})
    for mail in mails:
        mail.counted = {
            each.pk: counted[each.pk] for each in mail.submissions if each.pk in counted
        }
        has_signed_so = canonical_of(mail.address) in discreetly
        mail.is_discreet = has_signed_so or ask_for_it(mail.sent)
