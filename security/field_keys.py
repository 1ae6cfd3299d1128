"""Which keys of `FIELD_KEYS` the database needs, so that none is taken away too early.

Whoever opens the database writes down the key that encrypts, before anything is encrypted with it.
So a start need not look through a million rows for a key that is missing. `rotate_keys` strikes a
key off once nothing needs it.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from security.encryption import DecryptionError, decrypt, encrypt
from security.models import UsedKey

PURPOSE = "security.usedkey"
PROOF = "opens"


def note_keys() -> None:
    connection_created.connect(note_at_connecting, dispatch_uid=__name__)
    post_migrate.connect(note_after_migrating, dispatch_uid=__name__)


# The databases in which this process has noted a key.
_noted: set[tuple[str, str]] = set()


def note_at_connecting(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    known = (str(connection.settings_dict["NAME"]), newest())
    if connection.alias == "default" and known not in _noted:
        try:
            note()
        except DatabaseError:
            # No table yet.
            return
        _noted.add(known)


def note_after_migrating(sender: AppConfig, using: str, **kwargs: Any) -> None:
    if sender.name == "security" and using == "default":
        note()


def newest() -> str:
    """The id of the key that encrypts."""
    return str(next(iter(settings.FIELD_KEYS)))


def note() -> None:
    """Writes down the newest key, but nothing where the keys are another database's."""
    used = list(UsedKey.objects.all())
    if newest() not in {key.id for key in used} and all(opens(key.proof) for key in used):
        proof = encrypt(PROOF, PURPOSE)
        UsedKey.objects.bulk_create([UsedKey(id=newest(), proof=proof)], ignore_conflicts=True)


def opens(proof: str) -> bool:
    try:
        return decrypt(proof, PURPOSE) == PROOF
    except DecryptionError:
        return False


def told_missing(keys: dict[str, str]) -> str:
    """One sentence about the first of these keys, by id with its proof, that is not at hand."""
    for key_id, proof in keys.items():
        if key_id not in settings.FIELD_KEYS:
            return (
                f"FIELD_KEYS does not hold the key {key_id}, which this database was encrypted "
                "with: put it back, after the new one, until manage.py rotate_keys says that it "
                "can go."
            )
        if not opens(proof):
            return (
                f"FIELD_KEYS does not hold the key {key_id} that this database was encrypted "
                "with, but another one of that name: put the right one back."
            )
    return ""


@register(Tags.database)
def field_keys_fit_the_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Without a key nobody's signature of its time could be read."""
    if "default" not in (databases or ()):
        return []
    try:
        told = told_missing(dict(UsedKey.objects.values_list("id", "proof")))
    except DatabaseError:
        # No table yet, or no database for now: both are told where they matter.
        return []
    return [Error(told, id="security.E001")] if told else []
