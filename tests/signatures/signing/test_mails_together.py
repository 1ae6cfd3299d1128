"""Mails that are looked up together: each goes out as it stands when its turn comes, or not."""

import smtplib
from collections.abc import Callable, Iterable

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection

from campaigns.models import PetitionPageBase
from jobs.models import Job
from jobs.worker import do_next, drain
from signatures import lifecycle
from signatures.mailboxes import reader_of
from signatures.models import Signature, Submission, Suppression
from signatures.signing import confirming, due, emails, own_links
from signatures.signing.due import Due
from signatures.signing.tokens import confirm_token, own_token
from tests.support.factories import confirmed, make_submission
from tests.support.kinds import CityPages

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FIRST, SECOND, THIRD = (f"{each}@example.org" for each in ("first", "second", "third"))


def second() -> Signature:
    return next(each for each in Signature.objects.all() if each.email == SECOND)


def seconds_post() -> Submission:
    return next(each for each in Submission.objects.all() if each.details["email"] == SECOND)


# What may happen to the second mailbox while the first one's mail is sent; nothing is sent to it
# then.
ENDS: dict[str, Callable[[], object]] = {
    "erased": lambda: confirming.erase_signature(second()),
    "removed": lambda: confirming.remove(seconds_post()),
    "confirmed": lambda: confirming.confirm_submission(seconds_post()),
    "silenced": lambda: Suppression.add(reader_of(SECOND)),
    "silenced as another spelling": lambda: Suppression.add(reader_of("second+tag@example.org")),
    "mailed by another worker": lambda: Submission.objects.filter(pk=seconds_post().pk).update(
        is_waiting=False
    ),
}


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    deliver = emails.deliver

    def delivered(message: EmailMultiAlternatives) -> None:
        deliver(message)
        monkeypatch.setattr(emails, "deliver", deliver)
        happens()

    monkeypatch.setattr(emails, "deliver", delivered)


def sign(page: PetitionPageBase) -> None:
    for address in (FIRST, SECOND, THIRD):
        make_submission(page, address)


def recipients() -> list[str]:
    return [each.to[0] for each in mail.outbox]


@pytest.mark.parametrize("how", ENDS)
def test_what_is_wanted_no_longer_is_not_sent(
    how: str, portland: CityPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(portland["en"])
    meanwhile(monkeypatch, ENDS[how])
    assert do_next() == 3
    assert recipients() == [FIRST, THIRD]
    assert not Job.objects.exists()


def test_a_signature_that_was_taken_back_meanwhile_is_not_written_about(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(portland["en"], SECOND)
    drain()
    mail.outbox.clear()
    sign(portland["en"])
    meanwhile(monkeypatch, lambda: lifecycle.withdraw(second()))
    assert do_next() == 3
    assert recipients() == [FIRST, THIRD]


def test_links_that_were_renewed_meanwhile_are_mailed_as_they_are_now(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(portland["en"], SECOND)
    drain()
    mail.outbox.clear()
    sign(portland["en"])
    before = own_token(second())
    meanwhile(monkeypatch, lambda: own_links.end_links(second(), second().generation + 1))
    assert do_next() == 3
    assert recipients() == [FIRST, SECOND, THIRD]
    said = str(mail.outbox[1].body)
    assert own_token(second()) in said
    assert before not in said


def test_who_asks_for_safety_meanwhile_is_safe(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(portland["en"])
    token = confirm_token(seconds_post())
    meanwhile(monkeypatch, lambda: make_submission(portland["en"], SECOND, discreet=True))
    assert do_next() == 3
    first, safe, _third = mail.outbox
    assert first.from_email != settings.DISCREET_FROM_EMAIL
    assert safe.from_email == settings.DISCREET_FROM_EMAIL
    assert token in str(safe.body)
    assert portland["en"].words.title not in f"{safe.subject} {safe.body}"


def test_what_comes_meanwhile_gets_its_own_mail(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(portland["en"])
    meanwhile(monkeypatch, lambda: make_submission(portland["en"], SECOND, comment="Another."))
    drain()
    assert recipients() == [FIRST, SECOND, THIRD, SECOND]
    links = [confirm_token(each) for each in Submission.objects.order_by("created_at")]
    assert [each in str(mail.outbox[1].body) for each in links] == [False, True, False, False]


def test_where_another_worker_is_quicker_it_is_looked_up_once_more(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(portland["en"])
    bind = due.bind

    def too_late(mails: Iterable[Due]) -> bool:
        monkeypatch.setattr(due, "bind", bind)
        return not bind(mails)

    def happens() -> None:
        make_submission(portland["en"], SECOND, comment="Another.")
        monkeypatch.setattr(due, "bind", too_late)

    meanwhile(monkeypatch, happens)
    assert do_next() == 3
    assert recipients() == [FIRST, SECOND, THIRD]


def refuse(_post: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver = emails.deliver

    def refused(message: EmailMultiAlternatives) -> None:
        if message.to == [SECOND]:
            monkeypatch.setattr(message, "send", unknown)
        deliver(message)

    def unknown() -> None:
        raise smtplib.SMTPRecipientsRefused({SECOND: (550, b"unknown")})

    monkeypatch.setattr(emails, "deliver", refused)


def spoil(post: Submission, _monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can read it any more, nor what is looked up with it."""
    with connection.cursor() as cursor:
        key = Submission._meta.pk.get_db_prep_value(post.pk, connection)
        cursor.execute("UPDATE signatures_submission SET details = 'x.y' WHERE id = %s", [key])


@pytest.mark.parametrize(("how", "error"), [(refuse, "PermanentError"), (spoil, "DecryptionError")])
def test_one_that_cannot_be_sent_holds_up_no_other(
    how: Callable[[Submission, pytest.MonkeyPatch], None],
    error: str,
    portland: CityPages,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign(portland["en"])
    how(seconds_post(), monkeypatch)
    drain()
    assert sorted(recipients()) == [FIRST, THIRD]
    assert Job.objects.get().error_name == error
    sent = Submission.objects.exclude(mailed_at=None).values_list("is_waiting", "job")
    assert list(sent) == [(False, None)] * 2
