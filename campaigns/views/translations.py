"""Wagtail-localize's own views, kept from publishing what is not translated."""

from typing import Any

from django.forms import Form
from django.utils.translation import gettext_lazy as _
from wagtail_localize.views import update_translations


class UpdateTranslationsForm(update_translations.UpdateTranslationsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Publishing here would show the source language where a translation is missing.
        del self.fields["publish_translations"]

    def clean(self) -> dict[str, Any]:
        return {**self.cleaned_data, "publish_translations": False}


class UpdateTranslationsView(update_translations.UpdateTranslationsView):
    """Brings translators the newest texts; each translation is published once complete."""

    title = _("Send the newest texts to the translators")

    def get_form(self) -> Form:
        data = self.request.POST if self.request.method == "POST" else None
        return UpdateTranslationsForm(data)
