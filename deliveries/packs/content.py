"""What a pack says, in one language: sections of paragraphs, tables and quotes."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.formats import date_format, localize
from django.utils.translation import gettext, ngettext
from django_countries import countries

from campaigns.models import Delivery, PetitionPageBase, TextVersion
from deliveries.models import SigningKey
from deliveries.packs.recipients import salutation
from deliveries.packs.totals import counted, number
from library.glyphs import set_text
from signatures.models import Signature
from signatures.shown.places import OTHER
from translations.languages.names import name_of

Part = dict[str, Any]
# Where offices print on sheets of their own size.
LETTER_PAPER = ("US", "CA", "MX", "PH")
# A word without a break that is longer than a line would run out of it.
LONGEST_WORD = 30
BREAK = "\u200b"


class UnmakeableError(Exception):
    """In one sentence, why a pack cannot be made."""


@dataclass(frozen=True)
class Contents:
    """Of a delivery whose numbers are counted, in a language that the petition has a page in."""

    delivery: Delivery
    page: PetitionPageBase

    @classmethod
    def of(cls, delivery: Delivery, language: str) -> "Contents":
        """Raises: UnmakeableError."""
        page = delivery.petition.live_page(language)
        if page is None:
            raise UnmakeableError("It has no public page in this language any more.")
        return cls(delivery, cast("PetitionPageBase", page))

    def document(self, quoted: Iterable[Signature]) -> dict[str, Any]:
        """Its comments are those of the signatures given."""
        with translation.override(self.page.language):
            return {
                **self.frame(self.page.heading),
                "sections": [
                    {"heading": heading, "parts": parts}
                    for heading, parts in self._sections(quoted)
                    if parts
                ],
            }

    def frame(self, title: str) -> dict[str, Any]:
        """What stands around every file."""
        told = set_text(title)[0]
        return {
            "language": self.page.language,
            "paper": "us-letter" if self._country in LETTER_PAPER else "a4",
            "title": told,
            "to": self.recipient,
            "author": set_text(self._sender)[0],
            "date": [self._moment.year, self._moment.month, self._moment.day],
            "code": self.delivery.code_told,
            "page_of": gettext("Page %(page)s of %(pages)s"),
        }

    @property
    def recipient(self) -> str:
        return set_text(self.delivery.recipients.get(self.page.language, self.page.recipient))[0]

    @property
    def _sender(self) -> str:
        campaign = self.page.campaign
        return str(getattr(campaign, "starter", "") or campaign.title)

    @property
    def _country(self) -> str:
        tie = self.delivery.petition.tie
        return str(tie.city.country) if tie else ""

    @property
    def _counted_at(self) -> datetime:
        assert self.delivery.counted_at, "its numbers are counted"  # noqa: S101
        return self.delivery.counted_at

    @property
    def _moment(self) -> datetime:
        return self.delivery.petition.local_time(self._counted_at)

    @property
    def address(self) -> str:
        """Where whoever has the pack checks it, and answers."""
        return f"{settings.BASE_URL}/{self.page.language}/deliveries/{self.delivery.code_told}/"

    def _sections(self, quoted: Iterable[Signature]) -> Iterator[tuple[str, list[Part]]]:
        yield "", self._letter()
        yield gettext("What was asked"), [*self._versions()]
        yield gettext("Who signed"), [*self._residence(), *self._tables()]
        yield gettext("Comments"), [*quotes(quoted)]
        yield gettext("How signatures are counted"), [*self._method()]
        yield gettext("How to check this document"), [*self._check()]

    def _letter(self) -> list[Part]:
        total = number(self.delivery)
        greeting = salutation(self.delivery.petition, self.page.language)
        signed = ngettext(
            "%(number)s person has signed the petition “%(title)s”.",
            "%(number)s people have signed the petition “%(title)s”.",
            total,
        ) % {"number": localize(total), "title": self.page.heading}
        return [
            text(gettext("To: %(recipient)s") % {"recipient": self.recipient}),
            text(gettext("From: %(sender)s") % {"sender": self._sender}),
            text(date_format(self._moment.date())),
            *([text(set_text(greeting)[0])] if greeting else []),
            text(signed),
            *self._named(),
            text(
                gettext(
                    "This document holds what they ask you for, in the words that they signed, "
                    "how many signed which words, and where they say they live. It names nobody "
                    "who has not agreed to be named to you."
                )
            ),
            text(
                gettext(
                    "At the address below you can check that this document is genuine, see the "
                    "numbers as they are today, and find out how to answer. You need no account."
                )
            ),
            link(self.address),
            text(gettext("Code: %(code)s") % {"code": self.delivery.code_told}),
        ]

    def _named(self) -> Iterator[Part]:
        if named := self.delivery.totals["names"]:
            told = ngettext(
                "%(number)s of them agreed to be named to you, in the files whose names begin "
                "with “names”.",
                "%(number)s of them agreed to be named to you, in the files whose names begin "
                "with “names”.",
                named,
            )
            yield text(told % {"number": localize(named)})

    def _versions(self) -> Iterator[Part]:
        numbers = self.delivery.totals["versions"]
        for version in versions(self.delivery):
            signed = signed_told(numbers[version.checksum])
            yield {
                "kind": "version",
                "language": version.language,
                "title": told_text(version.title),
                "text": told_text(version.ask),
                "note": f"{signed} · {name_of(version.language)}",
            }

    def _residence(self) -> Iterator[Part]:
        totals = self.delivery.totals
        told = [
            (gettext("Say that they live in the city"), totals["residents"]),
            (
                gettext("Say only that they live in the same country"),
                totals["elsewhere_in_country"],
            ),
            (gettext("From other countries"), totals["abroad"]),
        ]
        if self.delivery.petition.tie is None:
            told[0] = (gettext("Say that they live in one of the cities"), totals["residents"])
        rows = [(label, value) for label, value in told if value is not None]
        yield from table(gettext("Where signers say they live"), gettext("Where"), rows)

    def _tables(self) -> Iterator[Part]:
        totals, others = self.delivery.totals, gettext("Other")
        names = dict(countries)
        found = [
            (others if code == OTHER else str(names.get(code, code)), value)
            for code, value in by_size(totals["by_country"])
        ]
        yield from table(gettext("By country"), gettext("Country"), found)
        spoken = [
            (others if code == OTHER else name_of(code), value)
            for code, value in by_size(totals["by_language"])
        ]
        yield from table(gettext("By language"), gettext("Language"), spoken)
        placed = totals["placed"]
        if found:
            yield text(
                ngettext(
                    "Where signers live was last counted for %(number)s signature. Numbers under "
                    "ten are added up as “other” or left out, so that nobody can be found by them.",
                    "Where signers live was last counted for %(number)s signatures. Numbers under "
                    "ten are added up as “other” or left out, so that nobody can be found by them.",
                    placed,
                )
                % {"number": localize(placed)}
            )

    def _method(self) -> Iterator[Part]:
        yield text(
            gettext(
                "Each signature was confirmed by its signer, by a button or a code in an email "
                "that only the holder of the mailbox could read. One mailbox counts once; two "
                "people who share one may sign both. Signatures that were withdrawn, or that "
                "turned out not to be real, are not in these numbers."
            )
        )
        moment = self.delivery.petition.format_local_time(self._counted_at)
        yield text(gettext("Counted: %(moment)s") % {"moment": moment})

    def _check(self) -> Iterator[Part]:
        yield text(
            gettext(
                "With this document come the files checksums.txt, with the SHA-256 checksum of "
                "each file, and checksums.sig, its signature (Ed25519). The public key of the site "
                "is at the address below. With OpenSSL anybody can check them without us:"
            )
        )
        key = SigningKey.newest().public_url
        yield link(key)
        yield {
            "kind": "code",
            "text": f"openssl pkeyutl -verify -pubin -inkey {key.rpartition('/')[2]} -rawin "
            "-in checksums.txt -sigfile checksums.sig",
        }
        yield text(gettext("Or choose this file at the address on the first page."))


def by_size(numbers: dict[str, int]) -> list[tuple[str, int]]:
    """The largest first, and last what is added up."""
    return sorted(numbers.items(), key=lambda item: (item[0] == OTHER, -item[1], item[0]))


def versions(delivery: Delivery) -> QuerySet[TextVersion]:
    known = TextVersion.objects.filter(
        petition=delivery.petition_id, checksum__in=delivery.totals["versions"]
    )
    return known.order_by("created_at", "pk")


def signed_told(number: int | None) -> str:
    if number is None:
        return gettext("The number is left out, so that nobody can be found by it.")
    told = ngettext("%(number)s signature", "%(number)s signatures", number)
    return told % {"number": localize(number)}


def comments(delivery: Delivery) -> QuerySet[Signature]:
    """Those that everybody may read, without the names of who wrote them."""
    return counted(delivery.petition).with_public_comment().order_by("confirmed_at", "pk")


def quotes(rows: Iterable[Signature]) -> Iterator[Part]:
    for row in rows:
        kept, lacking = set_text(row.comment)
        yield {
            "kind": "quote",
            "language": row.language,
            "text": broken(kept),
            "note": lacking_told(lacking),
        }


def told_text(words: str) -> str:
    return broken(set_text(words)[0])


def broken(words: str) -> str:
    """With places to break in words that are longer than a line."""
    return "".join(
        word if len(word) <= LONGEST_WORD else _broken(word) for word in re.split(r"( |\n)", words)
    )


def _broken(word: str) -> str:
    parts: list[str] = []
    for sign in word:
        is_full = not parts or len(parts[-1]) >= LONGEST_WORD
        if is_full and not unicodedata.combining(sign):
            parts.append("")
        parts[-1] += sign
    return BREAK.join(parts)


def lacking_told(lacking: list[str]) -> str:
    """Of signs that the fonts lack."""
    if not lacking:
        return ""
    told = ngettext(
        "A character here cannot be printed: %(signs)s",
        "Characters here cannot be printed: %(signs)s",
        len(lacking),
    )
    return told % {"signs": ", ".join(lacking)}


def text(words: str) -> Part:
    return {"kind": "text", "text": told_text(words)}


def link(address: str) -> Part:
    return {"kind": "link", "address": address}


def table(caption: str, label: str, rows: list[tuple[str, int]]) -> Iterator[Part]:
    if rows:
        yield {
            "kind": "table",
            "caption": caption,
            "head": [label, gettext("Number")],
            "rows": [[told_text(name), localize(value)] for name, value in rows],
        }
