"""What signers may be exported for, and what of whom each purpose gets.

A fixed list: nobody puts columns together. Each gives no more than its signers agreed to, or than a
law asks for; the reasons are in docs/decisions/exports-by-purpose.md.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from campaigns.models import Petition
from signatures.form.facts import yes_no
from signatures.models import Hold, Signature, SignatureQuerySet

Words = str | Promise


@dataclass(frozen=True)
class Column:
    label: Words
    cell: Callable[[Signature], str]


@dataclass(frozen=True)
class Purpose:
    name: str
    label: Words
    # Who is in it, and by what right.
    told: Words
    columns: tuple[Column, ...]
    chosen: Callable[[SignatureQuerySet], SignatureQuerySet]
    # Such a file takes two persons.
    holds_mailboxes: bool = False

    def rows(self, petition: Petition) -> SignatureQuerySet:
        """Whom it is about as things stand, of a petition or of a campaign with its cities."""
        all_of_it = Signature.objects.of_campaign(petition)
        return self.chosen(all_of_it).select_related("text", "petition", "home_city")


def day(signature: Signature) -> str:
    """As the petition's own page tells it."""
    moment = signature.confirmed_at or signature.asked_at
    return f"{signature.petition.local_time(moment):%Y-%m-%d}"


def to_the_second(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if moment else ""


def answers(signature: Signature) -> str:
    found = signature.answers
    return json.dumps(found, ensure_ascii=False, sort_keys=True) if found else ""


def whether(answer: bool | None) -> str:
    return "" if answer is None else yes_no(answer)


PETITION = Column(gettext_lazy("Petition"), lambda row: row.text.title)
NAME = Column(gettext_lazy("Name"), lambda row: row.name)
MAILBOX = Column(gettext_lazy("Email address"), lambda row: row.email)
COUNTRY = Column(gettext_lazy("Country"), lambda row: str(row.country))
LANGUAGE = Column(gettext_lazy("Language"), lambda row: row.language)
DAY = Column(gettext_lazy("Day"), day)
LIVES_HERE = Column(gettext_lazy("Lives in this city"), lambda row: whether(row.lives_here))
HOME_CITY = Column(gettext_lazy("Lives in"), lambda row: row.home_city.key if row.home_city else "")
POSTCODE = Column(gettext_lazy("Start of the postal code"), lambda row: row.postcode)
COMMENT = Column(gettext_lazy("Comment"), lambda row: row.comment)
ANSWERS = Column(gettext_lazy("Answers to the campaign’s questions"), answers)
SHOWS_NAME = Column(gettext_lazy("Lets everybody see the name"), lambda row: yes_no(row.show_name))
STATUS = Column(gettext_lazy("Status"), lambda row: str(row.get_status_display()))
TIMES = (
    Column(gettext_lazy("Form sent"), lambda row: to_the_second(row.asked_at)),
    Column(gettext_lazy("Confirmed"), lambda row: to_the_second(row.confirmed_at)),
    Column(gettext_lazy("Withdrawn"), lambda row: to_the_second(row.withdrawn_at)),
)
ASK = Column(gettext_lazy("Words signed"), lambda row: row.text.ask)
CONSENT = Column(gettext_lazy("Consent"), lambda row: row.text.consent)
WORDS = Column(gettext_lazy("Checksum of the words signed"), lambda row: row.text.checksum)
KEY = Column(gettext_lazy("Record number"), lambda row: str(row.pk))

PURPOSES = {
    each.name: each
    for each in (
        Purpose(
            "recipients",
            gettext_lazy("Handing over to the recipients"),
            gettext_lazy(
                "Everybody who counts, one row each, without anything that tells who it is. "
                "Signers agreed that recipients are given numbers. The names of those who agreed "
                "to be named go along in a delivery alone; to show a name on the page is not to "
                "agree to that."
            ),
            (PETITION, LIVES_HERE, HOME_CITY, WORDS),
            lambda rows: rows.counted(),
        ),
        Purpose(
            "figures",
            gettext_lazy("Figures for a report"),
            gettext_lazy("Everybody who counts, without names, addresses and comments."),
            (PETITION, COUNTRY, LANGUAGE, DAY, LIVES_HERE, HOME_CITY),
            lambda rows: rows.counted(),
        ),
        Purpose(
            "legal",
            gettext_lazy("A legal claim or an order of a court"),
            gettext_lazy(
                "Only signatures on legal hold, with all that is kept of them. Put on hold first "
                "those that the claim is about."
            ),
            (
                *(KEY, PETITION, NAME, MAILBOX, COUNTRY, POSTCODE, LIVES_HERE, HOME_CITY, COMMENT),
                *(ANSWERS, SHOWS_NAME, LANGUAGE, STATUS, *TIMES, ASK, CONSENT, WORDS),
            ),
            lambda rows: rows.filter(pk__in=Hold.objects.active().values("signature")),
            holds_mailboxes=True,
        ),
        Purpose(
            "breach",
            gettext_lazy("Telling signers of a data breach"),
            gettext_lazy(
                "The address and language of everybody whose address is kept, as Article 34 of the "
                "GDPR asks for. For nothing else: nobody has agreed to other emails."
            ),
            (MAILBOX, LANGUAGE, PETITION),
            lambda rows: rows.filter(anonymised_at=None).exclude(email=""),
            holds_mailboxes=True,
        ),
    )
}
