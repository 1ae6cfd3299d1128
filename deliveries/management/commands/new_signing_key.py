from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from campaigns.models import Delivery
from deliveries.models import Pack, SigningKey
from deliveries.packs import making


class Command(BaseCommand):
    help = (
        "Makes a new key that packs are signed with from now on. The public parts of the keys "
        "before it stay where they are, so that older packs can still be checked."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        key = SigningKey.add()
        # What is half made names the key before it.
        for delivery in Delivery.objects.filter(pack__state=Pack.State.MAKING):
            making.begin(delivery)
        self.stdout.write(f"Packs are signed with key {key.number} now: {key.public_url}")
