"""Cities go by their names in the admin, and a list of records costs no more for being long."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries
from wagtail.log_actions import log
from wagtail.users.models import UserProfile

from campaigns.models import CampaignPage, City, CityName, Petition, Tie
from tests.support.factories import evidence, publish
from tests.support.kinds import SmallSite

KHABAROVSK = "Khabarovsk, Khabarovsk Krai, RU"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "region", "country", "name"),
    [
        ("khabarovsk-khabarovsk-krai", "Khabarovsk Krai", "RU", KHABAROVSK),
        ("new-york-new-york", "New York", "US", "New York, US"),
        ("saint-petersburg-russia", "Leningrad Oblast", "RU", "Saint Petersburg Russia, "),
        ("oregon", "Oregon", "US", "Oregon, US"),
    ],
)
def test_a_city_without_names_is_told_by_its_key(
    key: str, region: str, country: str, name: str
) -> None:
    assert str(City(key=key, region=region, country=country)).startswith(name)


def test_a_list_that_has_the_names_tells_them_in_the_readers_language(
    site: SmallSite, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    city = City.objects.prefetch_related("names__locale").get(key="portland-oregon")
    with django_assert_num_queries(0), override("uk"):
        assert str(city) == "Портленд, Орегон, US"
    with django_assert_num_queries(0):
        assert str(city) == "Portland, Oregon, US"


def test_what_is_chosen_is_shown_by_name(admin: Client, site: SmallSite) -> None:
    tie = site["portland"]["en"].tie
    html = admin.get(f"/admin/snippets/campaigns/tie/edit/{tie.pk}/").content.decode()
    assert KHABAROVSK in html
    assert ">khabarovsk-khabarovsk-krai<" not in html
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    page.body = [("evidence", {**evidence("What happened", warning=""), "city": tie.sister_city})]
    publish(page)
    editor = admin.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert KHABAROVSK in editor


def test_the_list_of_ties_tells_their_status_in_the_readers_language(
    admin: Client, site: SmallSite
) -> None:
    assert site["portland"]["en"].tie
    UserProfile.objects.create(user=get_user_model().objects.get(), preferred_language="uk")
    html = admin.get("/admin/snippets/campaigns/tie/").content.decode()
    listing = strip_tags(html.partition('<table class="listing')[2].partition("</table")[0])
    assert "чинне" in listing
    assert not {"Status", "active"} & set(listing.split())


def test_the_site_s_history_names_ties_by_their_cities(admin: Client, site: SmallSite) -> None:
    tie = site["portland"]["en"].tie
    log(tie, "wagtail.edit")
    html = admin.get("/admin/reports/site-history/").content.decode()
    assert f"Portland, Oregon, US – {KHABAROVSK}" in re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("kind", ["city", "tie", "petition"])
def test_a_list_costs_no_more_for_being_long(admin: Client, site: SmallSite, kind: str) -> None:
    address = f"/admin/snippets/campaigns/{kind}/"
    counts = []
    for number in range(2):
        admin.get(address)
        with CaptureQueriesContext(connection) as few:
            html = admin.get(address).content.decode()
        assert "Portland, Oregon, US" in html
        counts.append(len(few))
        for each in range(5 * (1 - number)):
            city = City.objects.create(key=f"salem-{each}", region="Oregon", country="US")
            CityName.english(city, f"Salem {each}").save()
            sister = site["portland"]["en"].tie.sister_city
            tie = Tie.objects.create(city=city, sister_city=sister)
            Petition.objects.create(
                tie=tie, parent=site["campaign"]["en"].petition, time_zone="UTC"
            )
    assert counts[0] == counts[1]
    assert "Salem 4, Oregon, US" in html
