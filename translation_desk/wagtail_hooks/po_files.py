"""Translating outside, as PO files."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry

from translation_desk.po.importing import LOG_PO, taken_in_words
from translation_desk.views import po_files


@hooks.register("register_admin_urls")
def exchange_urls() -> list[Any]:
    return [
        path("exchange/", po_files.overview, name="exchange"),
        path(
            "exchange/<int:page_id>/<slug:language>/", po_files.upload_many, name="exchange_pages"
        ),
        path(
            "exchange/<int:page_id>/<slug:language>/download/",
            po_files.download_many,
            name="exchange_download",
        ),
    ]


@hooks.register("register_log_actions")
def log_po_files(actions: LogActionRegistry) -> None:
    @actions.register_action(LOG_PO)
    class TakePoFormatter(LogFormatter):
        label = _("Take translations from a PO file")

        def format_message(self, log_entry: BaseLogEntry) -> str:
            return taken_in_words(**log_entry.data)
