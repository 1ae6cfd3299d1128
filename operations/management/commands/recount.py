import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from campaigns.models import Petition
from operations import databases
from operations.proving import prove
from security.progress import Progress


class Command(BaseCommand):
    help = (
        "Compares every petition's total with its signatures, while the site runs, says where they "
        "differ and puts the total right. The worker does the same every night."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="put nothing right, and end with 1 if any differs"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            number = Petition.objects.count()
            progress = Progress(number, sys.stderr)
            found = prove(mends=not check, step=progress.step)
        except OperationalError:
            raise CommandError(databases.AWAY) from None
        progress.end()
        for drift in found:
            self.stdout.write(str(drift))
        right = "and were put right" if not check else "and were left as they are"
        if found:
            self.stdout.write(f"{len(found)} of {number} totals differed from the rows, {right}.")
        else:
            self.stdout.write(f"All {number} totals are what their rows say.")
        if check and found:
            sys.exit(1)
