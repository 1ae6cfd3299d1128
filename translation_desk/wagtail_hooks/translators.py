"""What translators find in the admin beside the texts: what waits, names, handing over, a mail."""

from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest
from django.template import Context
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Locale

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import CityName
from translation_desk.models import Digest
from translation_desk.views import finishing, handover, names_report
from translation_desk.workload import workload_of
from translations.gaps import resync
from translations.permissions import languages_for
from translations.sync import following


@hooks.register("register_admin_urls")
def translators_urls() -> list[Any]:
    return [
        path("translations/<int:translation_id>/ready/", handover.hand_over, name="hand_over"),
        path(
            "translations/<int:translation_id>/name/",
            names_report.translate_name,
            name="translate_name",
        ),
        path(
            "translations/all/<str:language>/ready/", finishing.hand_over_all, name="hand_over_all"
        ),
        path("translations/all/<str:language>/publish/", finishing.publish_all, name="publish_all"),
        path("reports/languages/names/", names_report.NamesReport.as_view(), name="city_names"),
        path(
            "reports/languages/names/results/",
            names_report.NamesReport.as_view(results_only=True),
            name="city_names_results",
        ),
    ]


class WaitingPanel(Component):
    template_name = "campaigns/admin/waiting.html"
    order = 40

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Context) -> dict[str, Any]:
        token = parent_context.get("csrf_token") if parent_context else None
        return {"languages": workload_of(self.user), "csrf_token": token}


def works_on_translations(user: User) -> bool:
    return languages_for(user).exclude(pk=Locale.get_default().pk).exists()


@hooks.register("construct_homepage_panels")
def add_waiting(request: AuthenticatedHttpRequest, panels: list[Any]) -> None:
    if works_on_translations(request.user):
        panels.append(WaitingPanel(request.user))


class DigestForm(forms.ModelForm):
    class Meta:
        model = Digest
        fields = ["every"]

    def save(self, commit: bool = True) -> Digest:
        self.instance.language = get_language() or ""
        digest: Digest = super().save(commit)
        return digest


@hooks.register("register_account_settings_panel")
class DigestPanel(BaseSettingsPanel):
    """A mail that says what waits for translation, for whoever asks for it."""

    name = "digest"
    title = _("Email about what waits for translation")
    help_text = _("Only when something waits, and in the language of your admin.")
    tab = notifications_tab
    order = 200
    form_class = DigestForm

    def is_active(self) -> bool:
        return works_on_translations(self.user)

    def get_form(self) -> forms.ModelForm:
        digest = Digest.objects.filter(user=self.user).first() or Digest(user=self.user)
        data = self.request.POST if self.request.method == "POST" else None
        return DigestForm(data, instance=digest, prefix=self.name)


@hooks.register("after_edit_snippet")
def show_new_names(request: HttpRequest, record: Model) -> None:
    """A changed name waits for its translators at once, like a page's new texts."""
    if isinstance(record, CityName) and record.locale_id == Locale.get_default().pk:
        resync(record)


@hooks.register("register_log_actions")
def log_translators(actions: LogActionRegistry) -> None:
    actions.register_action(
        handover.LOG_HANDOVER, _("Send a translation for publishing"), _("Sent for publishing")
    )
    actions.register_action(
        following.LOG_ACTION,
        _("Bring a translation in line with its source"),
        _("Brought in line with its source, which was published"),
    )
