"""Scripted signatures beside people's, as they come in an hour: drawn, and posted by the clock."""

import heapq
import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from django.test import RequestFactory

from campaigns.models import PetitionPageBase, TextVersion
from integrity.tasks import watch
from security import limits
from signatures.mailboxes import parse
from signatures.models import Submission
from signatures.signing.confirming import confirm_submission
from signatures.signing.sign import Keys, SignatureInput, sign
from signatures.signing.traits import traits_of

PROVIDERS = ("gmail.com", "gmail.com", "gmail.com", "ukr.net", "outlook.com", "icloud.com", "i.ua")
HOME = ("US", "US", "UA")
# The attack begins in the middle of the hour, and all of it has to be held ten minutes later.
BEGINS, LASTS, WITHIN = 1800, 540, 600


@dataclass(frozen=True, order=True)
class Visit:
    """In seconds since the hour began."""

    at: float
    address: str
    email: str
    country: str = "US"
    is_script: bool = False
    confirms_after: float | None = None


def anywhere(chance: Random) -> str:
    return ".".join(str(chance.randrange(1, 224)) for _part in range(4))


def near(network: str, chance: Random) -> str:
    return f"{network}.{chance.randrange(1, 255)}"


def crowd(chance: Random, number: int) -> Iterator[Visit]:
    """People: three tenths on one campus, half while it is on television, the others as ever."""
    carriers = [f"100.64.{each}" for each in range(20)]
    for person in range(number):
        kind, name = person % 10, f"person{person}"
        confirms = 120.0 if chance.random() < 0.8 else None
        if kind < 3:
            domain = "students.uni.edu" if chance.random() < 0.6 else "gmail.com"
            at, address = chance.uniform(600, 2400), near("192.0.2", chance)
            yield Visit(at, address, f"{name}@{domain}", "US", False, confirms)
            continue
        tag = "+petition" if chance.random() < 0.03 else ""
        domain = chance.choice(PROVIDERS) if chance.random() < 0.9 else f"firm{person}.com"
        if kind < 8:
            at = BEGINS + abs(chance.gauss(0, 300))
            is_mobile = chance.random() < 0.4
            address = near(chance.choice(carriers), chance) if is_mobile else anywhere(chance)
            country = chance.choice(HOME)
        else:
            at, address = chance.uniform(0, BEGINS + WITHIN), anywhere(chance)
            country = chance.choice((*HOME, "PL", "DE", "CA", "GB"))
        yield Visit(
            min(at, BEGINS + LASTS), address, f"{name}{tag}@{domain}", country, False, confirms
        )


# Of what all of an attack comes.
Shape = Callable[[Random, int], tuple[str, str, str]]


def one_network(chance: Random, number: int) -> tuple[str, str, str]:
    return near("203.0.113", chance), f"bot{number}@{chance.choice(PROVIDERS)}", "US"


def one_domain(chance: Random, number: int) -> tuple[str, str, str]:
    return anywhere(chance), f"bot{number}@mail{number % 50}.farm-of-bots.com", "US"


def one_country(chance: Random, number: int) -> tuple[str, str, str]:
    return anywhere(chance), f"bot{number}@{chance.choice(PROVIDERS)}", "VN"


def one_mailbox(chance: Random, number: int) -> tuple[str, str, str]:
    return anywhere(chance), f"bot+{number}@gmail.com", "US"


def thrown_away(chance: Random, number: int) -> tuple[str, str, str]:
    domains = ("mailinator.com", "guerrillamail.com", "10minutemail.com", "yopmail.com")
    return anywhere(chance), f"bot{number}@{chance.choice(domains)}", "US"


SHAPES: dict[str, Shape] = {
    "one network": one_network,
    "many networks, one mail domain": one_domain,
    "one country": one_country,
    "spellings of one mailbox": one_mailbox,
    "throwaway addresses": thrown_away,
}


def attack(shape: Shape, chance: Random, number: int) -> Iterator[Visit]:
    for each in range(number):
        at = BEGINS + LASTS * each / number
        confirms = 30.0 if each % 5 == 0 else None
        yield Visit(at, *shape(chance, each), True, confirms)


@dataclass
class Outcome:
    """Ten minutes after an attack began."""

    scripted: int
    real: int
    refused: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    held: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    counted: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})

    @property
    def missed(self) -> int:
        """Scripted ones that were neither refused nor held."""
        return self.scripted - self.refused[True] - self.held[True]

    @property
    def wronged(self) -> int:
        """People who were refused or held."""
        return self.refused[False] + self.held[False]

    def __str__(self) -> str:
        return (
            f"of {self.scripted} scripted ones {self.refused[True]} refused, {self.held[True]} "
            f"held, {self.counted[True]} counted; of {self.real} people {self.refused[False]} "
            f"refused, {self.held[False]} held, {self.counted[False]} counted"
        )


# What is done, which may lead to something so many seconds later.
Later = tuple[float, Callable[[], None]]
Act = Callable[[], Later | None]


class Hour:
    """What comes to a petition's page, with the worker at work every minute.

    Args:
        go_to: sets the clock, by which everything here goes.
    """

    def __init__(
        self, page: PetitionPageBase, start: datetime, go_to: Callable[[datetime], object]
    ) -> None:
        self.page, self.start, self.go_to = page, start, go_to
        go_to(start)
        TextVersion.record([(page.petition, page.words)])
        self.text = TextVersion.objects.get(petition=page.petition, checksum=page.words.checksum)
        self.keys = Keys.of(page.petition)
        self.scripted: dict[uuid.UUID, bool] = {}

    def run(self, visits: list[Visit]) -> Outcome:
        scripted = sum(each.is_script for each in visits)
        outcome = Outcome(scripted, len(visits) - scripted)
        order = itertools.count()
        minutes = range(60, BEGINS + WITHIN + 1, 60)
        # By time, and by number where two come at once.
        acts: list[tuple[float, int, Act]] = [
            *((float(at), next(order), work) for at in minutes),
            *((each.at, next(order), partial(self.sign, each, outcome)) for each in visits),
        ]
        heapq.heapify(acts)
        while acts:
            at, _number, act = heapq.heappop(acts)
            self.go_to(self.start + timedelta(seconds=at))
            later = act()
            if later and at + later[0] < BEGINS + WITHIN:
                heapq.heappush(acts, (at + later[0], next(order), later[1]))
        for submission in Submission.objects.that_made_it().select_related("signature"):
            is_script = self.scripted[submission.pk]
            outcome.held[is_script] += submission.signature.held_at is not None
            outcome.counted[is_script] += submission.signature.is_counted
        return outcome

    def sign(self, visit: Visit, outcome: Outcome) -> Later | None:
        request = RequestFactory().post("/", REMOTE_ADDR=visit.address)
        mailbox = parse(visit.email)
        entry = SignatureInput(f"Signer {visit.email}", mailbox, visit.country, "en")
        traits = traits_of(request, mailbox, self.keys.campaign)
        limited = limits.network_limits(request, "sign")
        try:
            ticket = sign(self.page.petition, self.text, entry, self.keys, limited, traits)
        except limits.FullError:
            outcome.refused[visit.is_script] += 1
            return None
        key = uuid.UUID(ticket.submission)
        self.scripted[key] = visit.is_script
        return (visit.confirms_after, partial(confirm, key)) if visit.confirms_after else None


def work() -> None:
    watch()


def confirm(key: uuid.UUID) -> None:
    confirm_submission(Submission.objects.get(pk=key))
