"""Translating outside, in the admin: download, upload, look at what changes, confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.models import Locale, Page, TranslatableMixin
from wagtail_localize.models import Translation

from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import CampaignPage, CityName
from campaigns.pages.queries import title_of
from security.sealed_plans import OutdatedPlanError
from translation_desk.po.archives import MAX_ARCHIVE_BYTES, pack, unpack
from translation_desk.po.importing import (
    ChangedMeanwhileError,
    hidden_names,
    seal,
    show_names,
    store,
    unseal,
)
from translation_desk.po.parsing import MAX_BYTES, ZIP_START, PoFile, UnreadableError
from translation_desk.po.planning import FilePlan, plan_files, plan_parsed
from translation_desk.po.texts import export, texts_of, translations_below, translations_for
from translation_desk.views.pages_report import targets
from translations.permissions import translation_policy

# More in one table serve nobody; they are stored with the rest.
MOST_SHOWN = 1_000


@dataclass(frozen=True)
class ExchangeScope:
    """What is exchanged at one address: a single translation, or all below a page."""

    title: str
    language: str
    translations: QuerySet[Translation]
    address: str
    download: str
    back: str
    takes_archives: bool

    def files_of(self, upload: UploadedFile) -> tuple[list[tuple[str, bytes]], list[str]]:
        """The PO files of an upload, and the names of what else it holds.

        Raises: UnreadableError.
        """
        # The reason for what is too large is told by whoever would read it.
        data = upload.read((MAX_ARCHIVE_BYTES if self.takes_archives else MAX_BYTES) + 1)
        if self.takes_archives and data.startswith(ZIP_START):
            return unpack(data)
        return [(upload.name or "", data)], []


def scope_of(request: AuthenticatedHttpRequest, translation_id: int) -> ExchangeScope:
    """For one page or record."""
    translation = get_object_or_404(Translation, pk=translation_id, enabled=True)
    translations = translations_for(request.user).filter(pk=translation.pk)
    if not translations.exists():
        raise PermissionDenied
    target = translation.source.object.get_instance_or_none(translation.target_locale)
    return ExchangeScope(
        title=str(target or translation.source.object_repr),
        language=translation.target_locale.get_display_name(),
        translations=translations,
        address=reverse("wagtail_localize:upload_pofile", args=[translation.pk]),
        download=reverse("wagtail_localize:download_pofile", args=[translation.pk]),
        back=editor_of(translation, target),
        takes_archives=False,
    )


def editor_of(translation: Translation, target: TranslatableMixin | None) -> str:
    if translation.source.specific_content_type.model_class() is CityName:
        return reverse("translate_name", args=[translation.pk])
    return str(translation.get_target_instance_edit_url()) if target else reverse("exchange")


def shared_scope_of(
    request: AuthenticatedHttpRequest, page_id: int, language: str
) -> ExchangeScope:
    """For a campaign, or for the pages that belong to none."""
    top = get_object_or_404(scope_roots(), pk=page_id)
    locale = get_object_or_404(Locale, language_code=language)
    translations = translations_below(request.user, top, locale)
    if not translations.exists():
        raise PermissionDenied
    return ExchangeScope(
        title=title_of(top),
        language=locale.get_display_name(),
        translations=translations,
        address=reverse("exchange_pages", args=[top.pk, language]),
        download=reverse("exchange_download", args=[top.pk, language]),
        back=reverse("exchange"),
        takes_archives=True,
    )


def scope_roots() -> QuerySet[Page]:
    """The pages with which others go together: campaigns, and the home page for the rest."""
    source = Locale.get_default()
    campaigns = CampaignPage.objects.filter(locale=source)
    return Page.objects.filter(locale=source, depth=2) | Page.objects.filter(
        pk__in=campaigns.values("pk")
    )


@require_http_methods(["GET", "POST"])
def upload_one(request: AuthenticatedHttpRequest, translation_id: int) -> HttpResponse:
    return handle_upload(request, scope_of(request, translation_id))


@require_http_methods(["GET", "POST"])
def upload_many(request: AuthenticatedHttpRequest, page_id: int, language: str) -> HttpResponse:
    return handle_upload(request, shared_scope_of(request, page_id, language))


@require_safe
def download_one(request: AuthenticatedHttpRequest, translation_id: int) -> HttpResponse:
    translation = scope_of(request, translation_id).translations.get()
    texts = texts_of([translation])[translation.source_id]
    name = f"{file_name(translation)}-{translation.target_locale.language_code}.po"
    return attachment(export(translation, texts.values()), name, "text/x-gettext-translation")


@require_safe
def download_many(request: AuthenticatedHttpRequest, page_id: int, language: str) -> HttpResponse:
    scope = shared_scope_of(request, page_id, language)
    translations = list(scope.translations)
    texts = texts_of(translations)
    names = names_of(translations)
    files = [
        (names[each.pk], export(each, texts[each.source_id].values())) for each in translations
    ]
    name = f"{scope_roots().get(pk=page_id).slug}-{language}.zip"
    return attachment(pack(sorted(files)), name, "application/zip")


def attachment(content: str | bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def file_name(translation: Translation) -> str:
    return slugify(translation.source.object_repr) or str(translation.uuid)


def names_of(translations: Sequence[Translation]) -> dict[int, str]:
    """File names that say what is in each: pages by their addresses, cities by their keys."""
    keys = [each.source.object_id for each in translations]
    source = Locale.get_default()
    pages = Page.objects.filter(translation_key__in=keys, locale=source)
    paths = {
        key: f"pages/{within_home(path)}"
        for key, path in pages.values_list("translation_key", "url_path")
    }
    cities = CityName.objects.filter(translation_key__in=keys, locale=source)
    paths |= {
        key: f"cities/{city}" for key, city in cities.values_list("translation_key", "city__key")
    }
    names, taken = {}, set()
    for each in translations:
        name = paths.get(each.source.object_id, f"others/{file_name(each)}")
        if name in taken:
            name = f"{name}-{each.pk}"
        taken.add(name)
        names[each.pk] = f"{name}.po"
    return names


def within_home(url_path: str) -> str:
    home, *path = url_path.strip("/").split("/")
    return "/".join(path) or home


def handle_upload(request: AuthenticatedHttpRequest, scope: ExchangeScope) -> HttpResponse:
    if "plan" in request.POST:
        return confirm_plan(request, scope)
    if request.method == "GET":
        return upload_page(request, scope)
    upload = request.FILES.get("file")
    if upload is None:
        return upload_page(request, scope, _("Choose a file."))
    try:
        files, others = scope.files_of(upload)
        plans = plan_files(files, scope.translations)
        if len(plans) == 1 and plans[0].problem:
            return upload_page(request, scope, plans[0].problem)
        return show_plan(request, scope, plans, others)
    except UnreadableError as error:
        return upload_page(request, scope, str(error))


def upload_page(request: HttpRequest, scope: ExchangeScope, error: str = "") -> HttpResponse:
    context = {"page_title": _("Translate outside"), "scope": scope, "error": error}
    status = 422 if error else 200
    return render(request, "campaigns/admin/exchange_upload.html", context, status=status)


def show_plan(
    request: AuthenticatedHttpRequest,
    scope: ExchangeScope,
    plans: list[FilePlan],
    others: Sequence[str] = (),
) -> HttpResponse:
    """Shows what would change. Raises: UnreadableError, when it is more than one can confirm."""
    changes = sum(len(each.changes) for each in plans)
    names = sum(each.is_name and bool(each.changes) for each in plans)
    hidden_cities = hidden_names(plans, request.user)
    context = {
        "page_title": _("What will change"),
        "scope": scope,
        "plans": shown(plans),
        "changes": changes,
        "can_show": names > sum(map(len, hidden_cities.values())),
        "hidden_names": hidden_cities,
        "hidden": max(0, changes - MOST_SHOWN),
        "others": others,
        "untouched": sum(each.is_untouched for each in plans),
        "plan": seal(plans, request.user, scope.address) if changes else "",
    }
    status = 200 if changes or not any(each.problem for each in plans) else 422
    return render(request, "campaigns/admin/exchange_plan.html", context, status=status)


def shown(plans: list[FilePlan]) -> list[tuple[FilePlan, list[Any]]]:
    """The plans that say something, each with those of its changes that find room."""
    room, found = MOST_SHOWN, []
    for each in plans:
        if not each.is_untouched:
            found.append((each, each.changes[:room]))
            room -= len(each.changes[:room])
    return found


def confirm_plan(request: AuthenticatedHttpRequest, scope: ExchangeScope) -> HttpResponse:
    try:
        files, expected = unseal(request.POST["plan"], request.user, scope.address)
    except OutdatedPlanError:
        return upload_page(
            request, scope, _("This plan is no longer valid. Please upload the file again.")
        )
    try:
        plans = store(files, expected, request.user, scope.translations)
    except ChangedMeanwhileError:
        return show_again(request, scope, files)
    count = sum(len(each.changes) for each in plans)
    done = ngettext(
        "%(count)s text is stored. Visitors see it once the translation is published.",
        "%(count)s texts are stored. Visitors see them once the translation is published.",
        count,
    )
    messages.success(request, done % {"count": count})
    if "show_names" in request.POST:
        shown, left = show_names(plans, request.user)
        told = ngettext(
            "%(count)s name of a city shows now.", "%(count)s names of cities show now.", shown
        )
        if shown:
            messages.success(request, told % {"count": shown})
        for reason, cities in left.items():
            told = _("Stored, but not shown: %(cities)s. %(reason)s")
            messages.warning(request, told % {"cities": "; ".join(cities), "reason": reason})
    return redirect(scope.back)


def show_again(
    request: AuthenticatedHttpRequest, scope: ExchangeScope, files: Sequence[tuple[str, PoFile]]
) -> HttpResponse:
    messages.error(
        request,
        _(
            "Nothing was stored: somebody has changed these texts since you looked. "
            "This is what would change now."
        ),
    )
    return show_plan(request, scope, plan_parsed(files, scope.translations))


@require_safe
def overview(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Every campaign and language in which the user translates."""
    if not translation_policy.user_has_permission(request.user, "view"):
        raise PermissionDenied
    rows = []
    for top in scope_roots().order_by("path"):
        desks = [
            (locale, translations_below(request.user, top, locale).count()) for locale in targets()
        ]
        if any(count for _locale, count in desks):
            rows.append((top, title_of(top), [(locale, count) for locale, count in desks if count]))
    context = {"page_title": _("Translate outside"), "rows": rows}
    return render(request, "campaigns/admin/exchange.html", context)
