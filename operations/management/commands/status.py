import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from operations.status import Figure, figures
from security.models import PolicyReport


class Command(BaseCommand):
    help = "Says how the site goes: worker, queue, limits, confirming, reports, backups, totals."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON")
        parser.add_argument("--check", action="store_true", help="end with 1 if there is an alarm")
        parser.add_argument(
            "--reports", action="store_true", help="list what browsers were kept from"
        )

    def handle(self, *args: Any, json: bool, check: bool, reports: bool, **options: Any) -> None:
        found = list(figures())
        if json:
            self.stdout.write(as_json(found))
        else:
            for figure in found:
                self.stdout.write(str(figure))
        if reports:
            for report in PolicyReport.objects.order_by("-last_at"):
                when = f"{report.last_at:%Y-%m-%d %H:%M}"
                self.stdout.write(f"{when} {report}, {report.number} times")
        if check and any(figure.is_alarm for figure in found):
            sys.exit(1)


def as_json(found: list[Figure]) -> str:
    alarms = [figure.name for figure in found if figure.is_alarm]
    return json.dumps({**{each.name: each.value for each in found}, "alarms": alarms})
