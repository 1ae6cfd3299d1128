"""Runs several management commands in one process, which is quicker than one each."""

import os
import sys

import django
from django.core.management import CommandError, call_command

QUIET = {"migrate": {"verbosity": 0}, "collectstatic": {"verbosity": 0, "interactive": False}}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.demo")
    django.setup()
    for command in sys.argv[1:]:
        try:
            call_command(command, **QUIET.get(command, {}))
        except CommandError as error:
            sys.exit(f"{command}: {error}")


if __name__ == "__main__":
    main()
