"""Signatures in the admin: names and comments to moderate, answers to export."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import BaseLogEntry

from accounts.requests import AuthenticatedHttpRequest
from signatures.keeping import weighing
from signatures.moderation import decisions
from signatures.views import answers, erasures
from signatures.views.moderation import desk

if TYPE_CHECKING:
    from django.contrib.auth.models import Permission
    from django.db.models import QuerySet


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [
        path("moderation/", desk, name="moderation"),
        path("petitions/<uuid:petition_id>/answers.csv", answers.export, name="petition_answers"),
        path(
            "petitions/<uuid:petition_id>/stop-erasure/", erasures.stop_erasure, name="stop_erasure"
        ),
        path("reports/answers/", answers.AnswersView.as_view(), name="answers_report"),
        path(
            "reports/answers/results/",
            answers.AnswersView.as_view(results_only=True),
            name="answers_report_results",
        ),
    ]


class AnswersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(answers.VIEW_ANSWERS))


@hooks.register("register_reports_menu_item")
def answers_menu_item() -> MenuItem:
    return AnswersMenuItem(_("Answers"), reverse("answers_report"), icon_name="help", order=200)


class ModerationMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(decisions.MODERATE))


@hooks.register("register_admin_menu_item")
def moderation_menu_item() -> MenuItem:
    return ModerationMenuItem(
        _("Moderation"), reverse("moderation"), icon_name="comment", order=160
    )


@hooks.register("construct_homepage_panels")
def add_announced_erasures(request: AuthenticatedHttpRequest, panels: list[Any]) -> None:
    if request.user.has_perm(weighing.DECIDE_ERASURE):
        panels.append(erasures.Announced(request.user))


@hooks.register("register_permissions")
def own_permissions() -> "QuerySet[Permission]":
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(
        content_type__app_label="signatures", codename__in=("moderate_comments", "decide_erasure")
    )


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    decisions.register(actions)
    actions.register_action(
        "signatures.answers_exported", _("Export answers"), _("The answers were exported")
    )

    @actions.register_action(weighing.LOG_SOONER)
    class SoonerFormatter(LogFormatter):
        label = _("Erase signers sooner")

        def format_message(self, log_entry: BaseLogEntry) -> str:
            return str(_("Signers erased sooner: %(signers)s, from %(day)s on") % log_entry.data)

    @actions.register_action(erasures.LOG_STOP)
    class StopFormatter(LogFormatter):
        label = _("Stop an erasure")

        def format_message(self, log_entry: BaseLogEntry) -> str:
            return str(_("The erasure was stopped until %(until)s: %(reason)s") % log_entry.data)
