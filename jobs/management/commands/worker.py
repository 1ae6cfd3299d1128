from typing import Any

from django.conf import settings
from django.core.checks import Tags, run_checks
from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs.worker import Worker, drain


class Command(BaseCommand):
    help = "Does the jobs: sends mails, expires and anonymises. Any number may run side by side."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due, then stop")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if errors := run_checks(tags=[Tags.database], databases=["default"]):
            raise CommandError(str(errors[0].msg))
        worker = Worker(settings.WORKER_THREADS)
        if once:
            worker.do_chores()
            self.stdout.write(f"{drain()} jobs done.")
            return
        worker.handle_signals()
        worker.run()
