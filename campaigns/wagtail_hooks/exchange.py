"""Translating outside, as PO files."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry, LogFormatter

from campaigns.po_confirming import LOG_ACTION
from campaigns.views import exchange


@hooks.register("register_admin_urls", order=-10)
def exchange_urls() -> list[Any]:
    """The first two answer in place of wagtail-localize's views, which store at once."""
    one = "localize/translate/<int:translation_id>/pofile"
    many = "exchange/<int:page_id>/<slug:language>"
    return [
        path(f"{one}/upload/", exchange.upload_one),
        path(f"{one}/download/", exchange.download_one),
        path("exchange/", exchange.overview, name="exchange"),
        path(f"{many}/", exchange.upload_many, name="exchange_pages"),
        path(f"{many}/download/", exchange.download_many, name="exchange_download"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    @actions.register_action(LOG_ACTION)
    class TakePoFormatter(LogFormatter):
        label = _("Take translations from a PO file")

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data
            message = ngettext(
                "%(count)s translation taken from the PO file %(file)s",
                "%(count)s translations taken from the PO file %(file)s",
                data["new"] + data["changed"],
            )
            return message % {"count": data["new"] + data["changed"], "file": data["file"]}
