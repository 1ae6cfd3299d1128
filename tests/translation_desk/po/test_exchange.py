"""Translators work outside and lose nothing; they see what changes before it does."""

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.utils.translation import override
from wagtail.models import PageLogEntry
from wagtail_localize.models import StringTranslation, Translation

from accounts.roles import TRANSLATORS
from campaigns.models import CampaignPage
from staff.assigning import assign
from tests.support.factories import make_user, publish
from tests.support.kinds import SmallSite
from tests.support.po import (
    address,
    as_poedit_saves,
    confirm,
    download,
    fill,
    many,
    stored,
    ukrainian,
    unzip,
    upload,
    words,
)
from translation_desk.po.archives import pack
from translations.submission import submit


def test_a_page_s_file_holds_every_text_once_with_its_place_in_words(
    translator: Client, work: dict[str, Translation]
) -> None:
    po = download(translator, work["campaign"])
    keys = [(entry.msgctxt, entry.msgid) for entry in po]
    assert len(set(keys)) == len(keys)
    segments = work["campaign"].source.stringsegment_set
    assert len(keys) == segments.values("string", "context").distinct().count()
    by_text = {entry.msgid: entry.comment.replace("\n", " ") for entry in po}
    assert by_text["Who?"] == (
        "Body › Questions and answers (7): Questions › Questions › Question (1): Who? › Question"
    )
    assert by_text["End all ties."] == "Ask What a signer demands."
    assert po.metadata["Project-Id-Version"] == "End the ties"
    assert po.metadata["Language"] == "uk"
    assert po.metadata["X-Source-Language"] == "en"


def test_a_link_s_address_stands_beside_its_text(
    translator: Client, site: SmallSite, work: dict[str, Translation]
) -> None:
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    page.body = [("text", '<p>Read <a href="https://reports.example/1">this</a>.</p>')]
    publish(page)
    entry = next(each for each in download(translator, work["campaign"]) if "Read" in each.msgid)
    assert entry.msgid == 'Read <a id="a1">this</a>.'
    assert "a1 = https://reports.example/1" in entry.comment


def test_what_is_translated_in_poedit_comes_back_without_loss(
    translator: Client, work: dict[str, Translation]
) -> None:
    po = download(translator, work["campaign"])
    wanted = {(entry.msgctxt, entry.msgid): ukrainian(entry) for entry in po}
    seen = upload(translator, address(work["campaign"]), as_poedit_saves(po))
    assert f"{len(wanted)} texts will change" in words(seen)
    assert stored(work["campaign"]) == {}
    answer = confirm(translator, address(work["campaign"]), seen)
    assert f"{len(wanted)} texts are stored" in words(answer)
    assert stored(work["campaign"]) == wanted
    again = download(translator, work["campaign"])
    assert {(entry.msgctxt, entry.msgid): entry.msgstr for entry in again} == wanted


def test_a_whole_campaign_travels_in_one_zip_file_and_comes_back_without_loss(
    translator: Client, work: dict[str, Translation], campaign: CampaignPage
) -> None:
    response = translator.get(f"{many(campaign)}download/")
    files = unzip(response.content)
    assert sorted(files) == [
        "cities/khabarovsk-khabarovsk-krai.po",
        "cities/portland-oregon.po",
        "pages/end-ties.po",
    ]
    texts = [(name, as_poedit_saves(po)) for name, po in files.items()]
    seen = upload(translator, many(campaign), pack(texts), "end-ties.zip")
    assert not any(map(stored, work.values()))
    confirm(translator, many(campaign), seen)
    for name in ("campaign", "Portland", "Khabarovsk"):
        assert set(stored(work[name]).values()) == {
            ukrainian(entry) for entry in download(translator, work[name])
        }
    again = translator.get(f"{many(campaign)}download/").content
    unchanged = upload(translator, many(campaign), again, "end-ties.zip")
    assert "Nothing will change. 3 files bring nothing new." in words(unchanged)


def test_the_pages_of_no_campaign_travel_together(
    translator: Client, site: SmallSite, work: dict[str, Translation]
) -> None:
    files = unzip(translator.get(f"{many(site['home']['en'])}download/").content)
    assert sorted(files) == ["pages/about.po", "pages/home.po"]


def test_one_file_of_the_zip_file_is_taken_by_itself(
    translator: Client, work: dict[str, Translation], campaign: CampaignPage
) -> None:
    seen = upload(
        translator, many(campaign), as_poedit_saves(download(translator, work["Portland"]))
    )
    confirm(translator, many(campaign), seen)
    assert len(stored(work["Portland"])) == 5
    assert stored(work["campaign"]) == {}


