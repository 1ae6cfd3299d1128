"""What a mailed link leads to: confirming what was sent, or saying that somebody else sent it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from signatures.form.facts import compared
from signatures.mailboxes import reader_of
from signatures.models import Submission, Suppression
from signatures.shown.own_page import words_since
from signatures.signing import confirming, tokens
from signatures.signing.confirming import standing
from signatures.views.responses import gone, personal, see_other
from signatures.views.same_origin import own_posts_only


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_view(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows all that will count and a button, and changes nothing; POST confirms."""
    submission = tokens.find_submission(token)
    if submission is None:
        return gone(request)
    if request.method == "POST":
        signature = confirming.confirm_submission(submission)
        if signature:
            return see_other(reverse("signatures:own", args=[tokens.own_token(signature)]))
    context = confirm_context(submission, token)
    return personal(render(request, "signatures/confirm.html", context))


def confirm_context(submission: Submission, token: str) -> dict[str, Any]:
    found = standing(submission)
    page = submission.signature.petition.live_page(get_language())
    before = found.signature if found.is_counted else None
    return {
        "state": found.state.value,
        "is_counted": found.is_counted,
        "is_second": found.is_second,
        "proposed": found.proposed,
        "before": before,
        "words_now": words_since(found.proposed.text),
        "facts": compared(found.proposed, before, page),
        "own_token": tokens.own_token(before) if before else "",
        "token": token,
        "page": page,
    }


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def stop_mails(request: HttpRequest, token: str) -> HttpResponse:
    """ "I did not sign this: never write to me again." A confirmed signature stays."""
    submission = tokens.find_submission(token)
    signature = None if submission else tokens.find_signature(token)
    if submission:
        email = submission.details["email"]
    elif signature and signature.email:
        email = signature.email
    else:
        return gone(request)
    if request.method != "POST":
        return personal(render(request, "signatures/stop.html"))
    Suppression.add(reader_of(email))
    if submission:
        confirming.remove(submission)
    return personal(render(request, "signatures/stopped.html"))
