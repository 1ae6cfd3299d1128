"""What is handed over and what recipients answer, in the admin."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from deliveries.answering import deciding
from deliveries.views import answers, packs


@hooks.register("register_admin_urls")
def answer_urls() -> list[Any]:
    return [
        path("deliveries/answers/", answers.answer_list, name="answers"),
        path("deliveries/answers/<uuid:answer_id>/", answers.answer_detail, name="answer_detail"),
        path("deliveries/answers/<uuid:answer_id>/scan/", answers.answer_scan, name="answer_scan"),
        path("deliveries/<uuid:delivery_id>/answer-link/", answers.answer_link, name="answer_link"),
    ]


@hooks.register("register_admin_urls")
def pack_urls() -> list[Any]:
    return [
        path("deliveries/", packs.delivery_list, name="deliveries"),
        path("deliveries/<uuid:delivery_id>/", packs.delivery_detail, name="delivery"),
        *packs.act_addresses(),
    ]


@hooks.register("register_admin_menu_item")
def answers_menu_item() -> MenuItem:
    return answers.AnswersMenuItem(
        _("Answers of recipients"), reverse("answers"), icon_name="mail", order=162
    )


@hooks.register("register_admin_menu_item")
def deliveries_menu_item() -> MenuItem:
    return packs.DeliveriesMenuItem(
        _("Deliveries"), reverse("deliveries"), icon_name="mail", order=163
    )


hooks.register("register_log_actions", deciding.register)
