from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from operations import backups, databases, restoring
from operations.databases import DatabaseError
from operations.uploads import UploadError
from security.streams import SealError


class Command(BaseCommand):
    help = (
        "Restores the newest backup of a folder into an empty database, or the backup that the "
        "folder is, and erases again whoever was erased since."
    )
    # There is nothing yet that could be checked.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument(
            "--erasures",
            action="store_true",
            help="only erase again, in a database that was brought back in another way",
        )

    def handle(self, *args: Any, folder: Path, erasures: bool, **options: Any) -> None:
        try:
            # First, so that the wrong settings touch no real site's database.
            connection.ensure_connection()
            if erasures:
                done, listed = restoring.replay_alone(folder)
                self.stdout.write(f"{done} erasures done anew, as listed at {listed.at:%c} UTC.")
                return
            found = restoring.restore(folder, self.stdout.write)
        except (backups.BackupError, DatabaseError, SealError, UploadError) as error:
            raise CommandError(str(error)) from None
        except OperationalError:
            raise CommandError(databases.AWAY) from None
        self.stdout.write(
            f"Restored {found.backup.name}: {found.rows} rows and {found.files} files are as they "
            f"were. {found.erased} erasures done anew, as listed at {found.listed_at:%c} UTC."
        )
