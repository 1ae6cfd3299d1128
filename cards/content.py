"""What a petition's card says: nothing that its page does not say at the same moment."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from campaigns.models import CampaignPage, Petition, PetitionPage, PetitionPageBase
from campaigns.records.goals import milestones
from campaigns.records.standings import told
from campaigns.records.ties import Tie
from campaigns.records.visibility import is_public, visible
from cards.drawing import LOOK
from signatures.counts import people_key, shown_numbers

Numbers = Mapping[str, int]

# Translators: These four stand below a line between two cities.
STATUSES = {
    Tie.Status.ACTIVE: _("Still tied"),
    Tie.Status.SUSPENDED: _("Tie suspended"),
    Tie.Status.ENDED: _("Tie ended"),
    Tie.Status.UNKNOWN: _("Status unknown"),
}
STANDINGS = {
    Tie.Status.ACTIVE: ngettext_lazy(
        "%(number)s tie still stands", "%(number)s ties still stand", "number"
    ),
    Tie.Status.SUSPENDED: ngettext_lazy(
        "%(number)s tie is suspended", "%(number)s ties are suspended", "number"
    ),
    Tie.Status.ENDED: ngettext_lazy(
        "%(number)s tie has ended", "%(number)s ties have ended", "number"
    ),
    Tie.Status.UNKNOWN: ngettext_lazy(
        "the status of %(number)s tie is unknown",
        "the status of %(number)s ties is unknown",
        "number",
    ),
}
MOST_LETTERS = 170
# What the fonts have: Latin, Greek and Cyrillic, and what stands between words.
UNDRAWN = re.compile("[^\u0020-\u052f\u1e00-\u1fff\u2000-\u206f\u20a0-\u20bf\u2116\u2122\n]")


@dataclass(frozen=True)
class Content:
    petition: str
    language: str
    site: str
    heading: str
    # What else is to be known, where it is not as the heading alone would have one think.
    summary: str
    # The two cities, each with its region; none for a campaign.
    cities: tuple[tuple[str, str], ...]
    status: str
    status_told: str
    since: str
    # Of a campaign's cities: each status, and of how many ties it is told.
    standings: tuple[tuple[str, str], ...]
    milestone: str
    # What a reader can do.
    call: str

    @cached_property
    def digest(self) -> str:
        """Of what it says and of how that is drawn."""
        said = json.dumps(asdict(self), ensure_ascii=False) + LOOK
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    @property
    def alt(self) -> str:
        cities = " – ".join(name for name, _region in self.cities)
        told = (self.status_told, self.since, *(told for _status, told in self.standings))
        parts = (self.heading, self.summary, cities, *told, self.milestone, self.site)
        return " · ".join(filter(None, parts))

    @property
    def can_be_drawn(self) -> bool:
        """Whether the fonts have all of its letters."""
        return UNDRAWN.search(" ".join(map(str, asdict(self).values()))) is None


def contents(numbers: Numbers) -> Iterator[Content]:
    """Of every page that all can see, in few queries for each campaign."""
    for campaign in public_campaigns():
        cities = campaign.city_pages()
        yield content_of(campaign, numbers, cities)
        yield from (content_of(page, numbers) for page in cities)


def content_for(petition: UUID, language: str) -> Content | None:
    """Of one page; None where nobody can see it.

    Raises: Petition.DoesNotExist.
    """
    page = Petition.objects.get(pk=petition).live_page(language)
    if page is None:
        return None
    cities = page.city_pages() if isinstance(page, CampaignPage) else ()
    return content_of(page, shown_numbers(), cities)


def public_campaigns() -> Iterator[CampaignPage]:
    pages = CampaignPage.objects.filter(is_public(), live=True, alias_of=None)
    rows = visible(pages).select_related("locale", "petition").prefetch_related("petition__events")
    yield from rows.exclude(petition=None)


def content_of(
    page: PetitionPageBase, numbers: Numbers, cities: Iterable[PetitionPage] = ()
) -> Content:
    petition: Petition = page.petition
    standing = told(petition)
    with translation.override(page.language):
        return Content(
            petition=str(petition.pk),
            language=page.language,
            site=page.campaign.get_parent().title,
            heading=page.heading,
            summary="" if standing.is_plain else Truncator(page.summary).chars(MOST_LETTERS),
            milestone=milestone_told(petition, numbers),
            call=gettext("Sign the petition") if standing.state == Petition.State.OPEN else "",
            **(city_told(page) if isinstance(page, PetitionPage) else campaign_told(cities)),
        )


def city_told(page: PetitionPage) -> dict[str, Any]:
    status = page.petition.told_status or Tie.Status.UNKNOWN
    since = page.tie.since
    is_told = since and status == Tie.Status.ACTIVE
    return {
        "cities": tuple(
            (name.name, "" if name.region == name.name else name.region)
            for name in (page.city_name, page.sister_city_name)
        ),
        "status": status,
        "status_told": str(STATUSES[status]),
        "since": gettext("since %(year)s") % {"year": since} if is_told else "",
        "standings": (),
    }


def campaign_told(cities: Iterable[PetitionPage]) -> dict[str, Any]:
    numbers = Counter(city.petition.told_status for city in cities)
    standings = tuple(
        (status, words % {"number": numbers[status]})
        for status, words in STANDINGS.items()
        if numbers[status]
    )
    return {"cities": (), "status": "", "status_told": "", "since": "", "standings": standings}


def milestone_told(petition: Petition, numbers: Numbers) -> str:
    """By steps, so that a card outlives most signatures; true until the next is passed."""
    key = str(petition.pk)
    people = numbers.get(people_key(key))
    signatures = numbers.get(key, 0)
    passed = milestones((signatures if people is None else people) - 1)
    if not passed:
        return ""
    if people is None:
        words = ngettext(
            "More than %(number)s signature", "More than %(number)s signatures", passed[-1]
        )
    else:
        words = ngettext(
            "More than %(number)s person has signed",
            "More than %(number)s people have signed",
            passed[-1],
        )
    return words % {"number": localize(passed[-1])}
