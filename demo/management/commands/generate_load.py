from pathlib import Path
from typing import Any, TextIO, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.models import CampaignPage, Petition
from demo import load, signers
from demo.content import Item
from security.progress import Progress
from signatures.models import Signature

PEOPLE = Path(signers.__file__).parent / "data" / "signers.yaml"


class Command(BaseCommand):
    help = "Fills the demo's campaign up to so many cities and signatures, for measuring."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--signatures", type=int, default=0, help="how many in all")
        parser.add_argument("--cities", type=int, default=0, help="how many in all")

    def handle(self, *, signatures: int, cities: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Signatures are made up under the demo settings only.")
        page = CampaignPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).first()
        if page is None or page.petition is None:
            raise CommandError("There is no campaign yet: run seed_demo first.")
        campaign = page.petition
        missing = max(0, cities - Petition.objects.filter(parent=campaign).count())
        missing += max(0, signatures - Signature.objects.count())
        progress = Progress(missing, cast("TextIO", self.stdout))
        load.add_cities(campaign, cities, progress)
        load.add_signatures(campaign, signatures, Item.read(PEOPLE, ()), progress)
        progress.end()
