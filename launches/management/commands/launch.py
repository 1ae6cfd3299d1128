from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from wagtail.models import Locale

from campaigns.models import CampaignPage
from campaigns.publishing.consequences import Told, begin
from campaigns.tables.reading import DataFileError
from launches.building import launch_cities
from launches.csv_file import read
from launches.forms import reason_against
from launches.known import denials
from launches.state_zones import is_divided, zone_of_row


class Command(BaseCommand):
    help = "Launches a campaign in the cities of a table (XLSX or CSV)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("campaign", metavar="CAMPAIGN_SLUG")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--publish", action="store_true", help="publish at once")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would be done")
        parser.add_argument(
            "--erases", type=int, metavar="NUMBER", help="of signers whom this erases sooner"
        )

    def handle(
        self,
        *args: Any,
        campaign: str,
        file: Path,
        publish: bool,
        dry_run: bool,
        erases: int | None,
        **options: Any,
    ) -> None:
        page = CampaignPage.objects.filter(slug=campaign, locale=Locale.get_default()).first()
        if page is None:
            raise CommandError(f"There is no campaign with the slug {campaign}.")
        if reason := reason_against(page):
            raise CommandError(reason)
        languages = [code for code, _name in settings.LANGUAGES]
        try:
            rows = read(file, languages, denials)
        except DataFileError as error:
            raise CommandError(str(error)) from error
        with transaction.atomic():
            consequences = begin()
            launched = launch_cities(page, rows, publish=publish)
            for told in consequences:
                refuse_unless_known(told(), erases)
            transaction.set_rollback(dry_run)
        for row in rows:
            if not row.time_zone and is_divided(row.state):
                self.stdout.write(
                    f"{row.city}, {row.state}: taken to be in {zone_of_row(row)}, like most of its "
                    "state. For the other zone, fill in the column time_zone."
                )
        verb = "would be launched" if dry_run else "launched"
        self.stdout.write(
            f"{len(launched.made)} cities {verb}, {len(launched.kept)} were there already."
        )


def refuse_unless_known(told: Told, number: int | None) -> None:
    """Raises: CommandError, where people are concerned whose number was not given."""
    concerned, sentence = told
    if concerned and concerned != number:
        raise CommandError(f"{sentence} If that is right, say so with --erases {concerned}.")
