"""What is translated and not live: handed over at once, and published at once."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation

from accounts.confirming import confirmed
from accounts.requests import AuthenticatedHttpRequest, path_onwards
from campaigns.impact import affects_cities
from campaigns.models import CampaignPage
from campaigns.publishing.ask_changes import ask_change
from campaigns.publishing.publish import publish_newest
from translation_desk.messages import warn_of_notes
from translation_desk.status import unpublished_sources
from translation_desk.views.handover import mark
from translations.gaps import translation_of
from translations.models import TranslationState
from translations.permissions import languages_for
from translations.refusals import reasons


def own_language(request: AuthenticatedHttpRequest, language: str, right: str) -> Locale:
    """Raises: Http404; PermissionDenied, for whoever has no page to work on in it."""
    locale = get_object_or_404(Locale, language_code=language)
    if not languages_for(request.user, right).filter(pk=locale.pk).exists():
        raise PermissionDenied
    return locale


def finished(locale: Locale) -> Iterator[tuple[Page, Translation]]:
    """The pages of a language that are translated and not live, from the top down."""
    keys = unpublished_sources(locale).values("translation_key")
    for page in Page.objects.filter(locale=locale, translation_key__in=keys).order_by("path"):
        if translation := translation_of(page):
            yield page, translation


@require_POST
def hand_over_all(request: AuthenticatedHttpRequest, language: str) -> HttpResponse:
    locale = own_language(request, language, "change")
    handed = 0
    known = TranslationState.objects.filter(ready_at__isnull=False).values_list("translation")
    done = {translation for (translation,) in known}
    with transaction.atomic():
        for page, translation in finished(locale):
            if translation.pk not in done and page.permissions_for_user(request.user).can_edit():
                mark(translation, page, request.user)
                handed += 1
    words = ngettext(
        "%(count)s page was sent for publishing.",
        "%(count)s pages were sent for publishing.",
        handed,
    )
    messages.success(request, words % {"count": handed})
    return redirect(path_onwards(request) or "wagtailadmin_home")


@confirmed
@require_POST
def publish_all(request: AuthenticatedHttpRequest, language: str) -> HttpResponse:
    """Each page by itself: one that is refused holds up no other, but those below it."""
    locale = own_language(request, language, "publish")
    published = 0
    for page, _translation in finished(locale):
        rights = page.permissions_for_user(request.user)
        if not rights.can_publish():
            continue
        reason: str | None = "" if not rights.page_locked() else _("It is locked.")
        reason = reason or why_not(request, page.specific)
        if reason is None:
            published += 1
        elif reason:
            address = reverse("wagtailadmin_pages:edit", args=[page.pk])
            messages.error(
                request,
                format_html(
                    '<a href="{}">{}</a>: {}', address, page.get_admin_display_title(), reason
                ),
            )
    words = ngettext("%(count)s page is published.", "%(count)s pages are published.", published)
    messages.success(request, words % {"count": published})
    return redirect(path_onwards(request) or "wagtailadmin_home")


def why_not(request: AuthenticatedHttpRequest, page: Page) -> str | None:
    """None once the page is live; else why it is not, or nothing where that is told already."""
    above = Page.objects.ancestor_of(page).filter(depth__gt=1, live=False)
    if above.exists():
        return _("First publish the page above it.")
    if isinstance(page, CampaignPage) and page.live and affects_cities(page):
        return format_html(
            '<a href="{}">{}</a>',
            reverse("impact", args=[page.pk]),
            _("First look at the cities that it touches."),
        )
    if ask_change(page):
        return format_html(
            '<a href="{}">{}</a>',
            reverse("changed_ask", args=[page.pk]),
            _("First look at how many have signed the words that it changes."),
        )
    try:
        publish_newest(page, request.user)
    except ValidationError as error:
        return " ".join(reasons(error, type(page)))
    warn_of_notes(request, page)
    return None
