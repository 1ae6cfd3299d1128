"""Wagtail-localize's own views, with a memory, and kept from publishing half translations."""

from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail_localize.models import Translation
from wagtail_localize.views import submit_translations, update_translations

from campaigns.memory import reuse
from campaigns.translating import refresh_draft


def reuse_for(instance: Any) -> None:
    """Offers what is known; a draft that was made from the source shows it at once."""
    for translation in Translation.objects.filter(source__object_id=instance.translation_key):
        reuse(translation)
        other = instance.get_translation_or_none(translation.target_locale)
        if other is not None:
            refresh_draft(translation, other)


class UpdateTranslationsForm(update_translations.UpdateTranslationsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Publishing here would show the source language where a translation is missing.
        del self.fields["publish_translations"]
        # Drafts are asked for where they are looked at, in the translation's own editor.
        self.fields.pop("use_machine_translation", None)

    def clean(self) -> dict[str, Any]:
        return {**self.cleaned_data, "publish_translations": False}


class UpdateTranslationsView(update_translations.UpdateTranslationsView):
    """Brings translators the newest texts; each translation is published once complete."""

    title = _("Send the newest texts to the translators")

    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        reuse_for(self.object.get_source_instance())
        return response

    def get_form(self) -> Form:
        data = self.request.POST if self.request.method == "POST" else None
        return UpdateTranslationsForm(data)


class SubmitPageTranslationView(submit_translations.SubmitPageTranslationView):
    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        reuse_for(self.object)
        return response


class SubmitSnippetTranslationView(submit_translations.SubmitSnippetTranslationView):
    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        reuse_for(self.object)
        return response
