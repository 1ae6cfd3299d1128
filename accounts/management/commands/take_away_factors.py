"""`manage.py take_away_factors USER`: for the last administrator who lost every device."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.factors.lost import take_away
from accounts.log_in import named
from accounts.models import User


class Command(BaseCommand):
    help = "Takes away what somebody enters with beside the password, and ends their sessions."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the user name or the email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=named(options["user"])).first()
        if user is None:
            raise CommandError("Nobody has this user name or email.")
        if not take_away(user):
            raise CommandError("There was nothing to take away: the password alone lets them in.")
        self.stdout.write("Taken away: at the next log-in the password leads to a new set-up.")
