"""What stands after signing, for those who look at every page: counted, handed over, asked anew."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from campaigns.models import Answer, Delivery, PetitionEvent, PetitionPage
from deliveries.answering import deciding, links
from deliveries.answering.tokens import answer_token
from integrity.published.counting import refresh_integrity
from signatures.keeping.rounds import close_round
from signatures.models import Signature
from signatures.shown import places
from signatures.signing.tokens import own_token

# From right to left, as a signer or a mayor may write.
ARABIC = "محمد علي"
ANSWER = "Dear signers,\n\nthe council talks about it in May."


def pages_after(delivered: PetitionPage, public: Signature, renewed: Signature) -> dict[str, str]:
    """The addresses by their names, with `{}` for the language.

    `public` is a signature whose name and comment everybody reads; the round of `renewed` ends.
    """
    places.refresh()
    refresh_integrity()
    of_public = f"/{{}}/petitions/{public.petition_id}"
    waiting, answered = _delivery(delivered), _delivery(delivered, receipt=ARABIC)
    link = links.give(waiting, "mayor@portland.example", "en")
    for signed_as, text in ((ARABIC, ANSWER), ("W" * 100, "W" * 500)):
        _answer(answered, signed_as, text)
    _end_round(renewed)
    return {
        "how we count": f"{of_public}/integrity/",
        "report of a name": f"{of_public}/report/name/{public.name_checksum}/",
        "report of a comment": f"{of_public}/report/comment/{public.comment_checksum}/",
        "reported": f"{of_public}/report/name/{public.name_checksum}/?sent",
        "delivery": f"/{{}}/deliveries/{waiting.code}/",
        "delivery answered": f"/{{}}/deliveries/{answered.code}/",
        "answer": f"/{{}}/deliveries/answer/{answer_token(link)}/",
        "anew": f"/{{}}/signatures/{own_token(renewed)}/anew/",
    }


def _delivery(page: PetitionPage, **changes: Any) -> Delivery:
    at = timezone.now() - timedelta(days=12)
    event = PetitionEvent.objects.create(
        petition=page.petition, kind=PetitionEvent.Kind.DELIVERED, date=at.date()
    )
    told: dict[str, Any] = {
        "recipients": {each.language: each.recipient for each in page.petition.live_pages()},
        "totals": {"signatures": 1250, "versions": {page.words.checksum: 1250}},
        "checksums": {f"{page.slug}-{page.language}.pdf": "a0" * 32},
        **dict.fromkeys(("counted_at", "ready_at", "handed_at"), at),
        **changes,
    }
    delivery: Delivery = Delivery.objects.create(petition=page.petition, event=event, **told)
    return delivery


def _answer(delivery: Delivery, signed_as: str, text: str) -> None:
    answer = Answer.objects.create(delivery=delivery, signed_as=signed_as, language="en", text=text)
    by = User.objects.get(username="admin")
    deciding.publish(answer, by, {"date": timezone.localdate(), "text": text})


def _end_round(signature: Signature) -> None:
    petition = signature.petition
    petition.reopened_at = timezone.now()
    close_round(petition, petition.reopened_at)
    petition.save(update_fields=["reopened_at"])
