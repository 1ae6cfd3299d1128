"""All that is kept about a signature, for its signer to take along."""

from typing import Any

from django.utils.translation import get_language

from signatures.form.answers import signers_answer_lines
from signatures.models import Signature, Submission
from signatures.signing.legal_holds import active_hold


def all_kept(signature: Signature) -> dict[str, Any]:
    submissions = Submission.objects.beside(signature)
    submissions = submissions.select_related("text", "signature__petition")
    hold = active_hold(signature)
    return {
        **signature_lines(signature),
        **({"held_for_a_legal_claim_until": hold.until} if hold else {}),
        "email": signature.email,
        "status": signature.status,
        # None as long as it goes on.
        "round": signature.round
        and {"number": signature.round.number, "closed_at": signature.round.closed_at},
        "asked_at": signature.asked_at,
        "confirmed_at": signature.confirmed_at,
        "withdrawn_at": signature.withdrawn_at,
        "invalidated_at": signature.invalidated_at,
        "invalidation": signature.invalidation.get_reason_display()
        if signature.invalidation
        else None,
        "anonymised_at": signature.anonymised_at,
        # Which of two people who share a mailbox.
        "seat": signature.seat,
        # What was sent by the form for this person and may still be confirmed.
        "submissions": [
            {
                **signature_lines(each.sent()),
                "email": each.details["email"],
                "sent_at": each.created_at,
                "mailed_at": each.mailed_at,
                "confirmed_at": each.confirmed_at,
            }
            for each in submissions.order_by("created_at", "id")
            if each.is_of(signature)
        ],
    }


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
        "home_city": signature.home_city.key if signature.home_city else None,
        "show_name": signature.show_name,
        "named_to": signature.named_to,
        "discreet": signature.discreet,
        "name_state": signature.name_state,
        "comment_state": signature.comment_state,
        "language": signature.language,
        "text": {
            "title": signature.text.title,
            "ask": signature.text.ask,
            "consent": signature.text.consent,
        },
    }
