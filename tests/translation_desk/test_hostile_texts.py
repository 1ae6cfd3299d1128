"""Hostile markup comes in by no door of the translators, and shows nowhere."""

from itertools import cycle, product
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from wagtail.models import Page
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
    StringSegment,
    StringTranslation,
)

from campaigns.models import CampaignPage
from jobs.worker import drain
from tests.support.editor import address
from tests.support.factories import make_signature, publish
from tests.support.po import confirm, download, fill, one, upload
from tests.support.snapshot import kept
from tests.support.translating import put, translate_all
from tests.translations.hostile import CORPUS, LINKS
from translations.gaps import translation_of
from translations.submission import submit

pytestmark = pytest.mark.any_database


@pytest.fixture
@kept
def page(campaign_pages: dict[str, CampaignPage]) -> CampaignPage:
    """A Ukrainian page, wholly translated, whose source has a paragraph with a tag and a link."""
    source = CampaignPage.objects.get(pk=campaign_pages["en"].pk)
    source.lead = "A lead."
    text = '<p>Read <b>this</b> <a href="https://reports.example/1">report</a>.</p>'
    source.body = [("text", text)]
    publish(source)
    page = campaign_pages["uk"]
    submit(source, page.locale)
    translate_all(page, but=source_path(page))
    row(page, source_path(page), 'Читайте <b>це</b> <a id="a1">повідомлення</a>.')
    return page


def source_path(page: Page) -> str:
    translation = translation_of(page)
    assert translation
    found = StringSegment.objects.filter(source=translation.source, string__data__contains="Read")
    return str(found.get().context.path)


def segment_at(page: Page, path: str) -> StringSegment:
    translation = translation_of(page)
    assert translation
    return StringSegment.objects.get(source=translation.source, context__path=path)


def row(page: Page, path: str, data: str, **more: Any) -> StringTranslation:
    translation = translation_of(page)
    assert translation
    return fill(translation, path, data, **more)


def everything_stored() -> set[tuple[Any, ...]]:
    return set(StringTranslation.objects.values_list("pk", "data", "translation_type", "has_error"))


def places(page: Page) -> tuple[str, ...]:
    """A plain text, one that signers sign, and a paragraph with tags."""
    return ("lead", "ask", source_path(page))


def test_saving_a_hostile_text_is_refused_beside_it_and_stores_nothing(
    admin: Client, page: Page
) -> None:
    before = everything_stored()
    for hostile, path in product(CORPUS, places(page)):
        answer = put(admin, page, segment_at(page, path), f"Текст {hostile}").json()
        assert answer["error"].startswith("Not saved. "), (hostile, path)
        assert answer["data"] == f"Текст {hostile}", "what was typed stays in the editor"
        assert everything_stored() == before, (hostile, path)


def test_a_text_that_fits_is_saved(admin: Client, page: Page) -> None:
    path = source_path(page)
    text = 'Ось <a id="a1">лінк</a> і <b>слово</b>, 5 &lt; 6.'
    answer = put(admin, page, segment_at(page, path), text)
    assert (answer.status_code, answer.json()["error"]) == (200, None)
    assert StringTranslation.objects.get(context__path=path, locale=page.locale).data == text


def test_an_empty_text_or_none_at_all_is_refused_with_the_reason(admin: Client, page: Page) -> None:
    segment = segment_at(page, "lead")
    assert put(admin, page, segment, " ").json()["error"] == "Not saved. It shows nothing."
    translation = translation_of(page)
    assert translation
    door = f"/admin/localize/translate/{translation.pk}/strings/{segment.pk}/edit/"
    for body, kind in ((b"", MULTIPART_CONTENT), (b'{"value": "x"}', "application/json")):
        answer = admin.put(door, body, content_type=kind)
        assert answer.json()["error"] == "Not saved. It shows nothing."


