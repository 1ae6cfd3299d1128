from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from staff.assigning import NAMES, AssigningError, assign


class Command(BaseCommand):
    help = "Assigns somebody to a role: an editor to a campaign, a translator to a language."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the user's name")
        parser.add_argument("role", choices=NAMES)
        parser.add_argument(
            "place",
            nargs="?",
            default="",
            help="a campaign's slug for an editor, a language's code for a translator, or “all”",
        )
        parser.add_argument("--publish", action="store_true", help="may publish these pages too")

    def handle(self, *args: Any, **options: Any) -> None:
        user = get_user_model().objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(
                f"There is no user “{options['user']}”: make one in the admin first."
            )
        try:
            groups = assign(
                user, NAMES[options["role"]], options["place"], publish=options["publish"]
            )
        except AssigningError as error:
            raise CommandError(str(error)) from error
        names = ", ".join(group.name for group in groups)
        self.stdout.write(f"{user} is in: {names}.")
