"""What fixtures give and clients answer, by their types."""

from typing import TYPE_CHECKING, Literal, NotRequired, TypeAlias, TypedDict

from django.http import HttpResponse

from campaigns.models import CampaignPage, PetitionPage
from home.models import HomePage

if TYPE_CHECKING:
    # What the client adds to a response is known to Django's types alone.
    from django.test.client import _MonkeyPatchedWSGIResponse

    Response: TypeAlias = _MonkeyPatchedWSGIResponse
else:
    Response = HttpResponse

# A city's page, by language.
CityPages: TypeAlias = dict[str, PetitionPage]
Part: TypeAlias = Literal["home", "campaign", "portland", "tacoma"]


class SmallSite(TypedDict):
    """The pages of a small campaign, by language."""

    home: dict[str, HomePage]
    campaign: dict[str, CampaignPage]
    portland: CityPages
    tacoma: NotRequired[CityPages]
