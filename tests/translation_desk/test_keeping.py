"""Nothing of the translators' work is lost, and no address dies."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import Locale, Page
from wagtail.test.utils.form_data import nested_form_data, streamfield
from wagtail_localize.models import StringTranslation, Translation

from campaigns.models import CampaignPage, PetitionPage
from home.models import ContentPage, HomePage
from tests.support import editor
from tests.support.editor import address
from tests.support.factories import publish
from tests.support.kinds import SmallSite
from tests.support.snapshot import kept
from tests.support.translating import publish_translation, translate, translate_all
from tests.translation_desk.blocks import FIRST, SECOND, THIRD, set_body, text
from translation_desk.notes import notes_of
from translations.gaps import gaps, translation_of
from translations.submission import submit


def missing(page: Page) -> list[str]:
    translation = translation_of(page)
    assert translation
    return [gap.source for gap in gaps(translation, page.specific_class)]


@pytest.fixture
@kept
def about(site: dict[str, Any]) -> dict[str, ContentPage]:
    """A page about the campaign, translated completely and live in both languages."""
    home = HomePage.objects.get(pk=site["home"]["en"].pk)
    page = ContentPage(title="About", slug="about", locale=home.locale)
    home.add_child(instance=page)
    page = set_body(page, text(FIRST, "One.", "Two."), text(SECOND, "Three."))
    locale = Locale.objects.get(language_code="uk")
    translation = submit(page, locale)
    translation.save_target(publish=False)
    other = page.get_translation(locale)
    translate(other)
    publish_translation(other)
    return {"en": page, "uk": ContentPage.objects.get(pk=other.pk)}


def test_an_edit_asks_for_what_is_new_and_keeps_the_rest(about: dict[str, ContentPage]) -> None:
    set_body(about["en"], text(FIRST, "One.", "Another."), text(SECOND, "Three."))
    assert missing(about["uk"]) == ["Another."]
    set_body(about["en"], text(FIRST, "One.", "Two."), text(SECOND, "Three."))
    assert missing(about["uk"]) == [], "what came back is known still"


def test_moved_blocks_keep_their_translations(about: dict[str, ContentPage]) -> None:
    set_body(about["en"], text(SECOND, "Three."), text(FIRST, "Two.", "One."))
    assert missing(about["uk"]) == []
    publish_translation(about["uk"])
    html = Client().get(about["uk"].url).content.decode()
    assert html.index("УКР Three.") < html.index("УКР Two.") < html.index("УКР One.")


def test_every_paragraph_of_a_copied_block_is_reused(about: dict[str, ContentPage]) -> None:
    set_body(about["en"], text(FIRST, "One."), text(THIRD, "One.", "Two.", "Three."))
    assert missing(about["uk"]) == []


def test_what_a_person_wrote_is_reused_rather_than_what_nobody_looked_at(
    about: dict[str, ContentPage],
) -> None:
    set_body(about["en"], text(FIRST, "One."), text(SECOND, "One."))
    rows = StringTranslation.objects.filter(translation_of__data="One.")
    assert rows.get(context__path=f"body.{SECOND}").translation_type == "machine"
    own = rows.get(context__path=f"body.{FIRST}")
    own.data = "УКР Один."
    own.save()
    rows.get(context__path=f"body.{SECOND}").save()
    set_body(about["en"], text(FIRST, "One."), text(SECOND, "One."), text(THIRD, "One."))
    assert rows.get(context__path=f"body.{THIRD}").data == "УКР Один."


def test_a_new_title_asks_for_itself_alone(about: dict[str, ContentPage]) -> None:
    page = ContentPage.objects.get(pk=about["en"].pk)
    page.title = "About us"
    publish(page)
    assert missing(about["uk"]) == ["About us"]
    assert Client().get(about["uk"].url).status_code == 200
    assert page.slug == "about"


def test_a_duplicated_page_is_translated_already_and_says_so(
    admin: Client, about: dict[str, ContentPage]
) -> None:
    parent = about["en"].get_parent()
    form = {"new_title": "About", "new_slug": "about-2", "new_parent_page": parent.pk}
    admin.post(f"/admin/pages/{about['en'].pk}/copy/", {**form, "alias": ""})
    copy = ContentPage.objects.get(slug="about-2", locale=about["en"].locale)
    locale = about["uk"].locale
    admin.post(f"/admin/localize/submit/page/{copy.pk}/", {"locales": [locale.pk]})
    other = copy.get_translation(locale)
    assert missing(other) == []
    assert not other.live
    words = json.dumps(other.get_latest_revision_as_object().body.raw_data[0], ensure_ascii=False)
    assert "УКР One." in words, "its draft is not left in the source language"
    html = admin.get(address(other)).content.decode()
    assert "4 texts reused from other places." in html
    assert html.count("Does it fit here?") == 8, "above, and beside each text"
    translation = translation_of(other)
    assert translation
    note = notes_of(translation, ContentPage).reused[0]
    accept = f"/admin/localize/translate/{translation.pk}/accept/"
    admin.post(accept, {"text": note.segment.pk, "words": note.row.data})
    assert len(notes_of(translation, ContentPage).reused) == 3


def test_a_page_that_is_published_in_bulk_goes_live_in_its_own_language(
    admin: Client, about: dict[str, ContentPage]
) -> None:
    about["uk"].unpublish()
    set_body(about["en"], text(FIRST, "Quite new."))
    translate(about["uk"])
    admin.post(f"/admin/bulk/wagtailcore/page/publish/?id={about['uk'].pk}&next=/admin/")
    html = Client().get(about["uk"].url).content.decode()
    assert "УКР Quite new." in html


def rename(client: Client, page: Page, slug: str) -> None:
    """Gives a page another slug in its editor, and publishes that."""
    if isinstance(page, ContentPage):
        fields = {"title": page.title, "slug": slug, "body": streamfield([])}
        form = {**fields, "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
        data = {**nested_form_data(form), "action-publish": "1"}
        answer = client.post(f"/admin/pages/{page.pk}/edit/", data)
    else:
        answer = editor.publish(client, page, slug=slug)
    assert answer.status_code == 302


def lead_to(old: str, new: str) -> None:
    answer = Client().get(old)
    assert (answer.status_code, answer.headers.get("Location")) == (301, new)
    assert Client().get(new).status_code == 200


def test_a_new_address_is_the_same_in_every_language_and_the_old_ones_lead_to_it(
    admin: Client,
    campaign_pages: dict[str, CampaignPage],
    site: SmallSite,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for language in ("en", "uk"):
        assert Client().get(f"/{language}/end-ties/portland-oregon/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        rename(admin, CampaignPage.objects.get(pk=campaign_pages["en"].pk), "break-ties")
    for language in ("en", "uk"):
        for below in ("", "portland-oregon/", "cities/", "news/", "feed/", "portland-oregon/news/"):
            lead_to(f"/{language}/end-ties/{below}", f"/{language}/break-ties/{below}")
    with django_capture_on_commit_callbacks(execute=True):
        city = PetitionPage.objects.get(pk=site["portland"]["en"].pk)
        rename(admin, city, "portland")
    for language in ("en", "uk"):
        new = f"/{language}/break-ties/portland/"
        lead_to(f"/{language}/break-ties/portland-oregon/", new)
        lead_to(f"/{language}/end-ties/portland-oregon/", new)


def test_an_address_may_change_back(
    admin: Client,
    about: dict[str, ContentPage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for slug in ("us", "about"):
        with django_capture_on_commit_callbacks(execute=True):
            rename(admin, ContentPage.objects.get(pk=about["en"].pk), slug)
    for language in ("en", "uk"):
        assert Client().get(f"/{language}/about/").status_code == 200
        lead_to(f"/{language}/us/", f"/{language}/about/")


def test_publishing_a_translation_later_keeps_the_new_address(
    admin: Client,
    about: dict[str, ContentPage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    page = ContentPage.objects.get(pk=about["en"].pk)
    page.slug = "us"
    with django_capture_on_commit_callbacks(execute=True):
        publish(page)
    other = ContentPage.objects.get(pk=about["uk"].pk)
    assert (other.slug, other.get_latest_revision_as_object().slug) == ("us", "us")
    with django_capture_on_commit_callbacks(execute=True):
        other.get_latest_revision().publish()
        admin.post(address(other), {"action": "publish"})
    lead_to("/uk/about/", "/uk/us/")


def test_a_draft_of_a_new_address_moves_nothing(
    admin: Client, about: dict[str, ContentPage]
) -> None:
    page = ContentPage.objects.get(pk=about["en"].pk)
    page.slug = "us"
    page.save_revision()
    page.after_publishing()
    assert ContentPage.objects.get(pk=about["uk"].pk).slug == "about"


def test_an_address_is_in_latin_letters_whatever_the_titles_script(
    admin: Client, about: dict[str, ContentPage]
) -> None:
    fields = {"title": "Про нас", "slug": "про-нас", "body": streamfield([])}
    form = {**fields, "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    data = {**nested_form_data(form), "action-publish": "1"}
    html = admin.post(f"/admin/pages/{about['en'].pk}/edit/", data).content.decode()
    assert "Write it in Latin letters, digits and hyphens" in html
    assert Translation.objects.filter(target_locale=about["uk"].locale).exists()
    translation = translation_of(about["uk"])
    assert translation
    StringTranslation.objects.filter(context__path="title").update(data="Про нас")
    publish_translation(about["uk"])
    page = ContentPage.objects.get(pk=about["uk"].pk)
    assert (page.title, page.slug) == ("Про нас", "about")


def test_every_text_of_the_campaign_survives_a_new_sending(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    translate_all(campaign_pages["uk"])
    before = set(StringTranslation.objects.values_list("pk", "data"))
    translation = translation_of(campaign_pages["uk"])
    assert translation
    admin.post(f"/admin/localize/update/{translation.source.pk}/")
    assert set(StringTranslation.objects.values_list("pk", "data")) == before
    assert missing(campaign_pages["uk"]) == []
