"""The small campaign's pages, as an editor finds them."""

import pytest

from campaigns.models import PetitionPage
from tests.support.factories import add_content
from tests.support.kinds import SmallSite


@pytest.fixture
def city(site: SmallSite) -> PetitionPage:
    return PetitionPage.objects.get(pk=site["portland"]["en"].pk)


@pytest.fixture
def full_city(site: SmallSite) -> PetitionPage:
    """With a block of every kind, of its campaign."""
    add_content(site)
    return PetitionPage.objects.get(pk=site["portland"]["en"].pk)