def test_a_hostile_draft_cannot_be_accepted(admin: Client, page: Page) -> None:
    translation = translation_of(page)
    assert translation
    door = f"/admin/localize/translate/{translation.pk}/accept/"
    segment = segment_at(page, "ask")
    for hostile in CORPUS:
        for path in places(page):
            draft = hostile.replace("\0", "")
            row(page, path, draft, translation_type="machine", tool_name="Tool", has_error=True)
        before = everything_stored()
        for form in ({}, {"text": segment.pk}, {"text": segment.pk, "words": f"Текст {hostile}"}):
            answer = admin.post(door, {"next": address(page), **form})
            said = " ".join(str(each) for each in get_messages(answer.wsgi_request))
            assert ("Not accepted: " in said) or ("the text cannot be read" in said), hostile
        assert everything_stored() == before, hostile
        # What the editor shows of it is the same for all; two tell.
        if hostile in (CORPUS[0], CORPUS[3]):
            html = admin.get(address(page)).content.decode()
            assert "<script>canary" not in html
            assert "<img src=x" not in html


def test_a_hostile_po_file_brings_nothing(admin: Client, page: Page) -> None:
    translation = translation_of(page)
    assert translation
    door = f"{one(translation)}upload/"
    before = everything_stored()
    for hostile in CORPUS:
        po = download(admin, translation)
        for entry in po:
            entry.msgstr = f"Текст {hostile}".replace("\0", "")
        seen = upload(admin, door, str(po).encode())
        assert "<script>canary" not in seen.content.decode()
        if 'name="plan"' in seen.content.decode():
            confirm(admin, door, seen)
    assert everything_stored() == before


def test_a_link_that_runs_something_or_leads_nowhere_is_refused(admin: Client, page: Page) -> None:
    segment = overridable(page)
    for link in LINKS:
        answer = put(admin, page, segment, link, "overrides").json()
        assert answer["error"].startswith("Not saved. Links begin with"), link
        assert not SegmentOverride.objects.exists(), link


@pytest.mark.parametrize(
    "link",
    ["https://uk.example/1?a=b#c", "/uk/about/", "mailto:a@example.org", "tel:+380441234567"],
)
def test_another_link_in_a_language_is_saved_and_shown(
    admin: Client, page: Page, link: str
) -> None:
    answer = put(admin, page, overridable(page), link, "overrides")
    assert (answer.status_code, answer.json()["error"]) == (201, None)
    admin.post(address(page), {"action": "publish"})
    assert f'href="{link}"' in Client().get(page.url).content.decode()


def overridable(page: Page) -> OverridableSegment:
    translation = translation_of(page)
    assert translation
    segments = OverridableSegment.objects.filter(source=translation.source)
    return next(each for each in segments if each.data == "https://reports.example/1")


def test_after_all_of_it_pages_feeds_lists_and_mails_show_none_of_it(
    admin: Client, page: Page
) -> None:
    # Each somewhere, and something everywhere; that each is refused in all places is told above.
    paths = cycle((*places(page), "title", "consent_text", "starter"))
    for hostile, path in zip(CORPUS, paths, strict=False):
        put(admin, page, segment_at(page, path), f"Текст {hostile}")
    put(admin, page, overridable(page), LINKS[0], "overrides")
    admin.post(address(page), {"action": "publish"})
    page.refresh_from_db()
    assert page.title.startswith("УКР title"), "what was there is published"
    make_signature(page)
    drain()
    translation = translation_of(page)
    assert translation
    addresses = (
        page.url,
        f"{page.url}cities/",
        f"{page.url}feed/",
        "/uk/",
        "/api/petitions/",
        f"/api/petitions/{page.petition_id}/",
        f"/admin/localize/translate/{translation.pk}/preview/",
        address(page),
    )
    for shown in addresses:
        answer = admin.get(shown)
        assert answer.status_code == 200, shown
        assert b"canary" not in answer.content, shown
    [message] = mail.outbox
    parts = [str(message.body), *(str(part[0]) for part in getattr(message, "alternatives", []))]
    assert "canary" not in "".join(parts)


def test_signs_of_markup_show_as_the_signs_that_they_are(admin: Client, page: Page) -> None:
    text = "Один &lt;script&gt;canary()&lt;/script&gt; для тексту"
    for path in ("lead", "ask"):
        assert put(admin, page, segment_at(page, path), text).json()["error"] is None
    with_tags = f'{text} <b>це</b> <a id="a1">тут</a>'
    assert put(admin, page, segment_at(page, source_path(page)), with_tags).json()["error"] is None
    admin.post(address(page), {"action": "publish"})
    html = Client().get(page.url).content.decode()
    assert html.count("&lt;script&gt;canary()") >= 3
    assert "<script>canary" not in html
