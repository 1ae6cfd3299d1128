"""Words by status and state on their way: translated, and published in sight of their cities."""

from typing import Any

import pytest

from campaigns.impact import content_changes
from campaigns.models import CampaignPage, TieEvent
from tests.support.factories import publish
from tests.support.kinds import SmallSite
from translations.gaps import gaps, translation_of
from translations.validation import place_of


def words(**texts: str) -> list[tuple[str, Any]]:
    return [("words", {"status": "suspended", "state": "any", **texts})]


def test_what_is_written_waits_for_its_translators_and_no_more(
    campaign_pages: dict[str, CampaignPage],
) -> None:
    english = campaign_pages["en"]
    english.city_words = words(heading="For good, {city}", lead="It waits.")
    publish(english)
    translation = translation_of(campaign_pages["uk"])
    assert translation
    found = [each for each in gaps(translation, CampaignPage) if each.path.startswith("city_words")]
    assert [each.source for each in found] == ["For good, {city}", "It waits."]
    assert all(each.is_essential for each in found)
    assert str(place_of(english, found[0].path)) == (
        "Patterns for city pages › Words by status and state › Words (1): suspended, any › Heading"
    )


@pytest.mark.parametrize("status", ["reported", "suspended"])
@pytest.mark.parametrize("name", ["city_words", "ask"])
def test_a_change_touches_the_cities_that_are_spoken_of_so(
    site: SmallSite, name: str, status: str
) -> None:
    TieEvent.objects.filter(tie=site["portland"]["en"].tie).update(kind=status)
    live, draft = (CampaignPage.objects.get(pk=site["campaign"]["en"].pk) for _ in range(2))
    setattr(draft, name, words(lead="It waits.") if name == "city_words" else "Another ask.")
    touched = [page.slug for each in content_changes(live, draft) for page in each.affected]
    assert touched == (["portland-oregon"] if status == "suspended" else [])
