"""The log of what staff did with people's data. It is added to, and nothing else.

Whoever sees, corrects, exports or erases is on record, even if they would rather not be: the
database itself refuses to change or remove an entry. Written in its act's transaction, an entry
stands or falls with it. It holds keys of rows and never an address, so that nothing of a person
who is erased stays in it.
"""

import unicodedata
from collections.abc import Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from security.models import AuditEntry
from security.printable import printable


class AddressInLogError(ValueError):
    """A text for the log has an email address in it."""


def record(
    act: str, by: AbstractBaseUser | None = None, rows: Iterable[object] = (), reason: str = ""
) -> None:
    """Adds an entry for each row, or one without. `by` is None for the worker.

    `act` is a short name of a thing and what was done with it, like `signer.corrected`.

    Raises:
        AddressInLogError: an address was typed as a reason; forms refuse it before.
    """
    keys = [str(row) for row in rows] or [""]
    if any(holds_address(text) for text in (act, reason, *keys)):
        raise AddressInLogError("the log holds keys of rows, never addresses")
    now, number = timezone.now(), by.pk if by else None
    AuditEntry.objects.bulk_create(
        AuditEntry(at=now, act=act, by=number, row=key, reason=printable(reason)) for key in keys
    )


def holds_address(text: str) -> bool:
    """Whether it may hold one, in whatever form of the sign: an address needs no more than that."""
    return "@" in unicodedata.normalize("NFKC", text)


def refuse_addresses(text: str) -> None:
    """For the fields of forms that ask for a reason. Raises: ValidationError."""
    if holds_address(text):
        raise ValidationError(
            _("The log holds no addresses: leave out the “@” and what is around it.")
        )


def entries() -> QuerySet[AuditEntry]:
    """The newest first."""
    return AuditEntry.objects.order_by("-at", "-pk")


def entries_of(rows: Iterable[object]) -> QuerySet[AuditEntry]:
    return entries().filter(row__in=[str(row) for row in rows])
