"""From how many on signatures from one source are a wave. Why: docs/decisions/waves.md"""

from dataclasses import dataclass
from datetime import timedelta

from integrity.models import Wave

What = Wave.What


@dataclass(frozen=True)
class Threshold:
    """So many signatures within a time, and such a share of all that came in it."""

    number: int
    share: float = 0

    def is_reached(self, number: int, among: int) -> bool:
        return number >= self.number and number >= self.share * among

    def is_left(self, number: int) -> bool:
        """Whether a wave that had reached it is over: not with the first quiet minutes."""
        return number < self.number * LEFT


LEFT = 0.2
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OF_HOUR = {
    What.NETWORK: Threshold(250),
    # Of a domain that is no large provider's.
    What.DOMAIN: Threshold(250),
    What.MAILBOX: Threshold(10),
    What.DISPOSABLE: Threshold(50, 0.1),
    # Where few of the petition's signers live.
    What.COUNTRY: Threshold(300, 0.5),
    What.ALL: Threshold(500),
}
# Of those who take their time.
OF_DAY = {
    What.NETWORK: Threshold(600),
    What.DOMAIN: Threshold(600),
    What.MAILBOX: Threshold(20),
}
THRESHOLDS = {HOUR: OF_HOUR, DAY: OF_DAY}
# An hour is far busier than usual that has so many times those of an hour of the day before.
TIMES_USUAL = 10
# Of those who signed before, so many and such a share live in a country that is nothing new.
FEWEST, FEW = 20, 0.05
