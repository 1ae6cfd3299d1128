"""How the pages of all cities will read: what one pattern makes of each, before it is public."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.blocks.wordings import SIGNED
from campaigns.pages.marks import marks
from campaigns.pages.petition_pages import CampaignPage, PetitionPage
from campaigns.placeholders import NAME_FORMS, PLACEHOLDER
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
    # In every language, to find it by.
    names: str
    # What the tie and the petition are taken to be.
    told: str
    label: str
    # In each of the languages; None where the city has no page in it.
    readings: list[Reading | None]

    @property
    def is_marked(self) -> bool:
        return any(reading.marks for reading in self.readings if reading)


def standings(petition: Petition, status: str, state: str) -> list[Standing | None]:
    """What is looked at; None is what the petition and its tie are. “each” are all statuses."""
    if not status and not state:
        return [None]
    now = told(petition)
    if not state:
        state = Petition.State.OPEN if now.state == Petition.State.ENDED else now.state
    statuses = Tie.Status.values if status == "each" else [status or now.status]
    return [standing_of(each, state) for each in statuses]


def standing_of(status: str, state: str) -> Standing:
    """Where the tie has ended, no petition is open, paused or closed."""
    if status == Tie.Status.ENDED and state != Petition.State.WON:
        return Standing(status, Petition.State.ENDED)
    return Standing(status, state)


class Readings:
    """Of a campaign's cities."""

    def __init__(self, campaigns: Iterable[CampaignPage]) -> None:
        """The campaign's pages, one for each language, that of the source first."""
        self.cities: dict[object, dict[str, PetitionPage]] = {}
        for campaign in campaigns:
            draft = campaign.as_drafted()
            for page in campaign.named(campaign.all_cities()):
                page.campaign = draft
                self.cities.setdefault(page.petition_id, {})[campaign.language] = page

    def of(
        self, names: Iterable[str], languages: list[str], status: str, state: str
    ) -> list[CityReadings]:
        """Texts of every city in some languages, in each of some standings."""
        return [
            city_readings(pages, languages, name, standing)
            for pages in self.cities.values()
            for standing in standings(next(iter(pages.values())).petition, status, state)
            for name in names
        ]


def city_readings(
    pages: dict[str, PetitionPage], languages: list[str], name: str, standing: Standing | None
) -> CityReadings:
    """Of one city's pages, that of the source first."""
    source = next(iter(pages.values()))
    shown = [pages.get(language) for language in languages]
    return CityReadings(
        name=source.get_admin_display_title(),
        names=" ".join(page.get_admin_display_title() for page in pages.values()),
        told=in_words(standing or told(source.petition)),
        label=str(TEXTS[name][0]),
        readings=[page and reading(page, source, name, standing) for page in shown],
    )


def reading(
    page: PetitionPage, source: PetitionPage, name: str, standing: Standing | None
) -> Reading:
    text = page.text(name, standing) if standing else getattr(page, TEXTS[name][1])
    both = (page.city_name, page.sister_city_name)
    names = [(each.name, each.of_form, each.in_form, each.with_form) for each in both]
    found = [*marks(name, text, page.language, names), *_foreign(page, text)]
    pattern = _pattern(page, name, standing)
    found += _formless(page, pattern)
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


def _formless(page: PetitionPage, pattern: str) -> list[str]:
    """Forms of names that nobody has written: a sentence of their own stands for each."""
    sentence, found = _("“%(name)s” has no form for {%(placeholder)s} yet."), []
    for placeholder in dict.fromkeys(PLACEHOLDER.findall(pattern)):
        name = page.sister_city_name if "sister_city" in placeholder else page.city_name
        form = NAME_FORMS.get(placeholder.replace("sister_city", "city"))
        if form and not getattr(name, form):
            found.append(sentence % {"name": name.name, "placeholder": placeholder})
    return found


def in_words(standing: Standing) -> str:
    parts = [Tie.Status(standing.status).label]
    if standing.state not in (Petition.State.OPEN, Petition.State.ENDED):
        parts.append(Petition.State(standing.state).label)
    return ", ".join(map(str, parts))
