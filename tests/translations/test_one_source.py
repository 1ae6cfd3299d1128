"""A page has one source, and no language's words stand in another, whichever two they are."""

import pytest
from django.test import Client
from wagtail.models import Locale
from wagtail_localize.models import Translation, TranslationSource

from campaigns.models import CampaignPage, CityName
from home.models import HomePage
from tests.support.kinds import SmallSite
from tests.support.snapshot import kept
from translations.publishing import UntranslatedError, source_of
from translations.submission import make_draft, submit


@pytest.fixture
@kept
def polish(pages: dict[str, CampaignPage]) -> Locale:
    locale = Locale.objects.create(language_code="pl")
    home = HomePage.objects.get(locale__language_code="en")
    make_draft(submit(home, locale), home, locale)
    return locale


def test_translating_a_translation_translates_its_source(
    admin: Client, pages: dict[str, CampaignPage], polish: Locale
) -> None:
    admin.post(f"/admin/localize/submit/page/{pages['uk'].pk}/", {"locales": [polish.pk]})
    translation = Translation.objects.get(
        target_locale=polish, source__object_id=pages["uk"].translation_key
    )
    assert translation.source.locale.language_code == "en"
    assert not TranslationSource.objects.filter(locale=pages["uk"].locale).exists()
    assert CampaignPage.objects.get(locale=polish).title == "ENGLISH title."


def test_translating_a_citys_name_translates_its_source(
    admin: Client, site: SmallSite, polish: Locale
) -> None:
    city = site["portland"]["en"].tie.city
    name = CityName.objects.get(city=city, locale__language_code="uk")
    admin.post(
        f"/admin/localize/submit/snippet/campaigns/cityname/{name.pk}/", {"locales": [polish.pk]}
    )
    translation = Translation.objects.get(
        target_locale=polish, source__object_id=name.translation_key
    )
    assert translation.source.locale.language_code == "en"


def test_a_source_that_an_older_version_of_the_site_made_of_a_translation_publishes_nothing(
    pages: dict[str, CampaignPage], polish: Locale
) -> None:
    submit(pages["uk"], polish)
    translation = Translation.objects.get(target_locale=polish, source__locale=pages["uk"].locale)
    page = make_draft(translation, pages["uk"], polish)
    assert "УКРАЇНСЬКЕ" in page.title
    with pytest.raises(UntranslatedError):
        page.save_revision().publish()
    assert source_of(page).locale.language_code == "en"


def test_a_page_begun_in_another_language_is_the_source_of_the_english_one(
    pages: dict[str, CampaignPage],
) -> None:
    ukrainian = pages["uk"]
    TranslationSource.objects.all().delete()
    submit(ukrainian, pages["en"].locale)
    assert source_of(pages["en"]).pk == ukrainian.pk
    english = CampaignPage.objects.get(pk=pages["en"].pk)
    english.ask = "УКРАЇНСЬКЕ ask."
    with pytest.raises(UntranslatedError):
        english.save_revision().publish()
