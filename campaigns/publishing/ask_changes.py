"""Words that people have signed, and that a draft would change for those who sign from then on."""

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from campaigns.models import CampaignPage, PetitionPage, SignedText, TextVersion
from translations.gaps import translation_of
from translations.submission import as_translated

COUNTED = Q(signatures__status="confirmed", signatures__held_at=None)


class SignedVersion(NamedTuple):
    text: TextVersion
    number: int


@dataclass(frozen=True)
class AskChange:
    """The versions that were signed of what a draft says otherwise, and how many signed each."""

    versions: list[SignedVersion]
    petitions: int
    # Of all the new words.
    checksum: str

    @property
    def number(self) -> int:
        return sum(version.number for version in self.versions)

    @property
    def lines(self) -> list[str]:
        """In sentences, for whoever is about to publish it."""
        stays = ngettext(
            "%(number)s signature stays with the words that its signer read.",
            "%(number)s signatures stay with the words that their signers read.",
            self.number,
        )
        return [
            _("The draft changes a title or an ask that people have signed."),
            stays % {"number": self.number},
            *(self.told_versions() if self.petitions == 1 else ()),
            _(
                "Whoever signs from now on signs the new words. What is handed over says how many "
                "signed which. For another demand, make another petition."
            ),
        ]

    def told_versions(self) -> list[str]:
        told = []
        for version in self.versions:
            words = ngettext(
                "Version of %(day)s: %(number)s signature",
                "Version of %(day)s: %(number)s signatures",
                version.number,
            )
            day = date_format(version.text.created_at, "DATE_FORMAT")
            told.append(words % {"day": day, "number": version.number})
        return told


def ask_change(page: Page) -> AskChange | None:
    """What publishing a page would change of what was signed, if anything."""
    model = page.specific_class
    if model not in (CampaignPage, PetitionPage):
        return None
    live = model.objects.filter(pk=page.pk, live=True).first()
    if live is None:
        return None
    before = {each.petition_id: each.words for each in live.signable_pages()}
    changed = {
        each.petition_id: each.words
        for each in to_go_live(live).signable_pages()
        if each.petition_id in before and is_material(before[each.petition_id], each.words)
    }
    versions = signed_versions(list(changed), live.language)
    if not versions:
        return None
    checksums = " ".join(sorted(words.checksum for words in changed.values()))
    return AskChange(versions, len(changed), sha256(checksums.encode()).hexdigest())


def to_go_live(page: Page) -> Page:
    """The newest draft; of a translation, what is translated by now."""
    if translation := translation_of(page):
        # What visitors would miss is refused elsewhere.
        with suppress(ValidationError):
            return as_translated(translation)
    return page.get_latest_revision_as_object()


def is_material(before: SignedText, after: SignedText) -> bool:
    """Whether more changes than punctuation, spaces and capital letters."""
    return any(
        letters(old) != letters(new)
        for old, new in ((before.title, after.title), (before.ask, after.ask))
    )


def letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def signed_versions(petitions: list[Any], language: str) -> list[SignedVersion]:
    versions = TextVersion.objects.filter(petition__in=petitions, language=language)
    signed = versions.annotate(signed=Count("signatures", filter=COUNTED)).filter(signed__gt=0)
    return [SignedVersion(each, each.signed) for each in signed.order_by("created_at", "pk")]
