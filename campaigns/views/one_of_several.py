"""What is done to one page of several: refused, or done in the other languages too."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.models import Page

from campaigns.publishing.page_rules import (
    refuse_any,
    refuse_to_copy,
    refuse_to_delete_page,
    refuse_to_move,
)


def answer(request: HttpRequest, error: ValidationError, page: Page) -> HttpResponse:
    for message in error.messages:
        messages.error(request, message)
    return redirect("wagtailadmin_explore", page.get_parent().pk)


def keep_signed(request: HttpRequest, page: Page) -> HttpResponse | None:
    try:
        refuse_to_delete_page(page)
    except ValidationError as error:
        return answer(request, error, page)
    return None


def keep_in_place(request: HttpRequest, page: Page, parent: Page) -> HttpResponse | None:
    try:
        refuse_to_move(page, parent)
    except ValidationError as error:
        return answer(request, error, page)
    return None


def refuse_copies(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Asked for the form, too, when it is not known yet where to, and with what below."""
    target = request.POST.get("new_parent_page", "")
    parent = Page.objects.filter(pk=int(target)).first() if target.isdecimal() else None
    recursive = request.method == "POST" and bool(request.POST.get("copy_subpages"))
    try:
        refuse_to_copy(page, parent or page.get_parent(), recursive)
    except ValidationError as error:
        return answer(request, error, page)
    return None


def keep_several(
    request: HttpRequest, action: str, objects: list[Any], view: BulkAction
) -> HttpResponse | None:
    pages = [each for each in objects if isinstance(each, Page)]
    if action != "move" or not pages:
        return None
    try:
        refuse_any(refuse_to_move, pages, view.cleaned_form.cleaned_data["chooser"])
    except ValidationError as error:
        return answer(request, error, pages[0])
    return None


def finish_in_other_languages(request: HttpRequest, page: Page) -> None:
    """Takes the other languages down with it where that was chosen, and names what stays."""
    others = page.get_translations().live().select_related("locale")
    if request.POST.get("all_languages"):
        for other in others.specific():
            if other.permissions_for_user(request.user).can_unpublish():
                other.unpublish(user=request.user)
    tell_what_stays(request, [page])


def tell_of_several(
    request: HttpRequest, action: str, objects: list[Any], view: BulkAction
) -> None:
    if action in ("unpublish", "delete"):
        tell_what_stays(request, [each for each in objects if isinstance(each, Page)])


def tell_what_stays(request: HttpRequest, pages: list[Page]) -> None:
    for page in pages:
        live = page.get_translations().live().select_related("locale")
        if languages := ", ".join(str(other.locale) for other in live):
            # One that is deleted knows no more than its title.
            told = {"title": page.title, "languages": languages}
            messages.warning(
                request, _("“%(title)s” is still live in other languages: %(languages)s.") % told
            )
