"""Publishing from a translation’s editor: what is translated, once visitors lack nothing."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page, TranslatableMixin

from accounts.requests import AuthenticatedHttpRequest
from campaigns.views.changed_ask import warn_of_changed_ask
from translation_desk.messages import may_go_live
from translations.gaps import gaps, name_gaps, translation_of
from translations.submission import publish_what_is_translated


def is_publishing(request: HttpRequest) -> bool:
    return request.method == "POST" and (
        request.POST.get("action") == "publish" or "action-publish" in request.POST
    )


def publish_translation(request: AuthenticatedHttpRequest, instance: Model) -> HttpResponse | None:
    """Publishes what is translated, or says what visitors would miss."""
    if not isinstance(instance, TranslatableMixin) or not is_publishing(request):
        return None
    translation = translation_of(instance)
    if translation is None:
        return None
    model = getattr(instance, "specific_class", type(instance))
    found = [*name_gaps(instance), *gaps(translation, model)]
    if not may_go_live(request, getattr(instance, "specific", instance), found):
        return redirect(request.get_full_path())
    if not isinstance(instance, Page):
        return None
    if not instance.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    if asked := warn_of_changed_ask(request, instance):
        return asked
    try:
        publish_what_is_translated(translation, request.user)
    except ValidationError:
        # wagtail-localize runs into it, too, and shows it beside the text.
        return None
    instance.refresh_from_db(fields=["title"])
    messages.success(request, _("“%(title)s” is published.") % {"title": instance.title})
    return redirect(request.get_full_path())
