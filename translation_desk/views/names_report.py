"""Names of cities: the report of what waits, and the form in which a name is translated.

A name that is not complete has no row of its own in a language, so that a city never shows under a
half-translated name; wagtail-localize's editor needs such a row, this form does not.
"""

from functools import cached_property
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button
from wagtail.models import Locale
from wagtail_localize.models import Translation

from accounts.requests import AuthenticatedHttpRequest
from campaigns import changes
from campaigns.changes import Refused
from campaigns.models import CityName, Petition
from campaigns.permissions import city_name_policy
from campaigns.publishing.publishers import not_theirs, petitions_showing, shown_name, whom_to_ask
from campaigns.views.changes import prepared, refuse_change
from translation_desk.name_form import NameForm, next_waiting
from translation_desk.views.pages_report import ByLanguage, ByLanguageReport
from translations.gaps import resync
from translations.languages.folding import fold
from translations.permissions import languages_for
from translations.queries import has_gaps, untranslated

NAME_STATES = [
    ("waiting", gettext_lazy("Texts wait for translation")),
    ("complete", gettext_lazy("Translated")),
]
CHANGE = "campaigns.change_cityname"


class NamesFilterSet(ByLanguage):
    q = django_filters.CharFilter(label=gettext_lazy("City, in any language"), method="of_city")
    state = django_filters.ChoiceFilter(
        label=gettext_lazy("State"), choices=NAME_STATES, method="in_language"
    )

    class Meta:
        model = CityName
        fields = ["q", "language", "state", "days"]

    def of_city(self, names: QuerySet[CityName], name: str, query: str) -> QuerySet[CityName]:
        for word in fold(query).split():
            fits = CityName.objects.filter(folded__contains=word)
            names = names.filter(city__in=fits.values("city"))
        return names

    def in_language(self, names: QuerySet[CityName], name: str, value: str) -> QuerySet[CityName]:
        if name == "language":
            return names
        is_waiting = value == "waiting"
        return self.in_any(
            names, lambda locale: Q(has_gaps(locale)) if is_waiting else ~Q(has_gaps(locale))
        )


class NamesReport(ByLanguageReport):
    model = CityName
    page_title = gettext_lazy("Names of cities")
    index_url_name = "city_names"
    index_results_url_name = "city_names_results"
    filterset_class = NamesFilterSet
    default_ordering = "name"
    row_label = gettext_lazy("City")
    row_accessor = "__str__"

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [Button(_("Pages"), url=reverse("languages"), icon_name="doc-empty", priority=10)]

    def get_base_queryset(self) -> QuerySet[CityName]:
        return CityName.objects.filter(locale=Locale.get_default()).order_by("name", "pk")

    def editable(self, rows: list[Any]) -> set[Any]:
        own = city_name_policy.instances_user_has_permission_for(self.request.user, "change")
        return set(own.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))

    def get_filename(self) -> str:
        return f"names-{timezone.localdate():%Y-%m-%d}"


def name_translation(request: AuthenticatedHttpRequest, translation_id: int) -> Translation:
    """Raises: Http404; PermissionDenied, for whoever may not write it."""
    translation = get_object_or_404(
        Translation.objects.select_related("source", "target_locale"),
        pk=translation_id,
        enabled=True,
    )
    model = translation.source.specific_content_type.model_class()
    language = translation.target_locale
    may = city_name_policy.user_has_permission(request.user, "change")
    if model is not CityName or not may or language not in languages_for(request.user):
        raise PermissionDenied
    return translation


def translate_name(request: AuthenticatedHttpRequest, translation_id: int) -> HttpResponse:
    translation = name_translation(request, translation_id)
    shown = shown_name(translation)
    touched = petitions_showing(shown) if shown else Petition.objects.none()
    is_refused = not_theirs(request.user, touched).exists()
    if is_refused and request.method != "POST":
        messages.error(request, whom_to_ask())
    form = NameForm(translation, request.POST or prepared(request))
    if request.method == "POST" and form.is_valid():
        if is_refused:
            records = [shown] if shown else []
            right = city_name_policy.named("change")
            refused = Refused(touched, records, right, form.fields, changed=form.changed_data)
            return refuse_change(request, refused)
        form.save(request.user)
        changes.settle(request)
        show_if_complete(request, translation)
        return lead_to_next(request, translation)
    context = {"form": form, "translation": translation, "language": translation.target_locale}
    return render(request, "campaigns/admin/name.html", context)


def lead_to_next(request: AuthenticatedHttpRequest, translation: Translation) -> HttpResponse:
    following = next_waiting(translation) if "next" in request.POST else translation
    if following:
        return redirect("translate_name", following.pk)
    return redirect(f"{reverse('city_names')}?language={translation.target_locale_id}")


def show_if_complete(request: AuthenticatedHttpRequest, translation: Translation) -> None:
    """A complete name shows at once: there are no drafts of it."""
    name = translation.source.object_repr
    if untranslated(translation.target_locale).filter(source=translation.source).exists():
        messages.warning(
            request, _("%(city)s is saved. It shows once all its texts are there.") % {"city": name}
        )
        return
    try:
        translation.save_target(user=request.user, publish=True)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("%(city)s is translated and shows.") % {"city": name})


def show_new_names(request: HttpRequest, record: object) -> None:
    """A changed name waits for its translators at once, like a page's new texts."""
    if isinstance(record, CityName) and record.locale_id == Locale.get_default().pk:
        resync(record)
