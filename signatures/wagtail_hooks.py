"""Signatures in the admin: names and comments to moderate, answers to export."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from signatures.keeping import log_words
from signatures.moderation import decisions
from signatures.permissions import signature_policy
from signatures.views import answers, erasures, moderation, rounds


@hooks.register("register_admin_urls")
def admin_urls() -> list[Any]:
    return [
        path("moderation/", moderation.desk, name="moderation"),
        path("petitions/<uuid:petition_id>/answers.csv", answers.export, name="petition_answers"),
        path(
            "petitions/<uuid:petition_id>/stop-erasure/", erasures.stop_erasure, name="stop_erasure"
        ),
        path("petitions/<uuid:petition_id>/round/", rounds.another_round, name="another_round"),
        path("reports/answers/", answers.AnswersView.as_view(), name="answers_report"),
        path(
            "reports/answers/results/",
            answers.AnswersView.as_view(results_only=True),
            name="answers_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def answers_menu_item() -> MenuItem:
    return answers.AnswersMenuItem(
        _("Answers"), reverse("answers_report"), icon_name="help", order=200
    )


@hooks.register("register_admin_menu_item")
def moderation_menu_item() -> MenuItem:
    return moderation.ModerationMenuItem(
        _("Moderation"), reverse("moderation"), icon_name="comment", order=160
    )


hooks.register("construct_homepage_panels", erasures.add_announced_erasures)
hooks.register("construct_homepage_panels", rounds.add_rounds_ending)


@hooks.register("register_permissions")
def own_permissions() -> QuerySet[Permission]:
    return signature_policy.own_rights()


@hooks.register("register_log_actions")
def log_actions(actions: LogActionRegistry) -> None:
    decisions.register(actions)
    log_words.register(actions)
    actions.register_action(
        "signatures.answers_exported", _("Export answers"), _("The answers were exported")
    )
