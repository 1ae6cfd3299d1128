from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from operations import backups, databases
from operations.databases import DatabaseError
from security.streams import SealError

LONGEST = backups.LONGEST_KEPT.days


class Command(BaseCommand):
    help = (
        "Backs up the database, the uploads and the list of erasures into a folder, encrypted "
        "with BACKUP_KEY. No key is ever in it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument(
            "--erasures", action="store_true", help="write the list of erasures alone"
        )
        parser.add_argument(
            "--keep",
            type=int,
            metavar="DAYS",
            default=LONGEST,
            help=f"delete backups that are older, {LONGEST} days by default and at most",
        )

    def handle(self, *args: Any, folder: Path, erasures: bool, keep: int, **options: Any) -> None:
        if not 1 <= keep <= LONGEST:
            raise CommandError(f"--keep must be from 1 to {LONGEST} days.")
        try:
            # First, so that the wrong settings touch no real site's database.
            connection.ensure_connection()
            if erasures:
                self.stdout.write(f"{backups.write_erasures(folder)} erasures are on the list.")
                return
            made = backups.make(folder)
        except (backups.BackupError, DatabaseError, SealError) as error:
            raise CommandError(str(error)) from None
        except OperationalError:
            raise CommandError(databases.AWAY) from None
        except OSError as error:
            raise CommandError(
                f"There is no backup, since {folder} cannot be written to: {error.strerror}."
            ) from None
        self.stdout.write(f"Backed up to {made}.")
        for old in backups.delete_old(folder, timedelta(days=keep)):
            self.stdout.write(f"Deleted {old.name}, which is older than {keep} days.")
