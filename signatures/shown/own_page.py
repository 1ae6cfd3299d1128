"""What a signer's own page shows."""

from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from campaigns.models import Petition, PetitionPageBase, SignedText, TextVersion
from campaigns.pages.city_rows import CityLink
from signatures.counts import position_of
from signatures.form.answers import signers_answer_lines
from signatures.form.optional import OwnForm
from signatures.keeping.retention import kept_until
from signatures.models import Signature
from signatures.shown import moving


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
    state = petition.state()
    goes_on = signature.is_confirmed and signature.round_id is None
    form = OwnForm(signature, page) if goes_on else None
    asked = {question.key for question in form.questions} if form else set()
    return {
        "signature": signature,
        "token": token,
        "page": page,
        "answers": signers_answer_lines(signature, page, but=asked),
        "words_now": words_since(signature.text),
        "state": state,
        "is_over": state in Petition.OVER,
        "form": form,
        "recipient": recipient_of(signature),
        "number": position_of(signature) if goes_on else None,
        "now": moving.progress_of(petition),
        "kept_until": kept_until(signature, timezone.now()),
        "share": share_links(settings.BASE_URL + page.url, page.share_words)
        if page and page.url and not signature.discreet
        else [],
        "next_city": next_city(signature, page),
    }


def recipient_of(signature: Signature) -> str:
    """Whom the name may be handed to, as the page tells it; nobody in safety mode."""
    page = signature.petition.live_page(get_language() or "")
    return "" if page is None or signature.discreet else str(page.recipient)


def next_city(signature: Signature, page: PetitionPageBase | None) -> CityLink | None:
    """The nearest whose petition is open, and not yet signed by the same person.

    Who shares a mailbox learns nothing by it of what the other has signed.

    In safety mode nobody is asked to go on.
    """
    if page is None or signature.discreet or not signature.is_confirmed:
        return None
    signed = Signature.objects.confirmed().filter(
        round=None, mailbox_key=signature.mailbox_key, name_key=signature.name_key
    )
    return next(iter(page.nearest_open(signed.values("petition"))), None)


def words_since(text: TextVersion) -> SignedText | None:
    """What the petition's page says by now, where that is not what was signed."""
    page = text.petition.live_page(text.language)
    words: SignedText | None = page and page.words
    is_same = words is None or (words.title, words.ask) == (text.title, text.ask)
    return None if is_same else words
