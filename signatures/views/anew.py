"""Signing in another round: what the mail of its beginning leads to."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.models import PetitionPageBase, TextVersion
from signatures.form.facts import facts
from signatures.models import Signature
from signatures.signing import tokens
from signatures.signing.anew import again, sign_anew
from signatures.views.responses import gone, personal, see_other
from signatures.views.same_origin import own_posts_only


@own_posts_only
@require_http_methods(["GET", "HEAD", "POST"])
def anew(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the words, the consent and a button, and changes nothing; POST signs."""
    signature = tokens.find_signature(token)
    if signature is None:
        return gone(request)
    if signature.round is None or not signature.is_confirmed:
        return see_other(reverse("signatures:own", args=[token]))
    page = signature.petition.live_page(get_language())
    if request.method != "POST" or page is None or not signature.petition.is_signable:
        return asked(request, signature, token, page)
    if request.POST.get("version") != page.words.checksum:
        notice = _("The wording changed while you were reading. Please read it again, then sign.")
        return asked(request, signature, token, page, notice)
    TextVersion.record([(signature.petition, page.words)])
    text = TextVersion.objects.get(petition=signature.petition, checksum=page.words.checksum)
    made = sign_anew(signature, text)
    if made is None:
        return gone(request)
    return see_other(reverse("signatures:own", args=[tokens.own_token(made)]))


def asked(
    request: HttpRequest,
    signature: Signature,
    token: str,
    page: PetitionPageBase | None,
    notice: str = "",
) -> HttpResponse:
    words = page.words if page and signature.petition.is_signable else None
    consent, consent_in_full = words.consent_parts if words else ("", "")
    context = {
        "signature": signature,
        "token": token,
        "page": page,
        "words": words,
        "consent": consent,
        "consent_in_full": consent_in_full,
        "facts": facts(again(signature), page),
        "notice": notice,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if notice else HTTPStatus.OK
    return personal(render(request, "signatures/anew.html", context, status=status))
