"""What a report of an error may hold: as much as a log line."""

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.debug import ExceptionReporter

from security.log_lines import clean, traceback_of


class Reporter(ExceptionReporter):
    """Django's own shows the request, with all that was typed, and every variable on the way.

    A programmer's page, with DEBUG on, is left as it is.
    """

    def get_traceback_text(self) -> SafeString:
        if settings.DEBUG:
            return super().get_traceback_text()
        # Of a mail's text nothing is markup.
        return mark_safe(self.words())  # noqa: S308

    def get_traceback_html(self) -> SafeString:
        if settings.DEBUG:
            return super().get_traceback_html()
        return format_html("<pre>{}</pre>", self.words())

    def words(self) -> str:
        if self.exc_type is None:
            # Made of a log record, whose error does not go on with it.
            return clean(str(self.exc_value))
        return traceback_of(self.exc_type, self.exc_value, self.tb)