@pytest.mark.parametrize("choice", [{}, {"show_names": "on"}])
def test_a_complete_name_of_a_city_shows_only_if_one_chooses_so(
    translator: Client, site: SmallSite, work: dict[str, Translation], choice: dict[str, str]
) -> None:
    names = site["portland"]["en"].tie.city.names
    names.get(locale__language_code="uk").delete()
    english = names.get(locale__language_code="en")
    work["Portland"] = submit(english, work["campaign"].target_locale)
    seen = upload(
        translator,
        address(work["Portland"]),
        as_poedit_saves(download(translator, work["Portland"]), lambda entry: f"УКР {entry.msgid}"),
    )
    assert "Show names of cities at once" in words(seen)
    translator.post(address(work["Portland"]), {"plan": seen.context["plan"], **choice})
    assert len(stored(work["Portland"])) == 5
    shown = names.filter(locale__language_code="uk").values_list("name", flat=True)
    assert list(shown) == (["УКР Portland"] if choice else [])


def test_a_name_with_a_gap_does_not_show(
    translator: Client, site: SmallSite, work: dict[str, Translation]
) -> None:
    po = download(translator, work["Portland"])
    po[0].msgstr = "Портленд-новий"
    seen = upload(translator, address(work["Portland"]), po)
    plan = {"plan": seen.context["plan"], "show_names": "on"}
    answer = translator.post(address(work["Portland"]), plan, follow=True)
    assert "Portland, Oregon . Not all texts of the name are translated yet." in words(seen)
    assert "show now" not in words(answer)
    assert "Stored, but not shown: Portland, Oregon. Not all texts of the name" in words(answer)
    assert site["portland"]["en"].tie.city.name_in("uk").name == "Портленд"


@pytest.mark.parametrize("may_publish", [False, True])
def test_a_name_that_its_sender_may_not_show_is_told_before_and_after(
    site: SmallSite, work: dict[str, Translation], campaign: CampaignPage, may_publish: bool
) -> None:
    user, client = make_user("ivan"), Client()
    assign(user, TRANSLATORS, "uk", publish=may_publish)
    client.force_login(user)
    files = unzip(client.get(f"{many(campaign)}download/").content)
    names = {path: po for path, po in files.items() if path.startswith("cities/")}
    texts = [
        (path, as_poedit_saves(po, lambda entry: f"УКР {entry.msgid}"))
        for path, po in names.items()
    ]
    seen = upload(client, many(campaign), pack(texts), "names.zip")
    reason = "Visitors would see this at once, and you may not publish all that it touches."
    assert (reason in words(seen)) is not may_publish
    assert ("Show names of cities at once" in words(seen)) is may_publish
    plan = {"plan": seen.context["plan"], "show_names": "on"}
    answer = client.post(many(campaign), plan, follow=True)
    cities = "Khabarovsk, Khabarovsk Krai; Portland, Oregon"
    assert (f"Stored, but not shown: {cities}. {reason}" in words(answer)) is not may_publish
    shown = site["portland"]["en"].tie.city.name_in("uk").name
    assert shown == ("УКР Portland" if may_publish else "Портленд")
    assert stored(work["Portland"])


def test_before_anything_changes_it_is_shown_what_will(
    translator: Client, work: dict[str, Translation]
) -> None:
    fill(work["campaign"], "ask", "Розірвіть усе")
    fill(work["campaign"], "lead", "Вступ")
    po = download(translator, work["campaign"])
    by_path = {entry.msgctxt: entry for entry in po}
    by_path["ask"].msgstr = "Розірвіть усі звʼязки"
    by_path["starter"].msgstr = "громадянка"
    seen = upload(translator, address(work["campaign"]), po)
    said = words(seen)
    assert "New: 1. Changed: 1. Unchanged: 1." in said
    assert "Source: End all ties. So far: Розірвіть усе Then: Розірвіть усі звʼязки" in said
    assert "Source: a citizen Then: громадянка" in said
    assert "Вступ" not in said
    assert len(stored(work["campaign"])) == 2


