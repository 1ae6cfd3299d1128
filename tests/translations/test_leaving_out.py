"""What our own publishing leaves out of a half-translated draft, and what it refuses."""

import json

import pytest
from wagtail.models import Revision
from wagtail_localize.models import StringTranslation

from campaigns.models import CampaignPage
from home.models import ContentPage
from tests.support.factories import publish
from tests.support.translating import ESSENTIAL, PATTERNS, SHORT, fill
from translations.gaps import translation_of
from translations.publishing import (
    UntranslatedError,
    drop_untranslated,
    foreign_texts,
    keeps_words,
    raw,
    source_of,
)


def change_source(pages: dict[str, CampaignPage]) -> None:
    """Every sentence of the source in its place, and one more block."""
    english = CampaignPage.objects.get(pk=pages["en"].pk)
    for name in (*SHORT, *ESSENTIAL, *PATTERNS):
        setattr(english, name, getattr(english, name).replace("ENGLISH", "OTHER"))
    changed = json.loads(json.dumps(raw(english, "body")).replace("ENGLISH", "OTHER"))
    english.body = english.body.stream_block.to_python(changed)
    english.body.append(("text", "<p>OTHER new.</p>"))
    publish(english)


def mixed_draft(page: CampaignPage, *but: str) -> Revision:
    """With the source's words in fields that are not translated, as wagtail-localize makes it."""
    fill(page, *but)
    translation = translation_of(page)
    assert translation
    whole = translation.source.get_ephemeral_translated_instance(page.locale, fallback=True)
    return whole.save_revision()


def kept(revision: Revision) -> CampaignPage:
    found: CampaignPage = Revision.objects.get(pk=revision.pk).as_object()
    return found


def words(page: CampaignPage) -> str:
    return str(page.body.get_prep_value())


def test_texts_that_are_live_stay_as_they_are_and_new_ones_stay_out(
    pages: dict[str, CampaignPage],
) -> None:
    change_source(pages)
    revision = mixed_draft(pages["uk"], "lead", "body")
    assert "OTHER" in words(kept(revision))
    drop_untranslated(revision)
    page = kept(revision)
    assert foreign_texts(page) == []
    assert page.lead == pages["uk"].lead == "УКРАЇНСЬКЕ lead."
    assert [block.id for block in page.body] == [block.id for block in pages["uk"].body]
    assert words(page) == words(pages["uk"])


def test_translated_blocks_go_live_beside_those_that_are_left_as_they_were(
    pages: dict[str, CampaignPage],
) -> None:
    change_source(pages)
    page = pages["uk"]
    first, second = (block.id for block in page.body)
    fill(page)
    StringTranslation.objects.filter(locale=page.locale, data__contains="new.").delete()
    StringTranslation.objects.filter(locale=page.locale, data="УКРАЇНСЬКЕ three.").delete()
    StringTranslation.objects.filter(locale=page.locale, translation_of__data="OTHER one.").update(
        data="УКР нове."
    )
    revision = mixed_draft(page, "body")
    drop_untranslated(revision)
    blocks = {block["id"]: str(block) for block in raw(kept(revision), "body")}
    assert "УКР нове." in blocks[first]
    assert "УКРАЇНСЬКЕ three." in blocks[second], "as it is live"
    assert len(blocks) == len(page.body), "the new one waits"


def test_what_was_never_live_is_left_out_whole(pages: dict[str, CampaignPage]) -> None:
    pages["uk"].unpublish()
    change_source(pages)
    revision = mixed_draft(pages["uk"], "lead", "body")
    drop_untranslated(revision)
    assert kept(revision).lead == ""
    assert not kept(revision).body


def test_a_text_that_is_live_in_another_language_is_not_kept(
    pages: dict[str, CampaignPage],
) -> None:
    """A row with a foreign text in it, as an older version of the site could have left one."""
    change_source(pages)
    CampaignPage.objects.filter(pk=pages["uk"].pk).update(lead="OTHER lead.")
    revision = mixed_draft(pages["uk"], "lead")
    drop_untranslated(revision)
    assert kept(revision).lead == ""


def test_an_untranslated_text_that_visitors_need_is_named_by_its_first_words(
    pages: dict[str, CampaignPage],
) -> None:
    english = CampaignPage.objects.get(pk=pages["en"].pk)
    english.ask = "OTHER " + "ж" * 200
    publish(english)
    revision = mixed_draft(pages["uk"], "ask")
    with pytest.raises(UntranslatedError) as refused:
        drop_untranslated(revision)
    assert refused.value.messages == [f"Not translated: “OTHER {'ж' * 73}…”"]
    assert kept(revision).ask == english.ask, "the draft stays as it is"


def test_a_complete_draft_is_left_as_it_is(pages: dict[str, CampaignPage]) -> None:
    change_source(pages)
    revision = mixed_draft(pages["uk"])
    before = kept(revision).serializable_data()
    drop_untranslated(revision)
    assert kept(revision).serializable_data() == before


def test_saving_what_is_shared_by_all_languages_writes_no_words(
    pages: dict[str, CampaignPage],
) -> None:
    page = pages["uk"]
    assert keeps_words(page, None) is False
    assert keeps_words(page, ["petition", "locked"])
    assert not keeps_words(page, ["petition", "lead"])
    assert not keeps_words(page, ["live"])


def test_the_source_of_a_page_that_nobody_submitted_is_the_one_of_the_sites_language(
    pages: dict[str, CampaignPage],
) -> None:
    about = ContentPage(title="About", slug="about-us", locale=pages["en"].locale)
    pages["en"].get_parent().add_child(instance=about)
    assert source_of(about) == about
    assert foreign_texts(about) == []
    copy = about.copy_for_translation(pages["uk"].locale, alias=True)
    assert source_of(copy) == about
    assert source_of(pages["uk"]).pk == pages["en"].pk
