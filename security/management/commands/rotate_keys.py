import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from security import field_keys, rotation
from security.encryption import DecryptionError
from security.progress import Progress


class Command(BaseCommand):
    help = (
        "Encrypts everything under the newest of FIELD_KEYS, while the site runs, and says which "
        "older keys can go. It may be stopped and started again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="only count how many rows need which key"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if not check:
            self.rotate()
        self.report(strikes_off=not check)

    def rotate(self) -> None:
        progress = Progress(rotation.rows_left(), sys.stderr)
        try:
            left = rotation.rotate(progress.step)
        except DecryptionError as error:
            raise CommandError(str(error)) from None
        finally:
            progress.end()
        if left:
            raise CommandError(
                f"{left} rows were held by others all the time: run this again. Nothing was lost."
            )
        self.stdout.write(f"{progress.done} rows encrypted anew under {field_keys.newest()}.")

    def report(self, strikes_off: bool) -> None:
        counted = rotation.needed()
        for place, keys in sorted(counted.items()):
            told = ", ".join(f"{number} under {key}" for key, number in sorted(keys.items()))
            self.stdout.write(f"{place}: {told or 'nothing'}")
        retired = rotation.retired(counted)
        for each in retired:
            self.stdout.write(self.told(each))
        if strikes_off:
            rotation.strike_off(retired)

    def told(self, key: rotation.Retired) -> str:
        if key.rows:
            return f"{key.key} is needed by {key.rows} values: run manage.py rotate_keys."
        if not key.is_removable:
            return (
                f"{key.key} is needed by no row, but by pages that wait for a code until "
                f"{key.until:%Y-%m-%d %H:%M} UTC: run this again then."
            )
        return (
            f"{key.key} is needed by nothing here: take it out of FIELD_KEYS. Backups made "
            "before need it still, so keep it where the backups are not."
        )
