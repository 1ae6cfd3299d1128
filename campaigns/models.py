"""The face of the app: every model, for Django and for other apps."""

from campaigns.pages.news import UpdatePage
from campaigns.pages.petition_base import PetitionPageBase
from campaigns.pages.petition_pages import CampaignPage, PetitionPage
from campaigns.records.answers import Answer, AnswerTranslation
from campaigns.records.change_requests import ChangeRequest
from campaigns.records.cities import City, CityName
from campaigns.records.deliveries import Delivery
from campaigns.records.pauses import SitePause
from campaigns.records.petitions import Petition, PetitionEvent
from campaigns.records.recipients import Recipient, RecipientWords
from campaigns.records.rounds import Round
from campaigns.records.source_checks import SourceCheck
from campaigns.records.text_versions import SignedText, TextVersion
from campaigns.records.ties import Tie, TieEvent

__all__ = [
    "Answer",
    "AnswerTranslation",
    "CampaignPage",
    "ChangeRequest",
    "City",
    "CityName",
    "Delivery",
    "Petition",
    "PetitionEvent",
    "PetitionPage",
    "PetitionPageBase",
    "Recipient",
    "RecipientWords",
    "Round",
    "SignedText",
    "SitePause",
    "SourceCheck",
    "TextVersion",
    "Tie",
    "TieEvent",
    "UpdatePage",
]
