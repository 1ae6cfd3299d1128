"""Where the mailed link leads: GET shows the form, POST sends one answer."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from deliveries.answering.deciding import receive
from deliveries.answering.forms import AnswerForm
from deliveries.answering.tokens import find_link
from deliveries.models import AnswerLink
from signatures.views.responses import personal
from signatures.views.same_origin import own_posts_only


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    link = find_link(token)
    if link is None:
        return over(request)
    if request.method != "POST":
        return form_page(request, link, AnswerForm())
    form = AnswerForm(request.POST, request.FILES)
    if not form.is_valid():
        return form_page(request, link, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    if receive(link, form.cleaned_data) is None:
        return over(request)
    context = {"delivery": link.delivery}
    return personal(render(request, "deliveries/thanks.html", context))


def form_page(
    request: HttpRequest, link: AnswerLink, form: AnswerForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    petition = link.delivery.petition
    context = {
        "delivery": link.delivery,
        "form": form,
        "petition_page": petition.live_page(get_language() or ""),
    }
    return personal(render(request, "deliveries/answer.html", context, status=status))


def over(request: HttpRequest) -> HttpResponse:
    """For a link forged, used, taken back or too old alike."""
    return personal(render(request, "deliveries/over.html", status=HTTPStatus.NOT_FOUND))
