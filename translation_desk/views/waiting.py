"""What waits for a translator: on the admin’s home, and by mail for whoever asks for it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab
from wagtail.models import Locale

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from translation_desk.models import Digest
from translation_desk.workload import workload_of
from translations.permissions import languages_for


class WaitingPanel(Component):
    template_name = "campaigns/admin/waiting.html"
    order = 40

    def __init__(self, user: User) -> None:
        self.user = user

    def get_context_data(self, parent_context: Mapping[str, object] | None) -> dict[str, Any]:
        token = parent_context.get("csrf_token") if parent_context else None
        return {"languages": workload_of(self.user), "csrf_token": token}


def works_on_translations(user: User) -> bool:
    return languages_for(user).exclude(pk=Locale.get_default().pk).exists()


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
