"""A translator hands a page over to whoever publishes in its language."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail_localize.models import Translation

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from translations.gaps import gaps, name_gaps
from translations.models import TranslationState

LOG_HANDOVER = "campaigns.handed_over"


def page_of(request: HttpRequest, translation: Translation) -> Page:
    """The translated page, for somebody who may change it."""
    page = get_object_or_404(
        Page, translation_key=translation.source.object_id, locale=translation.target_locale_id
    )
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return page


@require_POST
def hand_over(request: AuthenticatedHttpRequest, translation_id: int) -> HttpResponse:
    """Marks a translation as ready, or with an empty `ready` as not ready any more."""
    translation = get_object_or_404(
        Translation.objects.select_related("source"), pk=translation_id, enabled=True
    )
    page = page_of(request, translation)
    editor = redirect("wagtailadmin_pages:edit", page.pk)
    if not request.POST.get("ready"):
        mark(translation, page)
        messages.success(request, _("It is with the translators again."))
        return editor
    if name_gaps(page):
        messages.error(request, _("First translate the names of the page’s cities."))
        return editor
    still_open = list(gaps(translation, page.specific_class))
    if any(gap.is_essential for gap in still_open):
        messages.error(request, _("First translate the texts that visitors need."))
        return editor
    mark(translation, page, request.user)
    told = _("Sent for publishing. Whoever publishes in this language can see it now.")
    if number := len(still_open):
        left_out = ngettext(
            "%(number)s text is still open: what it belongs to stays as it was until then.",
            "%(number)s texts are still open: what they belong to stays as it was until then.",
            number,
        )
        told = f"{told} {left_out % {'number': number}}"
    messages.success(request, told)
    return editor


@transaction.atomic
def mark(translation: Translation, page: Page, user: User | None = None) -> None:
    changes = {"ready_at": timezone.now() if user else None, "ready_by": user}
    TranslationState.objects.update_or_create(translation=translation, defaults=changes)
    if user:
        log(instance=page, action=LOG_HANDOVER, user=user)
