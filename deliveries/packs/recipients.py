"""Who a petition is handed to, as far as the records of recipients tell."""

from campaigns.models import Petition, Recipient
from campaigns.records.recipients import RecipientQuerySet


def recipients_of(petition: Petition) -> RecipientQuerySet:
    """All offices of the city, or of the campaign."""
    found: RecipientQuerySet = Recipient.objects.with_names()
    if petition.tie:
        return found.filter(city=petition.tie.city_id)
    return found.filter(campaign=petition.pk)


def recipient_of(petition: Petition) -> Recipient | None:
    """The mayor, where a city has one, else whoever stands first."""
    of_it = recipients_of(petition)
    return of_it.filter(office=Recipient.Office.MAYOR).first() or of_it.first()


def mailbox_of(petition: Petition) -> str:
    """Empty where it is not known."""
    recipient = recipient_of(petition)
    return recipient.email if recipient else ""


def salutation(petition: Petition, language: str) -> str:
    """How the holder is addressed in a letter; empty where nobody knows who that is."""
    recipient = recipient_of(petition)
    words = recipient.words_in(language) if recipient and recipient.is_current else None
    return words.address if words else ""
