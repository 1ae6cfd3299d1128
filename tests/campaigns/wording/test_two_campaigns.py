"""A city in two campaigns: of its one tie each speaks in words, and by a term, of its own."""

from datetime import timedelta

from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from campaigns.models import CampaignPage, Petition, PetitionPage, Tie, TieEvent
from tests.support.factories import confirmed, publish
from tests.support.kinds import SmallSite


def second(site: SmallSite) -> PetitionPage:
    """Another campaign's page of the same tie; its statuses grow old sooner."""
    first = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    petition = Petition.objects.create(time_zone="America/Chicago", check_days=30)
    campaign = CampaignPage(
        title="Name the street",
        slug="name-the-street",
        locale=first.locale,
        petition=petition,
        ask="Name streets.",
        starter="a neighbor",
        recipients="US mayors",
        consent_text="I agree.",
        city_heading="{city}: name a street",
        city_lead="A tie {with_sister_city} stands here.",
        city_ask="Name a street {in_city}.",
        city_recipient="Council {of_city}",
    )
    first.get_parent().add_child(instance=campaign)
    publish(campaign)
    page = PetitionPage(
        title="Portland",
        slug="portland-oregon",
        locale=first.locale,
        petition=Petition.objects.create(
            parent=petition, tie=site["portland"]["en"].tie, time_zone="America/Los_Angeles"
        ),
    )
    campaign.add_child(instance=page)
    return publish(page)


def read(page: PetitionPage) -> tuple[str, str, str]:
    """The heading, the status that the page tells, and the one that its JSON does."""
    html = BeautifulSoup(Client().get(page.url).content.decode(), "html.parser")
    data = Client().get(f"/api/petitions/{page.petition_id}/").json()
    status = html.select_one(".tie .status")
    assert status
    return html.select("h1")[0].get_text(), status.get_text(), data["tie"]["status"]


def test_each_campaign_speaks_in_its_own_words_and_by_its_own_term(site: SmallSite) -> None:
    one, two = site["portland"]["en"], second(site)
    Petition.objects.filter(pk=one.petition.parent_id).update(check_days=90)
    Tie.objects.update(checked_at=timezone.now() - timedelta(days=100))
    assert read(one) == ("Mayor of Portland: end the tie with Khabarovsk", "active", "active")
    assert read(two) == ("Portland: name a street", "unknown", "unknown")
    lead = Client().get(two.url).content.decode()
    assert "stands here" not in lead, "what is not known any more is not claimed"
    TieEvent.objects.filter(tie=one.tie).update(kind="suspended")
    assert {page[1] for page in map(read, (one, two))} == {"suspended", "unknown"}


def test_a_signature_for_one_is_none_for_the_other(site: SmallSite) -> None:
    one, two = site["portland"]["en"], second(site)
    confirmed(one)
    counted = [
        Client().get(f"/api/petitions/{page.petition_id}/").json()["signatures"]
        for page in (one, two)
    ]
    assert counted == [1, 0]
