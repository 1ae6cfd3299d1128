"""A plan that was shown travels in the form that confirms it, so that nothing is kept meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.core import signing


class Someone(Protocol):
    @property
    def pk(self) -> object: ...


class OutdatedPlanError(Exception):
    """The plan is too old, or was not shown to this user for this."""


@dataclass(frozen=True)
class Seal:
    """Signs plans of one kind, for who looked at them and for what they are about.

    `subject` says what that is, in any words that are the same when the plan comes back.
    """

    kind: str
    seconds: int = 3600

    def close(self, plan: Mapping[str, object], user: Someone, subject: object) -> str:
        """`plan` is anything that JSON can hold."""
        return signing.dumps(plan, salt=self._salt(user, subject), compress=True)

    def open(self, sealed: str, user: Someone, subject: object) -> dict[str, Any]:
        """Raises: OutdatedPlanError."""
        try:
            return signing.loads(sealed, salt=self._salt(user, subject), max_age=self.seconds)
        except signing.BadSignature:
            raise OutdatedPlanError from None

    def _salt(self, user: Someone, subject: object) -> str:
        return f"{self.kind}/{user.pk}/{subject}"
