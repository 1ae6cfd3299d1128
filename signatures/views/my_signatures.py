"""Send me my links: the same answer for everyone, and the truth for the mailbox alone."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.pages.base import PAGE_SECONDS
from security import limits
from signatures.form.mailbox_form import LinksForm
from signatures.signing import own_links
from signatures.views.responses import personal, see_other
from signatures.views.same_origin import own_posts_only

TEMPLATE = "signatures/my_signatures.html"


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def my_signatures(request: HttpRequest) -> HttpResponse:
    """Takes a mailbox. Nothing is looked up of it here: the worker does, and mails what it finds.

    Raises: OperationalError, where the database is away and nobody can be counted.
    """
    if request.method != "POST":
        context = {"form": LinksForm(), "is_asked": "asked" in request.GET}
        response = render(request, TEMPLATE, context)
        patch_cache_control(response, public=True, max_age=PAGE_SECONDS)
        return response
    form = LinksForm(request.POST)
    if not form.is_valid():
        return told_again(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if not limits.allows(request, "links"):
        form.add_error(
            None, _("Too much has just been tried from your network. Please try again in a minute.")
        )
        response = told_again(request, form, HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = limits.RETRY_AFTER_SECONDS
        return response
    own_links.ask_for_links(form.cleaned_data["email"], get_language() or "")
    return see_other(reverse("signatures:my_signatures") + "?asked")


def told_again(request: HttpRequest, form: LinksForm, status: HTTPStatus) -> HttpResponse:
    return personal(render(request, TEMPLATE, {"form": form}, status=status))
