"""A petition's pages are one in several languages; nothing is done to one that others need."""

from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page

from campaigns.models import CampaignPage, PetitionPage, UpdatePage
from home.models import ContentPage, HomePage
from launches.building import Launched, launch_tie
from tests.support.factories import confirmed, publish
from tests.support.kinds import SmallSite

API = "/admin/api/main/pages/"
BULK = "/admin/bulk/wagtailcore/page/"


def delete(admin: Client, page: Page) -> str:
    said = admin.get(f"/admin/pages/{page.pk}/delete/", follow=True).content.decode()
    admin.post(f"/admin/pages/{page.pk}/delete/")
    return said


def delete_by_api(admin: Client, page: Page) -> str:
    return admin.post(f"{API}{page.pk}/action/delete/").content.decode()


def delete_in_bulk(admin: Client, page: Page) -> str:
    address = f"{BULK}delete/?id={page.pk}&next=/admin/pages/"
    said = admin.get(address, follow=True).content.decode()
    admin.post(address)
    return said


DELETING = [delete, delete_by_api, delete_in_bulk]


@pytest.mark.parametrize("do", DELETING)
@pytest.mark.parametrize("above", [0, 1, 2])
@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_page_that_people_signed_stays_and_so_does_all_above_it(
    admin: Client,
    site: SmallSite,
    do: Callable[[Client, Page], str],
    above: int,
    language: str,
) -> None:
    confirmed(site["portland"]["en"])
    page = Page.objects.get(pk=site["portland"][language].pk)
    for _step in range(above):
        page = page.get_parent()
    assert "people have signed (Portland" in do(admin, page)
    assert (
        PetitionPage.objects.filter(pk__in=[each.pk for each in site["portland"].values()]).count()
        == 2
    )


@pytest.mark.parametrize("do", DELETING)
def test_a_page_that_nobody_signed_goes_and_what_stays_is_named(
    admin: Client, city: PetitionPage, do: Callable[[Client, Page], str]
) -> None:
    do(admin, city)
    assert not PetitionPage.objects.filter(pk=city.pk).exists()
    if do is not delete_by_api:
        html = admin.get("/admin/").content.decode()
        assert "still live in other languages: Ukrainian" in html


def test_a_launch_completes_the_language_that_is_missing(
    admin: Client, site: SmallSite, city: PetitionPage
) -> None:
    delete(admin, city)
    launched = Launched()
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    launch_tie(campaign, city.tie, True, launched, "UTC")
    again = PetitionPage.objects.get(petition=city.petition, locale=campaign.locale)
    assert launched.made == ["portland-oregon"]
    assert again.live
    assert again.language_links.keys() == {"en", "uk"}
    assert Client().get("/en/end-ties/portland-oregon/").status_code == 200


def test_unpublishing_offers_every_language_and_names_what_stays(
    admin: Client, site: SmallSite, city: PetitionPage
) -> None:
    address = f"/admin/pages/{city.pk}/unpublish/"
    assert (
        "Unpublish it in its other languages, too: Ukrainian" in admin.get(address).content.decode()
    )
    html = admin.post(address, follow=True).content.decode()
    assert "still live in other languages: Ukrainian" in html
    publish(PetitionPage.objects.get(pk=city.pk))
    html = admin.post(address, {"all_languages": "on"}, follow=True).content.decode()
    assert "still live" not in html
    assert not city.petition.live_pages().exists()


def test_the_api_takes_no_language_down_while_others_stay(
    admin: Client, site: SmallSite, city: PetitionPage
) -> None:
    """It cannot be asked, and the petition would go on in the other language unnoticed."""
    news = UpdatePage(title="News", slug="news-1", locale=city.locale)
    city.get_parent().add_child(instance=news)
    publish(news)
    refused = admin.post(f"{API}{city.pk}/action/unpublish/")
    assert refused.status_code == 400
    assert "is live in other languages, too: Ukrainian" in refused.text
    city.refresh_from_db()
    assert city.live
    site["portland"]["uk"].specific.unpublish()
    for page in (city, news):
        assert admin.post(f"{API}{page.pk}/action/unpublish/").status_code == 200
        page.refresh_from_db()
        assert not page.live


