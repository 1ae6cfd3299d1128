"""Every model, for Django and for the rest of the room."""

from deliveries.models.answer_links import AnswerLink
from deliveries.models.packs import Pack
from deliveries.models.signing_keys import SigningKey

__all__ = ["AnswerLink", "Pack", "SigningKey"]
