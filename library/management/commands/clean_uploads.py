from typing import Any

from django.core.management.base import BaseCommand, CommandError

from library.recleaning import clean_uploads


class Command(BaseCommand):
    help = (
        "Cleans images and documents that were stored uncleaned, moves them out of the public "
        "folder, and deletes what was made of them. It may be stopped and run again at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        report = clean_uploads(self._show)
        if self.stderr.isatty():
            self.stderr.write("\r\x1b[K", ending="")
        self.stdout.write(f"Cleaned: {report.cleaned}. Old files deleted: {report.deleted}.")
        for reason in report.failed:
            self.stdout.write(f"Not cleaned: {reason}")
        if report.failed:
            raise CommandError("Replace or delete in the admin what could not be cleaned.")

    def _show(self, what: str) -> None:
        """One line that is written over, for whoever watches."""
        if self.stderr.isatty():
            self.stderr.write(f"\r\x1b[KLooking at {what} …", ending="")
