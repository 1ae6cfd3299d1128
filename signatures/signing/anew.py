"""Signing in another round by one press: a new signature, with a consent of its own."""

from django.db import transaction
from django.utils import timezone

from campaigns.models import TextVersion
from signatures.mailboxes import parse
from signatures.models import Signature, Submission
from signatures.signing import own_links
from signatures.signing.confirming import confirm_submission
from signatures.signing.sign import SignatureInput, sign

# What somebody signs with again. All else is chosen anew, on the own page.
CARRIED = ("name", "country", "lives_here", "home_city", "answers", "discreet")


def again(signature: Signature) -> Signature:
    """What would count, not stored."""
    carried = {name: getattr(signature, name) for name in CARRIED}
    return Signature(petition=signature.petition, language=signature.language, **carried)


def sign_anew(signature: Signature, text: TextVersion) -> Signature | None:
    """Signs in the round that goes on; None where nobody can, or it was done already.

    It takes the way of the form and of its mailed link, so that what they hold to holds here. The
    new link goes to the mailbox.
    """
    with transaction.atomic():
        known = Signature.objects.filter(pk=signature.pk, anonymised_at=None)
        if known.select_for_update().first() is None or not signature.petition.is_signable:
            return None
        ticket = sign(signature.petition, text, sent_anew(signature, text.language))
        sent = Submission.objects.filter(pk=ticket.submission)
        if signature.held_at:
            # Nobody gets out of a review by another round.
            sent.hold(timezone.now())
        made = confirm_submission(sent.select_related("signature__petition__parent", "text").get())
        if made is None:
            transaction.set_rollback(True)
            return None
        own_links.mail_new_link.enqueue(signature=str(made.pk), language=text.language)
    return made


def sent_anew(signature: Signature, language: str) -> SignatureInput:
    """A comment and a postal code wait until their signer has saved them again."""
    proposal = {"comment": signature.comment, "postcode": signature.postcode}
    return SignatureInput(
        name=signature.name,
        mailbox=parse(signature.email),
        country=str(signature.country),
        language=language,
        lives_here=signature.lives_here,
        home_city=signature.home_city_id,
        discreet=signature.discreet,
        answers=signature.answers,
        proposal={name: each for name, each in proposal.items() if each},
    )
