"""Wagtail-localize's own views, with a memory, and kept from publishing half translations."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation
from wagtail_localize.views import edit_translation, submit_translations, update_translations

from campaigns.completeness import marking_stale
from campaigns.memory import reuse
from campaigns.models import CityName
from campaigns.translating import make_new_draft, submit


def reuse_for(page: Page) -> None:
    """Offers what is known, in the drafts too that were made from the source."""
    for translation in Translation.objects.filter(source__object_id=page.translation_key):
        is_known = reuse(translation) > 0
        draft = page.get_translation_or_none(translation.target_locale)
        if is_known and draft and not draft.live:
            # Where a text does not fit into its field, publishing will say so.
            with suppress(ValidationError):
                make_new_draft(translation)


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
        with marking_stale(self.object):
            response: HttpResponse = super().form_valid(form)
        return response

    def get_form(self) -> Form:
        data = self.request.POST if self.request.method == "POST" else None
        return UpdateTranslationsForm(data)


class SubmitPageTranslationView(submit_translations.SubmitPageTranslationView):
    def form_valid(self, form: Form) -> HttpResponse:
        waiting = untranslated_parents(self.object, form.cleaned_data["locales"])
        if waiting:
            # Otherwise the parent would be repeated in the other language, word for word.
            reason = gettext("First submit the page above it for translation: %(titles)s.")
            messages.error(self.request, reason % {"titles": ", ".join(waiting)})
            return redirect(self.request.get_full_path())
        response: HttpResponse = super().form_valid(form)
        reuse_for(self.object)
        return response


def untranslated_parents(page: Page, locales: Iterable[Locale]) -> list[str]:
    """The titles of pages above that some of the languages lack, those below the root alone."""
    return [
        parent.get_admin_display_title()
        for parent in page.get_ancestors().filter(depth__gt=1).specific()
        if any(
            not parent.get_translations().filter(locale=locale, alias_of=None).exists()
            for locale in locales
        )
    ]


class SubmitSnippetTranslationView(submit_translations.SubmitSnippetTranslationView):
    """Makes no row in the other language: that would show there in the source's words."""

    def form_valid(self, form: Form) -> HttpResponse:
        made = [submit(self.object, locale) for locale in form.cleaned_data["locales"]]
        languages = ", ".join(str(each.target_locale) for each in made)
        messages.success(self.request, self.get_success_message(languages))
        if len(made) == 1 and isinstance(self.object, CityName):
            return redirect("translate_name", made[0].pk)
        return redirect(self.get_success_url() or self.get_default_success_url())


def refuse_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """In place of wagtail-localize's view, which shows a page's source in another language."""
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    messages.error(
        request,
        gettext("A page shows no other language’s words. Unpublish it if it may not stand there."),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


def stop_translation(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Only for whoever publishes: the texts would have to be written anew without it."""
    translation = get_object_or_404(Translation.objects.select_related("source"), pk=translation_id)
    target = translation.get_target_instance()
    if isinstance(target, Page) and not target.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    response: HttpResponse = edit_translation.stop_translation(request, translation_id)
    return response
