"""Generated signatures, so that the demo's counts, lists and charts have something to show."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from campaigns.models import CampaignPage, Petition, PetitionEvent, TextVersion
from demo.content import Item
from signatures.mailboxes import parse
from signatures.models import HashKey, Signature
from signatures.person import TAKEN_BACK, middle_of_day
from signatures.release import Release
from translations.languages.folding import fold

SEED = 20220224
SPAN = timedelta(weeks=20)
CAMPAIGN_SIGNATURES = 1_900
MOST_IN_A_CITY, FEWEST_IN_A_CITY = 600, 20
# How many of a city's signers signed somewhere else too.
RETURNING = 0.12
WITH_NAME, WITH_COMMENT, LOCAL = 0.6, 0.12, 0.45
# How many of a campaign's own signers from the US live in one of its cities.
AT_HOME = 0.2
# How much of what is to be shown a moderator has released.
RELEASED = {"name": 0.99, "comment": 0.8}
BATCH = 500
# Of so many it is remembered that they may come again.
KNOWN = 20_000


@dataclass(frozen=True)
class Person:
    number: int
    name: str
    country: str
    language: str

    @property
    def email(self) -> str:
        return f"demo-{self.number:06}@example.org"


@dataclass(frozen=True)
class Country:
    code: str
    share: int
    language: str
    first_names: list[str]
    last_names: list[str]


class Crowd:
    """Makes signers and their signatures, the same ones from the same seed.

    `first` is how many there are already: whoever comes more is somebody else.
    """

    def __init__(self, data: Item, campaign: Petition, now: datetime, first: int = 0) -> None:
        self.random = random.Random(SEED + first)
        self.number = first
        self.now = now
        self.keys = HashKey.of(campaign)
        self.countries = [_country(item, data["names"]) for item in data["countries"]]
        self.comments = {
            language: [comment.text() for comment in comments]
            for language, comments in data["comments"].fields().items()
        }
        cities = Petition.objects.filter(parent=campaign).order_by("created_at", "id")
        self.homes = list(cities.values_list("tie__city", flat=True))
        self.people: list[Person] = []

    def signatures(
        self, petition: Petition, number: int, texts: dict[str, TextVersion]
    ) -> Iterator[Signature]:
        signed: set[int] = set()
        while len(signed) < number:
            person = self._somebody(petition)
            if person.number not in signed:
                signed.add(person.number)
                yield self._signature(petition, person, texts)

    def _somebody(self, petition: Petition) -> Person:
        if petition.tie_id and self.people and self.random.random() < RETURNING:
            return self.random.choice(self.people)
        [country] = self.random.choices(
            self.countries, [country.share for country in self.countries]
        )
        self.number += 1
        person = Person(
            number=self.number,
            name=" ".join(
                [self.random.choice(country.first_names), self.random.choice(country.last_names)]
            ),
            country=country.code,
            language=country.language,
        )
        if len(self.people) < KNOWN:
            self.people.append(person)
        return person

    def _signature(
        self, petition: Petition, person: Person, texts: dict[str, TextVersion]
    ) -> Signature:
        chance = self.random.random
        text = texts.get(person.language) or next(iter(texts.values()))
        confirmed_at = self.now - SPAN * chance() ** 1.3
        comment = ""
        if chance() < WITH_COMMENT:
            comment = self.random.choice(self.comments[text.language])
        local = bool(petition.tie_id) and person.country == "US" and chance() < LOCAL
        may_be_home = self.homes and not petition.tie_id and person.country == "US"
        is_home = may_be_home and chance() < AT_HOME
        signature = Signature(
            id=uuid.UUID(int=self.random.getrandbits(128), version=4),
            petition=petition,
            text=text,
            language=text.language,
            mailbox_key=parse(person.email).key(self.keys),
            name_key=self.keys.hash(fold(person.name)),
            email=person.email,
            name=person.name,
            comment=comment,
            country=person.country,
            lives_here=local if petition.tie_id else None,
            home_city_id=self.random.choice(self.homes) if is_home else None,
            show_name=chance() < WITH_NAME,
            status=Signature.Status.CONFIRMED,
            asked_at=confirmed_at - timedelta(minutes=1 + 300 * chance() ** 3),
            confirmed_at=confirmed_at,
            is_demo=True,
        )
        self._release(signature)
        return signature

    def _release(self, signature: Signature) -> None:
        """A moderator has read most of what is to be shown."""
        signature.set_release_states()
        for part, share in RELEASED.items():
            state = f"{part}_state"
            if getattr(signature, state) == Release.WAITING and self.random.random() < share:
                setattr(signature, state, Release.RELEASED)


def _country(item: Item, names: Item) -> Country:
    kind = item["names"].text()
    if kind not in names.fields():
        raise item["names"].error(f"there are no names “{kind}”")
    return Country(
        code=item["code"].text(),
        share=item["share"].number(),
        language=item["language"].text(),
        first_names=names[kind]["first"].text().split(),
        last_names=names[kind]["last"].text().split(),
    )


def sign(campaign_page: CampaignPage, data: Item) -> int:
    """Makes the signatures, unless some were made before; returns how many."""
    if Signature.objects.filter(is_demo=True).exists():
        return 0
    campaign: Any = campaign_page.petition
    now = timezone.now()
    crowd = Crowd(data, campaign, now)
    # In the order of the cities' file.
    cities = list(Petition.objects.filter(parent=campaign).order_by("created_at", "id"))
    rows: list[Signature] = []
    for position, petition in enumerate([campaign, *cities]):
        number = _number(position - 1) if petition.tie_id else CAMPAIGN_SIGNATURES
        texts = {text.language: text for text in petition.texts.order_by("created_at")}
        # Where a tie had ended, nobody ever could sign.
        if texts and petition.settled_state == Petition.State.OPEN:
            rows.extend(crowd.signatures(petition, number, texts))
    in_safety_mode(rows[0])
    rows.append(taken_back(rows[0], crowd))
    Signature.objects.bulk_create(rows, batch_size=BATCH)
    _date_back([campaign, *cities], now - SPAN - timedelta(days=1))
    return len(rows)


def in_safety_mode(signature: Signature) -> None:
    signature.discreet, signature.show_name = True, False
    signature.set_release_states()


def taken_back(like: Signature, crowd: Crowd) -> Signature:
    """A signature of somebody more, of whom nothing is left."""
    left = {name: getattr(like, name) for name in ("petition", "text", "language", "is_demo")}
    today = middle_of_day(crowd.now)
    return Signature(
        **{**left, **TAKEN_BACK},
        mailbox_key=parse(f"demo-{crowd.number + 1:06}@example.org").key(crowd.keys),
        status=Signature.Status.WITHDRAWN,
        asked_at=today,
        withdrawn_at=today,
        anonymised_at=today,
    )


def _number(position: int) -> int:
    """Many in the first cities, few in the last ones."""
    return max(FEWEST_IN_A_CITY, round(MOST_IN_A_CITY * 0.81**position))


def _date_back(petitions: list[Petition], start: datetime) -> None:
    """The petitions were launched, and their texts there, before anybody signed."""
    TextVersion.objects.filter(petition__in=petitions).update(created_at=start)
    PetitionEvent.objects.filter(petition__in=petitions, kind=PetitionEvent.Kind.LAUNCHED).update(
        date=start.date()
    )
    campaign = petitions[0]
    PetitionEvent.objects.get_or_create(
        petition=campaign, kind=PetitionEvent.Kind.LAUNCHED, defaults={"date": start.date()}
    )
