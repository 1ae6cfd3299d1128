"""How the pages of all cities will read: what one pattern makes of each, before it is public."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.blocks.wordings import SIGNED
from campaigns.pages.marks import marks
from campaigns.pages.petition_pages import CampaignPage, PetitionPage
from campaigns.records.petitions import Petition
from campaigns.records.standings import Standing, signed, told
from campaigns.records.ties import Tie

# The texts that patterns make, each with what a page says of it as it stands.
TEXTS = {
    "heading": (gettext_lazy("Heading"), "heading"),
    "lead": (gettext_lazy("Lead"), "summary"),
    "ask": (gettext_lazy("Ask"), "demand"),
    "description": (gettext_lazy("Description"), "description"),
    "share": (gettext_lazy("Share text"), "share_words"),
}


@dataclass(frozen=True)
class Reading:
    """A text as one city's page will show it in one language, and what to look at in it."""

    page: PetitionPage
    text: str
    marks: list[str]


@dataclass(frozen=True)
class CityReadings:
    """A text of one city in one standing."""

    name: str
    # What the tie and the petition are taken to be.
    told: str
    # In each of the languages; None where the city has no page in it.
    readings: list[Reading | None]

    @property
    def is_marked(self) -> bool:
        return any(reading.marks for reading in self.readings if reading)


def standings(status: str, state: str) -> list[Standing | None]:
    """What is looked at; None is what each city's tie and petition are. “each” are all statuses."""
    if not status and not state:
        return [None]
    states = state or Petition.State.OPEN
    statuses = Tie.Status.values if status == "each" else [status or Tie.Status.ACTIVE]
    return [standing_of(each, states) for each in statuses]


def standing_of(status: str, state: str) -> Standing:
    """Where the tie has ended, no petition is open, paused or closed."""
    if status == Tie.Status.ENDED and state != Petition.State.WON:
        return Standing(status, Petition.State.ENDED)
    return Standing(status, state)


class Readings:
    """Of a campaign's cities, in some of its languages."""

    def __init__(self, campaigns: Iterable[CampaignPage]) -> None:
        """The campaign's pages, one for each language, that of the source first."""
        campaigns = list(campaigns)
        self.languages = [campaign.language for campaign in campaigns]
        self.cities: dict[object, dict[str, PetitionPage]] = {}
        for campaign in campaigns:
            draft = campaign.as_drafted()
            for page in campaign.named(campaign.all_cities()):
                page.campaign = draft
                self.cities.setdefault(page.petition_id, {})[campaign.language] = page

    def of(self, name: str, wanted: list[Standing | None]) -> list[CityReadings]:
        """A text of every city, in each of some standings."""
        return [
            city_readings([pages.get(code) for code in self.languages], name, standing)
            for pages in self.cities.values()
            for standing in wanted
        ]


def city_readings(
    pages: list[PetitionPage | None], name: str, standing: Standing | None
) -> CityReadings:
    """Of one city's pages, that of the source first."""
    source = next(filter(None, pages))
    return CityReadings(
        name=source.get_admin_display_title(),
        told=in_words(standing or told(source.petition)),
        readings=[page and reading(page, source, name, standing) for page in pages],
    )


def reading(
    page: PetitionPage, source: PetitionPage, name: str, standing: Standing | None
) -> Reading:
    text = page.text(name, standing) if standing else getattr(page, TEXTS[name][1])
    found = [*marks(name, text, page.language), *_foreign(page, text)]
    pattern = _pattern(page, name, standing)
    if page is not source and pattern and pattern == _pattern(source, name, standing):
        found.append(_("Not translated yet."))
    return Reading(page, text, found)


def _pattern(page: PetitionPage, name: str, standing: Standing | None) -> str:
    as_it_is = signed if name in SIGNED else told
    return page.pattern(name, standing or as_it_is(page.petition))


def _foreign(page: PetitionPage, text: str) -> list[str]:
    """Names in another language, whose forms do not fit this one's sentences."""
    names = {
        name.name
        for name in (page.city_name, page.sister_city_name)
        if name.language != page.language and name.name in text
    }
    sentence = _("“%(name)s” has no name in this language yet.")
    return [sentence % {"name": name} for name in sorted(names)]


def in_words(standing: Standing) -> str:
    parts = [Tie.Status(standing.status).label]
    if standing.state not in (Petition.State.OPEN, Petition.State.ENDED):
        parts.append(Petition.State(standing.state).label)
    return ", ".join(map(str, parts))