def test_what_is_not_ready_empty_unknown_or_unfit_is_left_out_with_a_reason(
    translator: Client, work: dict[str, Translation]
) -> None:
    fill(work["campaign"], "lead", "Вступ")
    po = download(translator, work["campaign"])
    by_path = {entry.msgctxt: entry for entry in po}
    by_path["lead"].msgstr = ""
    by_path["ask"].msgstr, by_path["ask"].flags = "Чернетка", ["fuzzy"]
    by_path["title"].msgstr = "Т" * 256
    by_path["consent_text"].msgstr = "<script>alert(1)</script>"
    by_path["city_ask"].msgstr = "Розірвіть {everything}"
    by_path["recipients"].msgid, by_path["recipients"].msgstr = "Older words", "Мери"
    by_path["starter"].msgctxt, by_path["starter"].msgstr = "gone", "громадянка"
    by_path["city_recipient"].msgid_plural = "Mayors"
    by_path["city_recipient"].msgstr_plural = {0: "мер", 1: "мери"}
    by_path["city_heading"].msgstr = "Мере {of_city}"
    seen = upload(translator, address(work["campaign"]), po)
    said = words(seen)
    assert "New: 1. Changed: 0." in said
    assert "Not taken: 7." in said, said
    for reason in (
        "marked as needing work",
        "at most 255 characters",
        "Not in it: <script> </script>",
        "There is no placeholder {everything}",
        "The source has changed since the download",
        "no longer on the page",
        "no plural forms",
    ):
        assert reason in said
    confirm(translator, address(work["campaign"]), seen)
    assert set(stored(work["campaign"]).values()) == {"Вступ", "Мере {of_city}"}


def test_a_text_offered_by_the_memory_counts_only_once_a_person_accepts_it(
    translator: Client, work: dict[str, Translation]
) -> None:
    row = fill(work["campaign"], "lead", "Вступ", translation_type="machine")
    po = download(translator, work["campaign"])
    entry = next(each for each in po if each.msgctxt == "lead")
    assert entry.fuzzy
    assert "Nothing will change" in words(upload(translator, address(work["campaign"]), po))
    entry.flags = []
    seen = upload(translator, address(work["campaign"]), po)
    assert "accepted" in words(seen)
    confirm(translator, address(work["campaign"]), seen)
    row.refresh_from_db()
    assert (row.data, row.translation_type, row.tool_name) == ("Вступ", "manual", "PO file")


def test_what_is_stored_is_the_translator_s_and_not_yet_public(
    translator: Client, site: SmallSite, work: dict[str, Translation]
) -> None:
    page = CampaignPage.objects.get(pk=site["campaign"]["uk"].pk)
    before = Client().get(page.url).content
    po = as_poedit_saves(download(translator, work["campaign"]))
    seen = upload(translator, address(work["campaign"]), po, "від Лесі.po")
    confirm(translator, address(work["campaign"]), seen)
    rows = StringTranslation.objects.filter(context__object_id=page.translation_key)
    assert {(row.last_translated_by.username, row.tool_name) for row in rows} == {
        ("translator", "PO file")
    }
    assert Client().get(page.url).content == before
    page.refresh_from_db()
    assert page.draft_title == ukrainian_title(rows)
    entry = PageLogEntry.objects.get(action="campaigns.take_po")
    assert (entry.user.username, entry.page_id) == ("translator", page.pk)
    with override("en"):
        told = f"{rows.count()} translations taken from the PO file від Лесі.po"
        assert entry.message == told


def ukrainian_title(rows: QuerySet[StringTranslation]) -> str:
    return str(rows.get(context__path="title").data)


def test_if_somebody_translates_meanwhile_nothing_is_stored_and_it_is_shown_again(
    translator: Client, work: dict[str, Translation]
) -> None:
    po = download(translator, work["campaign"])
    seen = upload(translator, address(work["campaign"]), as_poedit_saves(po))
    fill(work["campaign"], "ask", "Слова колеги")
    again = confirm(translator, address(work["campaign"]), seen)
    assert "somebody has changed these texts since you looked" in words(again)
    assert "So far: Слова колеги" in words(again)
    assert list(stored(work["campaign"]).values()) == ["Слова колеги"]
    confirm(translator, address(work["campaign"]), again)
    assert len(stored(work["campaign"])) == len(po) - 1


def test_if_the_source_changes_meanwhile_nothing_is_stored(
    translator: Client, work: dict[str, Translation], campaign: CampaignPage
) -> None:
    seen = upload(
        translator,
        address(work["campaign"]),
        as_poedit_saves(download(translator, work["campaign"])),
    )
    page = CampaignPage.objects.get(pk=campaign.pk)
    page.ask = "Another demand."
    publish(page)
    again = confirm(translator, address(work["campaign"]), seen)
    assert "The source has changed since the download" in words(again)
    assert stored(work["campaign"]) == {}
