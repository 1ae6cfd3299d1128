"""The glossary in the admin, and the texts that a person must look at."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from accounts.requests import AuthenticatedHttpRequest
from campaigns.viewsets.base import FoldedIndexView, RecordViewSet, TranslatedCrumbsMixin
from translation_desk.models import GlossaryTerm, GlossaryTranslation
from translation_desk.views import machine_drafts
from translations.permissions import languages_for


class GlossaryTermViewSet(TranslatedCrumbsMixin, SnippetViewSet):
    model = GlossaryTerm
    icon = "doc-full"
    menu_label = _("Terms")
    list_display = ["term", "kind", "note"]
    list_filter = ["kind"]
    index_view_class = FoldedIndexView
    search_fields = ["term", "note"]
    search_backend_name = None


class GlossaryTranslationViewSet(RecordViewSet):
    model = GlossaryTranslation
    icon = "wagtail-localize-language"
    menu_label = _("Translations of terms")
    list_display = ["term", Column("recommended", label=_("Recommended translation")), "locale"]
    list_filter = ["locale", "term__kind"]
    search_fields = ["term__term", "forms"]
    search_backend_name = None

    def get_queryset(self, request: AuthenticatedHttpRequest) -> QuerySet[GlossaryTranslation]:
        return GlossaryTranslation.objects.filter(
            locale__in=languages_for(request.user)
        ).select_related("term", "locale")


class GlossaryGroup(SnippetViewSetGroup):
    items = (GlossaryTermViewSet, GlossaryTranslationViewSet)
    menu_label = _("Glossary")
    menu_icon = "doc-full"
    menu_order = 160


register_snippet(GlossaryGroup)


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path(
            "localize/translate/<int:translation_id>/accept/",
            machine_drafts.accept_texts,
            name="accept_texts",
        ),
    ]
