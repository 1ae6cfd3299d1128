"""The signer's own pages, for the holder of the mailed token alone."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from signatures import lifecycle
from signatures.form.optional import OwnForm
from signatures.keeping.downloads import all_kept
from signatures.mailboxes import reader_of
from signatures.models import Signature, Suppression
from signatures.shown.own_page import own_context, recipient_of
from signatures.signing import own_links, tokens
from signatures.signing.confirming import State, erase_signature, standing
from signatures.views.responses import gone, personal, see_other
from signatures.views.same_origin import own_posts_only


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    signature = tokens.find_signature(token)
    if signature is None:
        return lead_on(request, token)
    if request.method != "POST":
        return personal(render(request, "signatures/own.html", own_context(signature, token)))
    action = request.POST.get("action")
    if action == "display" and signature.is_confirmed and signature.round_id is None:
        return saved(request, signature, token)
    elif action == "name" and signature.is_confirmed:
        return named(request, signature, token)
    elif action == "withdraw":
        lifecycle.withdraw(signature)
    elif action == "renew" and signature.email:
        return renewed(request, signature)
    elif action == "erase":
        kept_until = erase_signature(signature)
        return personal(render(request, "signatures/erased.html", {"kept_until": kept_until}))
    return see_other(reverse("signatures:own", args=[token]))


def saved(request: HttpRequest, signature: Signature, token: str) -> HttpResponse:
    form = OwnForm(signature, signature.petition.live_page(get_language()), request.POST)
    if not form.is_valid():
        context = {**own_context(signature, token), "form": form}
        return personal(render(request, "signatures/own.html", context, status=422))
    signature.choose(**form.chosen())
    return see_other(reverse("signatures:own", args=[token]) + "?saved#shown")


def named(request: HttpRequest, signature: Signature, token: str) -> HttpResponse:
    """Whether the recipient may be told the name: by the words that stood beside the box."""
    recipient = recipient_of(signature)
    signature.let_name(recipient if request.POST.get("agreed") == recipient else "")
    return see_other(reverse("signatures:own", args=[token]) + "?named#named")


def renewed(request: HttpRequest, signature: Signature) -> HttpResponse:
    """The new link goes to the mailbox alone: somebody else may be looking at this page."""
    is_silent = Suppression.objects.filter(mailbox_key=reader_of(signature.email)).exists()
    signature = own_links.renew(signature, get_language() or "")
    if is_silent:
        # Who is never written to would have lost it.
        return see_other(reverse("signatures:own", args=[tokens.own_token(signature)]))
    return personal(render(request, "signatures/renewed.html"))


def lead_on(request: HttpRequest, token: str) -> HttpResponse:
    """From a mailed link's address, without its end, to where its holder wants to be."""
    submission = tokens.find_submission(token)
    if submission is None:
        return gone(request)
    found = standing(submission)
    if found.state == State.SAME and found.signature:
        return see_other(reverse("signatures:own", args=[tokens.own_token(found.signature)]))
    return see_other(reverse("signatures:confirm", args=[token]))


@require_safe
def download(request: HttpRequest, token: str) -> HttpResponse:
    """All that is kept about the signature, as JSON."""
    signature = tokens.find_signature(token)
    if signature is None:
        return gone(request)
    kept = all_kept(signature)
    response = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="signature.json"'
    return personal(response)
