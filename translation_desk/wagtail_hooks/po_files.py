"""Translating outside, as PO files."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry

from translation_desk.po.importing import LOG_PO
from translation_desk.views import po_files


@hooks.register("register_admin_urls")
def exchange_urls() -> list[Any]:
    many = "exchange/<int:page_id>/<slug:language>"
    return [
        path("exchange/", po_files.overview, name="exchange"),
        path(f"{many}/", po_files.upload_many, name="exchange_pages"),
        path(f"{many}/download/", po_files.download_many, name="exchange_download"),
    ]


@hooks.register("register_log_actions")
def log_po_files(actions: LogActionRegistry) -> None:
    @actions.register_action(LOG_PO)
    class TakePoFormatter(LogFormatter):
        label = _("Take translations from a PO file")

        def format_message(self, log_entry: BaseLogEntry) -> str:
            data = log_entry.data
            message = ngettext(
                "%(count)s translation taken from the PO file %(file)s",
                "%(count)s translations taken from the PO file %(file)s",
                data["new"] + data["changed"],
            )
            return message % {"count": data["new"] + data["changed"], "file": data["file"]}
