"""The signer's own pages, for the holder of the mailed token alone."""

from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.models import Petition, PetitionPageBase
from signatures.counts import shown_count
from signatures.form.answers import signers_answer_lines
from signatures.keeping.retention import kept_until
from signatures.models import Signature, Submission
from signatures.signing import tokens
from signatures.signing.confirming import State, erase_signature, standing
from signatures.views.responses import gone, personal, see_other
from signatures.views.same_origin import own_posts_only


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


def own_context(signature: Signature, token: str) -> dict[str, Any]:
    petition = signature.petition
    page = petition.live_page(get_language())
    count = shown_count(petition)
    state = petition.state()
    return {
        "signature": signature,
        "token": token,
        "page": page,
        "answers": signers_answer_lines(signature, page),
        "state": state,
        "is_over": state in Petition.OVER,
        "may_show_name": may_show_name(signature, page),
        "count": count,
        "goal": petition.goal_at(count),
        "kept_until": kept_until(signature, timezone.now()),
        "share": share_links(settings.BASE_URL + page.url, page.share_words)
        if page and page.url
        else [],
    }


def may_show_name(signature: Signature, page: PetitionPageBase | None) -> bool:
    """Where the form does not ask for it, nobody's name is shown any more than it was."""
    asked = page is None or "show_name" not in page.campaign.form_shape.left_out
    return asked or signature.show_name


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    signature = tokens.find_signature(token)
    if signature is None:
        return lead_on(request, token)
    if request.method != "POST":
        return personal(render(request, "signatures/own.html", own_context(signature, token)))
    action = request.POST.get("action")
    if action == "display":
        page = signature.petition.live_page(get_language())
        shown = request.POST.get("show_name") == "on" and may_show_name(signature, page)
        signature.choose_display(shown)
        Signature.objects.filter(pk=signature.pk).update(show_name=shown)
        return see_other(reverse("signatures:own", args=[token]) + "?saved#shown")
    elif action == "withdraw":
        signature.withdraw()
    elif action == "erase":
        erase_signature(signature)
        return personal(render(request, "signatures/erased.html"))
    return see_other(reverse("signatures:own", args=[token]))


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
    submissions = Submission.objects.beside(signature)
    submissions = submissions.select_related("text", "signature__petition")
    kept = {
        **signature_lines(signature),
        "email": signature.email,
        "status": signature.status,
        "asked_at": signature.asked_at,
        "confirmed_at": signature.confirmed_at,
        # What was sent by the form for this person and may still be confirmed.
        "submissions": [
            {
                **signature_lines(each.proposed()),
                "email": each.details["email"],
                "sent_at": each.created_at,
                "mailed_at": each.mailed_at,
                "confirmed_at": each.confirmed_at,
            }
            for each in submissions.order_by("created_at", "id")
            if each.is_of(signature)
        ],
    }
    response = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="signature.json"'
    return personal(response)


def signature_lines(signature: Signature) -> dict[str, Any]:
    page = signature.petition.live_page(get_language())
    return {
        "name": signature.name,
        "comment": signature.comment,
        "answers": signature.answers,
        "answers_in_words": [
            {"question": question, "answer": answer}
            for question, answer, _is_typed in signers_answer_lines(signature, page)
        ],
        "country": str(signature.country),
        "postcode": signature.postcode,
        "lives_here": signature.lives_here,
        "show_name": signature.show_name,
        "name_state": signature.name_state,
        "comment_state": signature.comment_state,
        "language": signature.language,
        "text": {
            "title": signature.text.title,
            "ask": signature.text.ask,
            "consent": signature.text.consent,
        },
    }
