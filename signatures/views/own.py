"""The signer's own pages, for the holder of the mailed token alone."""

from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import Petition, PetitionPageBase
from signatures import tokens
from signatures.addresses import canonical
from signatures.answers import told_to_signer
from signatures.counting import shown_count
from signatures.models import Signature, Suppression
from signatures.origin import own_posts_only
from signatures.views.responses import personal, see_other


def signature_or_404(token: str) -> Signature:
    signature = tokens.find(token)
    if signature is None:
        raise Http404
    return signature


def share_links(address: str, words: str) -> list[tuple[str, str]]:
    """Plain links to where people share things, by name; nothing of theirs is loaded."""
    both = f"{words} {address}"
    return [
        ("mail", f"mailto:?{urlencode({'subject': words, 'body': address}, quote_via=quote)}"),
        ("WhatsApp", f"https://wa.me/?{urlencode({'text': both})}"),
        ("Telegram", f"https://t.me/share/url?{urlencode({'url': address, 'text': words})}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': address})}"),
        ("Bluesky", f"https://bsky.app/intent/compose?{urlencode({'text': both})}"),
        ("X", f"https://x.com/intent/post?{urlencode({'url': address, 'text': words})}"),
    ]


def context_of(signature: Signature, token: str) -> dict[str, Any]:
    petition = signature.petition
    page = petition.live_page(get_language())
    count = shown_count(petition)
    state = petition.state()
    return {
        "signature": signature,
        "token": token,
        "page": page,
        "answers": told_to_signer(signature, page),
        "state": state,
        "is_over": state in Petition.OVER,
        "may_show_name": may_show_name(signature, page),
        "count": count,
        "goal": petition.goal_at(count),
        "share": share_links(settings.BASE_URL + page.url, page.share_words) if page else [],
    }


def may_show_name(signature: Signature, page: PetitionPageBase | None) -> bool:
    """Where the form does not ask for it, nobody's name is shown any more than it was."""
    asked = page is None or "show_name" not in page.campaign.form_shape.left_out
    return asked or signature.show_name


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    signature = signature_or_404(token)
    if request.method != "POST":
        return personal(render(request, "signatures/own.html", context_of(signature, token)))
    action = request.POST.get("action")
    if action == "display":
        page = signature.petition.live_page(get_language())
        shown = request.POST.get("show_name") == "on" and may_show_name(signature, page)
        Signature.objects.filter(pk=signature.pk).update(show_name=shown)
        return see_other(reverse("signatures:own", args=[token]) + "?saved#shown")
    elif action == "withdraw":
        signature.withdraw()
    elif action == "erase":
        signature.delete()
        return personal(render(request, "signatures/erased.html"))
    return see_other(reverse("signatures:own", args=[token]))


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing; POST confirms, and again harmlessly."""
    signature = signature_or_404(token)
    if request.method == "POST":
        signature.confirm()
        if signature.is_confirmed:
            return see_other(reverse("signatures:own", args=[token]))
    context = context_of(signature, token)
    return personal(render(request, "signatures/confirm.html", context))


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """ "I did not sign this: never write to me again." A confirmed signature stays."""
    signature = signature_or_404(token)
    if request.method == "POST":
        Suppression.add(canonical(signature.email))
        if not signature.is_confirmed:
            signature.delete()
        return personal(render(request, "signatures/stopped.html", {"signature": signature}))
    return personal(render(request, "signatures/stop.html", context_of(signature, token)))


@require_safe
def download(request: HttpRequest, token: str) -> HttpResponse:
    """All that is kept about the signature, as JSON."""
    signature = signature_or_404(token)
    kept = {
        "name": signature.name,
        "email": signature.email,
        "comment": signature.comment,
        "answers": signature.answers,
        "answers_in_words": [
            {"question": question, "answer": answer}
            for question, answer, _is_typed in told_to_signer(
                signature, signature.petition.live_page(get_language())
            )
        ],
        "country": str(signature.country),
        "postcode": signature.postcode,
        "lives_here": signature.lives_here,
        "show_name": signature.show_name,
        "wants_updates": signature.wants_updates,
        "status": signature.status,
        "language": signature.language,
        "asked_at": signature.asked_at,
        "confirmed_at": signature.confirmed_at,
        "text": {
            "title": signature.text.title,
            "ask": signature.text.ask,
            "consent": signature.text.consent,
        },
    }
    response = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="signature.json"'
    return personal(response)
