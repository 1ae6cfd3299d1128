"""Wagtail-localize's own views, with a memory, kept from publishing half translations.

Its rights speak of all translations; here they are narrowed to the assigned campaigns and
languages.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import get_snippet_model_from_url_params
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.views import (
    report,
    submit_translations,
    update_translations,
)

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import CityName
from campaigns.views.asking import ask_again, has_seen
from translations.gaps import marking_stale
from translations.memory import reuse
from translations.permissions import may_change, translation_policy
from translations.publishing import Instance, source_of
from translations.submission import make_new_draft, submit

TranslationView = Callable[..., HttpResponse]


def only_own_translations(view: TranslationView) -> TranslationView:
    """A view of a translation, for those who may change what it is a translation to."""

    @wraps(view)
    def narrowed(
        request: AuthenticatedHttpRequest, translation_id: int, **kwargs: Any
    ) -> HttpResponse:
        translation = get_object_or_404(Translation, pk=translation_id)
        try:
            allowed = translation_policy.user_has_permission_for_instance(
                request.user, "change", translation
            )
        except ObjectDoesNotExist as error:
            raise Http404 from error
        if not allowed:
            raise PermissionDenied
        return view(request, translation_id, **kwargs)

    return narrowed


def only_known_snippets(view: TranslationView) -> TranslationView:
    """A view of snippets of some kind, for those who may see that kind."""

    @wraps(view)
    def narrowed(
        request: HttpRequest, app_label: str, model_name: str, **kwargs: Any
    ) -> HttpResponse:
        policy = policy_registry.get_by_type(
            get_snippet_model_from_url_params(app_label, model_name)
        )
        if not policy.user_has_any_permission(request.user, ("view", "change")):
            raise PermissionDenied
        return view(request, app_label=app_label, model_name=model_name, **kwargs)

    return narrowed


def refuse_others(user: User, instance: Instance) -> Instance:
    """The instance, for those who may change it. Raises: PermissionDenied."""
    if not may_change(user, instance):
        raise PermissionDenied
    return instance


class TranslationsReportView(report.TranslationsReportView):
    def dispatch(
        self, request: AuthenticatedHttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not translation_policy.user_has_permission(request.user, "view"):
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_queryset(self) -> QuerySet[Translation]:
        """In one order, or a row could stand on two pages and another on none."""
        found: QuerySet[Translation] = super().get_queryset()
        return found.order_by("source__object_repr", "pk")


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

    def get_object(self, queryset: QuerySet[TranslationSource] | None = None) -> TranslationSource:
        source = super().get_object()
        refuse_others(self.request.user, source.get_source_instance())
        return source

    def form_valid(self, form: Form) -> HttpResponse:
        with marking_stale(self.object):
            response: HttpResponse = super().form_valid(form)
        return response

    def get_form(self) -> Form:
        data = self.request.POST if self.request.method == "POST" else None
        return UpdateTranslationsForm(data)


class SubmitPageTranslationView(submit_translations.SubmitPageTranslationView):
    """Translates the one source of a page and its translations, whichever of them one is on."""

    def get_object(self, queryset: QuerySet[TranslationSource] | None = None) -> TranslatableMixin:
        return refuse_others(self.request.user, source_of(super().get_object()))

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

    def get_object(self, queryset: QuerySet[TranslationSource] | None = None) -> TranslatableMixin:
        return refuse_others(self.request.user, source_of(super().get_object()))

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


@require_POST
def stop_translation(request: HttpRequest, translation_id: int) -> HttpResponse:
    """Only for whoever publishes: the texts would have to be written anew without it."""
    translation = get_object_or_404(Translation.objects.select_related("source"), pk=translation_id)
    target = translation.get_target_instance()
    if isinstance(target, Page) and not target.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    if not has_seen(request, translation.pk):
        return ask_before_stopping(request, translation, target)
    translation.enabled = False
    translation.save(update_fields=["enabled"])
    messages.success(request, gettext("The translation is stopped. It can be started again."))
    return redirect(translation.get_target_instance_edit_url())


def kept_in_words(done: int) -> str:
    if not done:
        return gettext("Nothing is translated yet, so nothing is lost.")
    return ngettext(
        "The %(done)s translated text of %(total)s is kept.",
        "The %(done)s translated texts of %(total)s are kept.",
        done,
    )


def ask_before_stopping(
    request: HttpRequest, translation: Translation, target: TranslatableMixin
) -> HttpResponse:
    total, done = translation.get_progress()
    details = {"language": translation.target_locale, "done": done, "total": total}
    return ask_again(
        request,
        translation.pk,
        page_title=gettext("Stop the translation"),
        page_subtitle=str(target),
        lines=[
            gettext("What stops: new and changed texts no longer reach the translators."),
            kept_in_words(done) % details,
            gettext("The page is edited by itself until the translation is started again."),
            gettext("The report of languages then says “not translated”: %(language)s.") % details,
        ],
        button=gettext("Yes, stop the translation"),
        back=translation.get_target_instance_edit_url(),
    )


def hide_translations(request: AuthenticatedHttpRequest, items: list[Any]) -> None:
    if not translation_policy.user_has_permission(request.user, "view"):
        items[:] = [item for item in items if item.name != "translations"]


def hide_aliases(items: list[Any], request: HttpRequest, context: object) -> None:
    items[:] = [item for item in items if item.name != "localize-convert-to-alias"]
