from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from campaigns.tables.reading import DataFileError
from demo import signers
from demo.content import ContentError, Item
from demo.fakes import add_fakes
from demo.glossary import build_glossary
from demo.handed import add_deliveries
from demo.logins import build_logins
from demo.pages import build_site, check_ties, languages
from launches.csv_file import read

FOLDER = Path(signers.__file__).parent / "data"


class Command(BaseCommand):
    help = "Builds or completes the demo campaign: pages, cities, signatures and logins."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "The demo has logins whose password everybody knows, so it is built under the "
                "demo settings only."
            )
        try:
            content = Item.read(FOLDER / "content.yaml", languages())
            terms = Item.read(FOLDER / "glossary.yaml", languages())
            people = Item.read(FOLDER / "signers.yaml", ())
            rows = read(FOLDER / "cities.csv", list(languages()))
            with transaction.atomic():
                campaign = build_site(content, rows)
                build_glossary(terms)
                build_logins()
                check_ties(campaign, User.objects.get(username="editor"))
                made = signers.sign(campaign, people)
                if made and campaign.petition:
                    moderator = User.objects.get(username="moderator")
                    add_fakes(campaign.petition, people, moderator, timezone.now())
                    add_deliveries(campaign, content["deliveries"], moderator, timezone.now())
        except (ContentError, DataFileError) as error:
            raise CommandError(f"Nothing of the demo was changed.\n{error}") from error
        self.stdout.write(f"The demo is ready: {len(rows)} cities, {made} signatures made.")
