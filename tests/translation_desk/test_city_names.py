"""A page whose cities have no names in its language is not translated."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, Page, Revision
from wagtail_localize.models import Translation

from campaigns.checks import problems
from campaigns.models import CampaignPage, City, CityName, PetitionPage, Tie
from campaigns.tasks import publish_scheduled
from launches.building import Launched, launch_tie
from tests.support.kinds import SmallSite
from tests.support.logins import login
from translation_desk.status import in_state, statuses
from translations.publishing import UntranslatedError
from translations.submission import submit


@pytest.fixture
def locale(site: SmallSite) -> Locale:
    return Locale.objects.get(language_code="uk")


@pytest.fixture
def pages(site: SmallSite) -> dict[str, PetitionPage]:
    """A city launched from the list, whose cities have English names alone."""
    tie = Tie.objects.create(city=city("Fresno", "California"), sister_city=city("Ufa", "Ufa"))
    campaign = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    launch_tie(campaign, tie, True, Launched(), "UTC")
    found = PetitionPage.objects.filter(petition__tie=tie).select_related("locale")
    return {page.language: page for page in found}


def city(name: str, region: str) -> City:
    made = City.objects.create(key=f"{name}-{region}".lower(), region=region, country="US")
    CityName.english(made, name).save()
    return made


def address(page: Page) -> str:
    return f"/admin/pages/{page.pk}/edit/"


def is_live(page: Page) -> bool:
    return Page.objects.get(pk=page.pk).live


def form_for(name: str) -> str:
    translation = Translation.objects.get(
        source__object_repr__startswith=name, source__specific_content_type__model="cityname"
    )
    return f"/admin/translations/{translation.pk}/name/"


def give_names(client: Client) -> None:
    for name in ("Fresno", "Ufa"):
        fields = ("name", "of_form", "in_form", "with_form", "region")
        client.post(form_for(name), {field: f"УКР {field}" for field in fields})


def test_names_are_asked_for_when_a_city_is_launched_from_the_list(
    pages: dict[str, PetitionPage], locale: Locale
) -> None:
    assert pages["en"].live
    assert not pages["uk"].live
    asked = Translation.objects.filter(target_locale=locale, source__object_repr__contains=", ")
    assert {each.source.object_repr for each in asked} >= {"Fresno, California"}
    addresses = [problem.address for problem in problems(pages["en"])]
    assert form_for("Fresno") in addresses


def alone(client: Client, page: Page) -> str:
    return client.post(address(page), {"action": "publish"}, follow=True).content.decode()


def in_bulk(client: Client, page: Page) -> str:
    door = f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}&next=/admin/"
    return client.post(door, follow=True).content.decode()


def test_without_names_a_page_is_not_published_and_links_to_their_forms(
    moderator: Client, pages: dict[str, PetitionPage]
) -> None:
    html = alone(moderator, pages["uk"])
    assert "cannot be published: 2 texts that visitors need are not translated" in html
    assert form_for("Fresno") in html
    assert form_for("Ufa") in html
    assert not is_live(pages["uk"])
    give_names(moderator)
    alone(moderator, pages["uk"])
    assert is_live(pages["uk"])
    html = Client().get(PetitionPage.objects.get(pk=pages["uk"].pk).url).content.decode()
    assert "УКР of_form" in html


def test_nor_among_many_which_names_them_and_leads_to_the_page(
    moderator: Client, pages: dict[str, PetitionPage]
) -> None:
    html = in_bulk(moderator, pages["uk"])
    assert "cannot be published." in html
    assert "Not translated: “Fresno, California”" in html
    assert "Not translated: “Ufa”" in html
    assert address(pages["uk"]) in html
    assert not is_live(pages["uk"])
    give_names(moderator)
    in_bulk(moderator, pages["uk"])
    assert is_live(pages["uk"])


def test_neither_code_nor_a_schedule_publishes_it(pages: dict[str, PetitionPage]) -> None:
    page = PetitionPage.objects.get(pk=pages["uk"].pk)
    revision = page.save_revision()
    with pytest.raises(UntranslatedError):
        revision.publish()
    past = timezone.now() - timedelta(minutes=1)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=past)
    publish_scheduled()
    assert not is_live(page)


def test_a_page_without_names_counts_as_none_that_is_complete(
    moderator: Client, pages: dict[str, PetitionPage], locale: Locale
) -> None:
    PetitionPage.objects.filter(pk=pages["uk"].pk).update(live=True)
    english = Page.objects.filter(pk=pages["en"].pk)
    assert statuses([pages["en"]], [locale])[pages["en"].pk]["uk"].names == 2
    assert not english.filter(in_state("complete", locale)).exists()
    assert english.filter(in_state("waiting", locale)).exists()
    html = moderator.get("/admin/reports/languages/?state=waiting").content.decode()
    assert "2 names of cities are missing" in html
    html = moderator.get(address(pages["uk"])).content.decode()
    assert form_for("Ufa") in html
    assert "Everything is translated." not in html
    give_names(moderator)
    assert english.filter(in_state("complete", locale)).exists()


def test_a_translator_does_not_hand_it_over(
    site: SmallSite, pages: dict[str, PetitionPage]
) -> None:
    client = login("translator", "uk")
    translation = Translation.objects.get(source__object_id=pages["en"].translation_key)
    door = f"/admin/translations/{translation.pk}/ready/"
    html = client.post(door, {"ready": "1"}, follow=True).content.decode()
    assert "First translate the names of the page’s cities." in html
    assert not Translation.objects.filter(state__ready_at__isnull=False).exists()


def test_pages_of_named_cities_and_of_no_city_need_none(site: SmallSite, locale: Locale) -> None:
    for page in (site["portland"]["en"], site["campaign"]["en"], site["home"]["en"]):
        submit(page, locale)
        assert statuses([page], [locale])[page.pk]["uk"].names == 0
    without = Page.objects.exclude(Q(pk__in=Page.objects.filter(in_state("none", locale))))
    assert without.filter(pk=site["portland"]["en"].pk).exists()
