from campaigns.models.changes import ChangeRequest
from campaigns.models.cities import City, CityName
from campaigns.models.glossary import GlossaryTerm, GlossaryTranslation
from campaigns.models.launches import Launch
from campaigns.models.pages import CampaignPage, PetitionPage
from campaigns.models.petition_base import PetitionPageBase
from campaigns.models.petitions import Petition, PetitionEvent
from campaigns.models.sources import SourceCheck
from campaigns.models.texts import TextVersion, Words
from campaigns.models.ties import Tie, TieEvent
from campaigns.models.translations import Digest, TranslationState
from campaigns.models.updates import UpdatePage

__all__ = [
    "CampaignPage",
    "ChangeRequest",
    "City",
    "CityName",
    "Digest",
    "GlossaryTerm",
    "GlossaryTranslation",
    "Launch",
    "Petition",
    "PetitionEvent",
    "PetitionPage",
    "PetitionPageBase",
    "SourceCheck",
    "TextVersion",
    "Tie",
    "TieEvent",
    "TranslationState",
    "UpdatePage",
    "Words",
]