def test_a_city_stays_with_its_campaign(admin: Client, site: SmallSite, city: PetitionPage) -> None:
    home = HomePage.objects.get(pk=site["home"]["en"].pk)
    other = CampaignPage(
        **{
            name: getattr(site["campaign"]["en"], name)
            for name in ("starter", "recipients", "ask", "consent_text", "city_heading")
        },
        city_ask="Ask.",
        city_recipient="Mayor.",
        title="Other",
        slug="other",
        locale=home.locale,
    )
    home.add_child(instance=other)
    moving = {
        f"/admin/pages/{city.pk}/move/{other.pk}/confirm/": {},
        f"{API}{city.pk}/action/move/": {"destination_page_id": other.pk, "position": "last-child"},
        f"{BULK}move/?id={city.pk}&next=/admin/": {"chooser": other.pk},
    }
    for address, data in moving.items():
        html = admin.post(address, data, follow=True).content.decode()
        assert "stays with its campaign" in html, address
        assert Page.objects.get(pk=city.pk).get_parent().slug == "end-ties"


def news(site: SmallSite) -> UpdatePage:
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    page = UpdatePage(title="ENGLISH news", slug="news-1", lead="Lead.", locale=campaign.locale)
    campaign.add_child(instance=page)
    return publish(page)


def test_nothing_is_copied_or_moved_below_a_page_in_another_language(
    admin: Client, site: SmallSite
) -> None:
    page, parent = news(site), site["campaign"]["uk"]
    copy = {"new_title": "News", "new_slug": "news-2", "new_parent_page": parent.pk}
    into = {"destination_page_id": parent.pk}
    doors = {
        f"/admin/pages/{page.pk}/copy/": {**copy, "publish_copies": "on"},
        f"/admin/pages/{page.pk}/move/{parent.pk}/confirm/": {},
        f"{API}{page.pk}/action/copy/": into,
        f"{API}{page.pk}/action/create_alias/": into,
        f"{API}{page.pk}/action/move/": {**into, "position": "last-child"},
        f"{BULK}move/?id={page.pk}&next=/admin/": {"chooser": parent.pk},
    }
    for address, data in doors.items():
        html = admin.post(address, data, follow=True).content.decode()
        # Wagtail itself has a sentence for moving several.
        said = "cannot be moved to" if BULK in address else "does not stand below one in another"
        assert said in html, address
    assert UpdatePage.objects.count() == 1
    assert UpdatePage.objects.get().get_parent().locale.language_code == "en"
    assert (
        admin.post(f"{API}{page.pk}/action/copy_for_translation/", {"locale": "uk"}).status_code
        == 400
    )


def test_a_page_that_stands_there_all_the_same_is_in_no_list(site: SmallSite) -> None:
    """As an older version of the site could have left one."""
    uk = Locale.objects.get(language_code="uk")
    campaign = CampaignPage.objects.get(pk=site["campaign"]["uk"].pk)
    page = UpdatePage(title="ENGLISH news", slug="news-1", lead="Lead.", locale=uk)
    campaign.add_child(instance=page)
    publish(page)
    about = ContentPage(title="ENGLISH about", slug="about-1", locale=uk, show_in_menus=True)
    HomePage.objects.get(pk=site["home"]["uk"].pk).add_child(instance=about)
    publish(about)
    en = Locale.objects.get(language_code="en")
    Page.objects.filter(pk__in=[page.pk, about.pk]).update(locale=en)
    for address in (
        "/uk/",
        "/uk/end-ties/",
        "/uk/end-ties/portland-oregon/",
        "/uk/end-ties/feed/",
        "/uk/end-ties/news/",
        "/sitemap.xml",
    ):
        html = Client().get(address).content.decode()
        assert "ENGLISH" not in html, address
        assert "news-1" not in html, address


def test_a_redirect_leads_on_also_where_another_language_has_the_page(
    site: SmallSite, city: PetitionPage
) -> None:
    city.unpublish()
    address = "/en/end-ties/portland-oregon/"
    assert Client().get(address).status_code == 200, "not yet in your language"
    Redirect.objects.create(old_path=address.rstrip("/"), redirect_link="/en/end-ties/")
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"]) == (301, "/en/end-ties/")
