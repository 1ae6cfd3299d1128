"""Cities, ties and petitions in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from campaigns.models import City, Petition, Tie


class CityViewSet(SnippetViewSet):
    model = City
    icon = "home"
    list_display = ["key", "region", "country"]
    list_filter = ["country"]
    search_fields = ["key", "region"]
    search_backend_name = None


class TieViewSet(SnippetViewSet):
    model = Tie
    icon = "link"
    list_display = ["city", "sister_city", "since", "status"]
    search_fields = ["city__key", "sister_city__key"]
    search_backend_name = None


class PetitionViewSet(SnippetViewSet):
    model = Petition
    icon = "form"
    list_display = ["__str__", "goal", "opens_at", "closes_at", "is_paused"]
    list_filter = ["is_paused"]


class RecordGroup(SnippetViewSetGroup):
    items = (PetitionViewSet, CityViewSet, TieViewSet)
    menu_label = _("Petitions and cities")
    menu_icon = "list-ul"
    menu_order = 150


register_snippet(RecordGroup)
