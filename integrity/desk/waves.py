"""The waves that the worker has found, as staff judge them."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from integrity.desk import sweeping
from integrity.desk.filters import told
from integrity.desk.hours import names_of
from integrity.models import Sweep, Wave

SHOWN = 10


@dataclass(frozen=True)
class WaveLine:
    wave: Wave
    what: str
    petition: str

    @property
    def percent(self) -> int:
        return round(self.wave.share * 100)


def newest() -> list[WaveLine]:
    return lines(list(Wave.objects.order_by("-until", "-pk")[:SHOWN]))


def lines(waves: list[Wave]) -> list[WaveLine]:
    names = names_of(wave.petition_id for wave in waves)
    return [WaveLine(wave, told(wave), names[wave.petition_id]) for wave in waves]


def clear(wave: Wave, by: User, note: str) -> Sweep | None:
    """Holds nothing more of it and releases what is held; None where somebody did so before."""
    with transaction.atomic():
        if not wave.clear():
            return None
        chosen = {"wave": str(wave.pk), "until": timezone.now().isoformat()}
        seen = sweeping.concerned(Sweep.Act.RELEASE, chosen).count()
        return sweeping.ask(Sweep.Act.RELEASE, chosen, by, seen=seen, note=note)
