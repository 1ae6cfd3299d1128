"""What the worker does for cards: draws those whose pages say something else by now."""

import time
from collections.abc import Hashable, Iterable
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from campaigns.records.goals import next_goal
from cards.content import Content, Numbers, content_for, contents
from cards.drawing import draw
from cards.kept import CARDS
from cards.models import FOLDER, Card, file_of
from jobs.models import Job, JobQuerySet
from jobs.registry import every
from pagecache import versions
from signatures.counts import shown_numbers

# After all that people wait for.
PRIORITY = -10
# What nothing tells of is noticed by then: that time is up, and all else where no pages are kept.
LOOK_ANYWAY_SECONDS = 300
# A file is there before the row that names it.
YOUNG = timedelta(days=1)

Which = tuple[str, str]


class Looker:
    """Compares cards with pages only where something has moved that they may show."""

    def __init__(self) -> None:
        self.seen: Hashable = None
        self.until = 0.0

    def look(self) -> None:
        # Each card that is drawn moves what pages show.
        if jobs().filter(error="").exists():
            return
        numbers = shown_numbers()
        found = (versions.numbers().get(versions.PAGES, 0), goals(numbers))
        if found == self.seen and time.monotonic() < self.until:
            return
        compare(numbers)
        self.seen, self.until = found, time.monotonic() + LOOK_ANYWAY_SECONDS


def goals(numbers: Numbers) -> Hashable:
    """They move when milestones do."""
    return frozenset((key, next_goal(number - 1)) for key, number in numbers.items())


looker = Looker()


@every(timedelta(seconds=15))
def look() -> None:
    looker.look()


def compare(numbers: Numbers) -> None:
    """Has the cards drawn that differ, and takes away those of pages that nobody can see."""
    said = {which(each): each.digest for each in contents(numbers) if each.can_be_drawn}
    cards = {(str(card.petition_id), card.language): card for card in Card.objects.all()}
    take_away(card for key, card in cards.items() if key not in said)
    differ = (
        key for key, digest in said.items() if key not in cards or cards[key].digest != digest
    )
    asked = asked_for()
    for petition, language in (key for key in differ if key not in asked):
        draw_card.enqueue(petition=petition, language=language)


def which(content: Content) -> Which:
    return content.petition, content.language


def jobs() -> JobQuerySet:
    """Those that wait to draw a card, or have failed to."""
    return Job.objects.filter(kind=draw_card.module_path)


def asked_for() -> set[Which]:
    asked = [payload["kwargs"] for payload in jobs().values_list("payload", flat=True)]
    return {(each["petition"], each["language"]) for each in asked}


@task(priority=PRIORITY)
def draw_card(petition: str, language: str) -> None:
    """Draws the card of a page as it is now, unless that is drawn."""
    content = content_for(UUID(petition), language)
    if content is None or not content.can_be_drawn:
        return
    before = Card.objects.filter(petition=UUID(petition), language=language).first()
    if before and before.digest == content.digest:
        return
    file = file_of(content.digest)
    if not default_storage.exists(file):
        default_storage.save(file, ContentFile(draw(asdict(content))))
    with transaction.atomic():
        Card.objects.update_or_create(
            petition_id=UUID(petition),
            language=language,
            defaults={"digest": content.digest, "alt": content.alt},
        )
        versions.touch(CARDS)
        if before:
            transaction.on_commit(lambda: default_storage.delete(before.file))


def take_away(cards: Iterable[Card]) -> None:
    for card in cards:
        with transaction.atomic():
            card.delete()
            versions.touch(CARDS)
            transaction.on_commit(lambda file=card.file: default_storage.delete(file))  # type: ignore[misc]


@every(timedelta(days=1))
def delete_unnamed() -> None:
    """Files of no card: of a petition that was deleted, or from before a restore."""
    named = {card.file for card in Card.objects.all()}
    try:
        names = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return
    for name in names:
        if name not in named and default_storage.get_modified_time(name) < timezone.now() - YOUNG:
            default_storage.delete(name)
