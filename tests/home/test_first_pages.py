"""The home pages that a new site begins with."""

from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from wagtail.models import Page, Site
from wagtail_localize.models import Translation

from demo.pages import _drop_untouched_homes
from home.models import HomePage
from translation_desk.status import statuses


def migrate() -> None:
    """With the models of today, in place of those that a migration is given."""
    import_module("home.migrations.0003_home_pages").build_home_pages(apps, None)


@pytest.fixture
def new_site(db: None) -> dict[str, HomePage]:
    """As after the first migration."""
    Translation.objects.all().delete()
    for page in Page.objects.filter(depth=2):
        page.delete()
    migrate()
    return {page.language: page for page in HomePage.objects.select_related("locale")}


def test_a_new_site_has_a_home_page_in_every_language(new_site: dict[str, HomePage]) -> None:
    assert Site.objects.get().root_page.specific == new_site["en"]
    assert HomePage.find_problems() == ([], [], [], [], [])
    for language, words in (("en", "Petitions"), ("uk", "Петиції")):
        response = Client().get(f"/{language}/")
        assert response.status_code == 200
        assert words in response.content.decode()


def test_its_translation_is_complete_and_goes_on_with_the_translators(
    new_site: dict[str, HomePage],
) -> None:
    english, ukrainian = new_site["en"], new_site["uk"]
    cell = statuses([english], [ukrainian.locale])[english.pk]["uk"]
    assert (cell.is_live, cell.texts) == (True, 0)
    english.title = "Cities against the war"
    english.save_revision().publish()
    cell = statuses([english], [ukrainian.locale])[english.pk]["uk"]
    assert (cell.is_live, cell.texts) == (True, 1)


def test_nothing_is_made_where_there_is_a_home_page(new_site: dict[str, HomePage]) -> None:
    migrate()
    assert HomePage.objects.count() == 2


def test_the_demo_replaces_them_only_as_long_as_nobody_has_edited_one(
    new_site: dict[str, HomePage],
) -> None:
    new_site["uk"].save_revision()
    _drop_untouched_homes()
    assert HomePage.objects.count() == 2
    HomePage.objects.update(latest_revision=None)
    _drop_untouched_homes()
    assert HomePage.objects.count() == 0
