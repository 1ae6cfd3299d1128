"""What a report of an error may hold: as much as a log line."""

from django.conf import settings
from django.utils.html import format_html
from django.views.debug import ExceptionReporter

from security.log_lines import clean, traceback_of


class Reporter(ExceptionReporter):
    """Django's own shows the request, with all that was typed, and every variable on the way.

    A programmer's page, with DEBUG on, is left as it is.
    """

    def get_traceback_text(self) -> str:
        if settings.DEBUG:
            return super().get_traceback_text()
        if self.exc_type is None:
            # Made of a log record, whose error does not go on with it.
            return clean(str(self.exc_value))
        return traceback_of(self.exc_type, self.exc_value, self.tb)

    def get_traceback_html(self) -> str:
        if settings.DEBUG:
            return super().get_traceback_html()
        return format_html("<pre>{}</pre>", self.get_traceback_text())
