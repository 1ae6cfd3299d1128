"""What goes live in another language is translated."""

from django.test import Client
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, TranslationSource

from campaigns.models import CampaignPage
from home.models import ContentPage, HomePage
from tests.support.editor import address
from tests.support.factories import publish
from tests.support.kinds import SmallSite
from tests.support.translating import translate_all
from translations.gaps import gaps, translation_of
from translations.submission import make_new_draft, submit


def test_a_translation_without_an_essential_text_is_refused(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    translate_all(page, but="consent_text")
    response = admin.post(address(page), {"action": "publish"}, follow=True)
    html = response.content.decode()
    assert "cannot be published: 1 text that visitors need is not translated" in html
    assert "consent text: I agree." in html
    page.refresh_from_db()
    assert page.consent_text == "Я погоджуюся."


def test_a_translation_without_another_text_goes_live_with_a_warning(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    translate_all(page, but="lead")
    response = admin.post(address(page), {"action": "publish"}, follow=True)
    assert "1 text that is not translated" in response.content.decode()
    page.refresh_from_db()
    assert page.ask.startswith("УКР ask")


def test_a_complete_translation_goes_live(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    translate_all(page)
    admin.post(address(page), {"action": "publish"})
    page.refresh_from_db()
    assert page.title.startswith("УКР title")
    assert "УКР ask" in Client().get(page.url).content.decode()


def test_in_bulk_too_only_what_is_translated_goes_live(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    page.unpublish()
    translation = translation_of(page)
    assert translation
    make_new_draft(translation)
    bulk = f"/admin/bulk/wagtailcore/page/publish/?id={page.pk}&next=/admin/"
    response = admin.post(bulk, follow=True)
    assert "cannot be published" in response.content.decode()
    page.refresh_from_db()
    assert not page.live
    translate_all(page)
    admin.post(bulk)
    page.refresh_from_db()
    assert page.live


def test_the_newest_texts_reach_translators_and_leave_live_pages_alone(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    source = TranslationSource.objects.get_for_instance(campaign_pages["en"])
    before = Client().get(campaign_pages["uk"].url).content
    response = admin.get(f"/admin/localize/update/{source.pk}/")
    assert "publish_translations" not in response.content.decode()
    admin.post(f"/admin/localize/update/{source.pk}/", {"publish_translations": "on"})
    assert Client().get(campaign_pages["uk"].url).content == before


def test_a_published_edit_keeps_what_still_fits_and_asks_for_the_rest(
    campaign_pages: dict[str, CampaignPage],
) -> None:
    english, ukrainian = campaign_pages["en"], campaign_pages["uk"]
    translate_all(ukrainian)
    translation = translation_of(ukrainian)
    assert translation
    assert gaps(translation, CampaignPage) == []
    before = Client().get(ukrainian.url).content
    english.lead = "Another lead."
    publish(english)
    assert [gap.source for gap in gaps(translation, CampaignPage)] == ["Another lead."]
    assert Client().get(ukrainian.url).content == before


def test_a_half_translated_city_name_is_refused(admin: Client, site: SmallSite) -> None:
    tie = site["portland"]["en"].tie
    name = tie.city.names.get(locale__language_code="uk")
    submit(tie.city.names.get(locale__language_code="en"), Locale.objects.get(language_code="uk"))
    edit = f"/admin/snippets/campaigns/cityname/edit/{name.pk}/"
    response = admin.post(edit, {"action": "publish"}, follow=True)
    assert "cannot be published: 5 texts" in response.content.decode()
    name.refresh_from_db()
    assert name.name == "Портленд"


def test_a_text_translated_once_is_offered_wherever_else_it_stands(
    admin: Client, campaign_pages: dict[str, CampaignPage], site: SmallSite
) -> None:
    translate_all(campaign_pages["uk"])
    about = ContentPage(
        title=campaign_pages["en"].title, slug="about", locale=campaign_pages["en"].locale
    )
    HomePage.objects.get(locale=about.locale).add_child(instance=about)
    locale = campaign_pages["uk"].locale
    admin.post(f"/admin/localize/submit/page/{about.pk}/", {"locales": [locale.pk]})
    offered = StringTranslation.objects.get(
        locale=locale, context__path="title", context__object_id=about.translation_key
    )
    assert offered.data.startswith("УКР title")
    assert offered.translation_type == StringTranslation.TRANSLATION_TYPE_MACHINE
    assert offered.tool_name == "translation memory"


def test_a_moved_or_copied_block_keeps_its_translation(
    campaign_pages: dict[str, CampaignPage],
) -> None:
    english, ukrainian = campaign_pages["en"], campaign_pages["uk"]
    english.body = [("reason", {"heading": "A reason", "text": "<p>Its text.</p>"})]
    publish(english)
    translate_all(ukrainian)
    translation = translation_of(ukrainian)
    assert translation
    reason = ("reason", {"heading": "A reason", "text": "<p>Its text.</p>"})
    english.body = [("text", "<p>Something new.</p>"), reason, reason]
    publish(english)
    assert [gap.source for gap in gaps(translation, CampaignPage)] == ["Something new."]
