from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Locale

from translations.submission import submit_everything


class Command(BaseCommand):
    help = "Puts every page and city name before the translators of a language, as drafts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("language", metavar="CODE", help="one of LANGUAGES, like pl")

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        if language not in dict(settings.LANGUAGES):
            raise CommandError(f"Add {language} to LANGUAGES first, like LANGUAGES=en,uk,pl.")
        locale, _created = Locale.objects.get_or_create(language_code=language)
        if locale == Locale.get_default():
            raise CommandError(f"{language} is the language that everything is written in.")
        pages, names = submit_everything(locale)
        self.stdout.write(f"{pages} pages and {names} city names wait for their translators.")
