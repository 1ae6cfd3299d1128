"""The glossary in the admin."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from accounts.requests import AuthenticatedHttpRequest
from campaigns.permissions import ANYTHING
from campaigns.viewsets.base import FoldedIndexView, RecordViewSet, TranslatedCrumbsMixin
from translation_desk.models import GlossaryTerm, GlossaryTranslation
from translation_desk.permissions import term_translation_policy


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
        found = term_translation_policy.instances_user_has_any_permission_for(
            request.user, ANYTHING
        )
        return found.select_related("term", "locale")


class GlossaryGroup(SnippetViewSetGroup):
    items = (GlossaryTermViewSet, GlossaryTranslationViewSet)
    menu_label = _("Glossary")
    menu_icon = "doc-full"
    menu_order = 160
