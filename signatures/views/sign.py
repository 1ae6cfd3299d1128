"""Signing, and checking one's email afterwards."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.models import Petition, PetitionPageBase
from security import limits
from signatures.form.mailbox_form import ChangeForm
from signatures.form.sign_form import CodeForm, SignForm
from signatures.models import CONFIRM_WITHIN
from signatures.signing.codes import WrongCodeError, submission_by_code
from signatures.signing.emails import Sender
from signatures.signing.sign import send_again, sign
from signatures.signing.tokens import RESEND_AFTER, Ticket, confirm_token
from signatures.signing.traits import traits_of
from signatures.views.prepared import Prepared, held
from signatures.views.responses import gone, personal, see_other
from signatures.views.same_origin import own_posts_only

RETRY_AFTER_SECONDS = "30"


def form_for(page: PetitionPageBase, data: Mapping[str, object] | None = None) -> SignForm:
    return SignForm.of(page, page.words, page.campaign.form_shape, data)


def with_form(request: HttpRequest, ready: Prepared, form: SignForm, status: int) -> HttpResponse:
    """The page again, with what was typed and what is wrong with it."""
    page = ready.page_to_show()
    if page is None:
        return unlisted(request)
    response = page.render_with(request, sign_form=form)
    response.status_code = status
    return personal(response)


def unlisted(request: HttpRequest) -> HttpResponse:
    return personal(render(request, "signatures/unlisted.html", status=HTTPStatus.CONFLICT))


# What is shown to somebody whose signature was not taken.
Shown = Callable[[HttpRequest], HttpResponse]


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def sign_page(request: HttpRequest, petition_id: uuid.UUID) -> HttpResponse:
    if request.method != "POST":
        return to_page(request, petition_id)
    answer = getattr(request, "attempted", None) or attempt(request, petition_id)
    return answer if isinstance(answer, HttpResponse) else answer(request)


def attempt(
    request: HttpRequest, petition_id: uuid.UUID, sent: QueryDict | None = None
) -> HttpResponse | Shown:
    """Takes a signature; where it cannot, nothing is made yet of what is to be shown.

    Args:
        sent: what is posted in place of the request's own, if it is not that.
    """
    try:
        ready = held.of(petition_id, get_language())
    except Petition.DoesNotExist:
        raise Http404 from None
    if ready is None:
        return unlisted
    form = ready.form.filled(sent or request.POST)
    if not ready.is_signable:
        return partial(with_form, ready=ready, form=form, status=HTTPStatus.CONFLICT)
    if not form.is_valid():
        return partial(with_form, ready=ready, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return take_signature(request, ready, form)
    except OperationalError:
        return partial(try_later, ready=ready, form=form)


def to_page(request: HttpRequest, petition_id: uuid.UUID) -> HttpResponse:
    page = get_object_or_404(Petition, pk=petition_id).live_page(get_language())
    return see_other(page.get_url(request)) if page else unlisted(request)


def take_signature(request: HttpRequest, ready: Prepared, form: SignForm) -> HttpResponse | Shown:
    text = ready.text_of(form.cleaned_data["version"])
    if text is None:
        return partial(read_again, ready=ready, form=form)
    entry, network = form.entry(ready.words.language), limits.network_limits(request, "sign")
    traits = traits_of(request, entry.mailbox, ready.keys.campaign)
    try:
        ticket = sign(ready.petition, text, entry, ready.keys, network, traits)
    except limits.FullError:
        return partial(too_many, ready=ready, form=form)
    sealed = replace(ticket, typed=form.typed()).seal()
    return see_other(f"{ready.checking}{sealed}/")


def read_again(request: HttpRequest, ready: Prepared, form: SignForm) -> HttpResponse:
    form.add_error(
        None, _("The wording changed while you were reading. Please read it again, then sign.")
    )
    form.put("version", ready.words.checksum)
    return with_form(request, ready, form, HTTPStatus.UNPROCESSABLE_ENTITY)


def too_many(request: HttpRequest, ready: Prepared, form: SignForm) -> HttpResponse:
    """Said of the network, before anything is looked up of the mailbox."""
    form.add_error(
        None,
        _(
            "Many signatures have just come from your network. "
            "Nothing is lost: please send this one again in a minute."
        ),
    )
    response = with_form(request, ready, form, HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = limits.RETRY_AFTER_SECONDS
    return response


def try_later(request: HttpRequest, ready: Prepared, form: SignForm) -> HttpResponse:
    form.add_error(
        None, _("Your signature could not be stored just now. Please send it again in a minute.")
    )
    try:
        response = with_form(request, ready, form, HTTPStatus.SERVICE_UNAVAILABLE)
    except DatabaseError:
        response = render(request, "503.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def check_mailbox(request: HttpRequest, petition_id: uuid.UUID, ticket: str) -> HttpResponse:
    """Check your email: takes the code or another address, and mails again after a while.

    What it says depends on the ticket, the clock, the network's limits and the tries of the
    mailbox, which are counted whether or not there is anything to try.
    """
    opened = Ticket.open(ticket)
    if opened is None or opened.petition != str(petition_id):
        return gone(request)
    petition = get_object_or_404(Petition, pk=petition_id)
    if request.method == "POST" and "again" in request.POST:
        return mail_again(request, petition, opened)
    if request.method == "POST" and "email" in request.POST:
        return change_address(request, petition, opened)
    form = CodeForm(request.POST if "code" in request.POST else None)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
        return check_page(request, petition, opened, form, status)
    if not limits.allows(request, "code"):
        form.add_error("code", too_many_on_check())
        return check_page(request, petition, opened, form, HTTPStatus.TOO_MANY_REQUESTS)
    try:
        submission = submission_by_code(opened, form.cleaned_data["code"])
    except WrongCodeError as error:
        form.add_error("code", str(error))
        return check_page(request, petition, opened, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other(reverse("signatures:confirm", args=[confirm_token(submission)]))


def mail_again(request: HttpRequest, petition: Petition, ticket: Ticket) -> HttpResponse:
    """Another mail, at most one a minute. The answer is the same for everyone."""
    status = HTTPStatus.OK
    if not limits.allows(request, "again"):
        notice, status = too_many_on_check(), HTTPStatus.TOO_MANY_REQUESTS
    elif ticket.age() < RESEND_AFTER:
        notice = _("The email has only just been sent. Please wait a minute before you ask again.")
    else:
        send_again(ticket)
        notice = _("If there is a signature to confirm, another email is on its way.")
    return check_page(request, petition, ticket, CodeForm(), status, notice)


def change_address(request: HttpRequest, petition: Petition, ticket: Ticket) -> HttpResponse:
    """Sends what was typed once more, to another address. Nothing is looked up of the first.

    What was sent to that one can be confirmed by its holder alone, and expires by itself.
    """
    form = ChangeForm(request.POST)
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return check_page(request, petition, ticket, CodeForm(), status, change=form)
    sent = QueryDict(mutable=True)
    for name, values in ticket.typed.items():
        sent.setlist(name, list(values))
    sent["email"] = sent["email_asked"] = form.cleaned_data["email"].address
    answer = attempt(request, petition.pk, sent)
    return answer if isinstance(answer, HttpResponse) else answer(request)


def check_page(
    request: HttpRequest,
    petition: Petition,
    ticket: Ticket,
    form: CodeForm,
    status: HTTPStatus,
    notice: str = "",
    change: ChangeForm | None = None,
) -> HttpResponse:
    change = (change or ChangeForm()) if ticket.typed else None
    context = {
        **check_context(ticket.masked, petition.live_page(get_language()), change),
        "form": form,
        "notice": notice,
    }
    response = personal(render(request, "signatures/check.html", context, status=status))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = limits.RETRY_AFTER_SECONDS
    return response


def check_context(
    masked: str, page: PetitionPageBase | None, change: ChangeForm | None
) -> dict[str, Any]:
    """What to look for, and where; the same for everyone."""
    return {
        "email": masked,
        "change": change,
        # By which the title of the window tells of mistakes.
        "sign_form": change,
        "page": page,
        "sender": Sender.of(page.campaign.title if page else ""),
        "safe_sender": settings.DISCREET_FROM_EMAIL,
        "days": CONFIRM_WITHIN.days,
    }


def too_many_on_check() -> str:
    return _("Too much has just been tried from your network. Please try again in a minute.")
