"""The glossary: what is found, what is against it, and where that shows."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from wagtail.models import Locale, Page
from wagtail_localize.models import StringSegment, StringTranslation, Translation

from campaigns.models import CampaignPage
from demo.content import ContentError, Item
from demo.glossary import build_glossary
from tests.support.editor import address, publish_in_bulk
from tests.support.kinds import Response, SmallSite
from tests.support.logins import login
from tests.support.translating import translate_all
from tests.translation_desk.storing import store
from translation_desk.glossary.matching import Glossary, GlossaryEntry
from translation_desk.models import GlossaryTerm, GlossaryTranslation
from translation_desk.notes import date_in_words, notes_of
from translation_desk.status import statuses
from translations.gaps import translation_of
from translations.submission import submit

KEPT = GlossaryTerm.Kind.KEPT
TRANSLATIONS = "/admin/snippets/translation_desk/glossarytranslation/"


def glossary(*terms: tuple[str, str]) -> Glossary:
    """Of terms and their accepted forms with commas between; “=” keeps a term as it is."""
    entries = []
    for number, (name, forms) in enumerate(terms):
        kind = KEPT if forms == "=" else GlossaryTerm.Kind.TERM
        accepted = () if kind == KEPT else tuple(form for form in forms.split(",") if form)
        entries.append(GlossaryEntry(GlossaryTerm(pk=number, term=name, kind=kind), accepted))
    return Glossary(entries)


def found(words: Glossary, source: str) -> list[str]:
    return [entry.term.term for entry in words.terms_in(source)]


SISTERS = glossary(
    ("sister city", "місто-побратим,міст* побратим*"),
    ("sister-city tie", "побратимств*"),
    ("Sister Cities International", "="),
    ("OHCHR", "="),
    ("WHO", "="),
    ("withdrawal", "відклик*"),
    ("people’s choice", "вибір людей"),
    ("city", ""),
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Our Sister City", ["sister city"]),
        ("two sister cities, and one more", ["sister city"]),
        ("a sister-city visit", ["sister city"]),
        ("a sister\u00a0city’s mayor", ["sister city"]),
        ("a <b>sister</b>\n<i>city</i>", ["sister city"]),
        ("a sister&nbsp;city", ["sister city"]),
        ("the sister-city ties", ["sister-city tie"]),
        ("Sister Cities International and a sister city", ["Sister Cities International", "sister city"]),
        ("My sister. City life", ["city"]),
        ("persistercity", []),
        ("end it {with_sister_city}", []),
        ("<a id='sister city'>here</a>", []),
        ("the OHCHR's report", ["OHCHR"]),
        ("he who asks", []),
        ("the WHO asks", ["WHO"]),
        ("Withdrawals", ["withdrawal"]),
        ("the people's choice", ["people’s choice"]),
        ("", []),
    ],
)  # fmt: skip
def test_a_term_is_found_as_whole_words_however_it_is_written(
    source: str, expected: list[str]
) -> None:
    assert found(SISTERS, source) == expected


@pytest.mark.parametrize(
    "translation",
    [
        "МІСТО-ПОБРАТИМ",
        "між містами-побратимами",
        "<b>міста</b> побратими",
        "мі\u0301сто\u00ad-побратим",
    ],
)
def test_an_accepted_form_is_found_with_its_endings(translation: str) -> None:
    assert SISTERS.broken_in("sister city", translation) == []


@pytest.mark.parametrize(
    "translation", ["сестринське місто", "місто. Побратим", "містопобратим", ""]
)
def test_another_wording_is_against_the_glossary(translation: str) -> None:
    [broken] = SISTERS.broken_in("sister city", translation)
    assert broken.expected == "місто-побратим"


@pytest.mark.parametrize("kept", ["звіт OHCHR", "звіт OHCHR-у", "звіт OHCHR’а", "звіт OHCHR'а"])
def test_a_name_that_stays_may_take_an_ending(kept: str) -> None:
    assert SISTERS.broken_in("a report by OHCHR", kept) == []
    [broken] = SISTERS.broken_in("a report by OHCHR", "звіт УВКПЛ")
    assert (broken.is_kept, broken.expected) == (True, "OHCHR")


def test_a_term_without_a_translation_demands_nothing() -> None:
    assert SISTERS.broken_in("a city", "село") == []


@pytest.mark.parametrize("forms", ["*", "місто\n*", "мі*сто", "місто *", "—", "a\n-*"])
def test_forms_that_match_anything_are_refused(db: None, forms: str) -> None:
    term = GlossaryTerm.objects.create(term="city")
    locale = Locale.objects.get_or_create(language_code="uk")[0]
    with pytest.raises(ValidationError):
        GlossaryTranslation(term=term, locale=locale, forms=forms).full_clean()


def test_a_term_stands_in_the_glossary_once_in_any_case(db: None) -> None:
    GlossaryTerm.objects.create(term="City")
    with pytest.raises(ValidationError, match="already"):
        GlossaryTerm(term="city").full_clean()


@pytest.fixture
def terms(campaign_pages: dict[str, CampaignPage]) -> None:
    """“Ties” are зв’язки; “Mayors” stay."""
    tie = GlossaryTerm.objects.create(term="tie", note="Of two cities.")
    locale = campaign_pages["uk"].locale
    GlossaryTranslation.objects.create(term=tie, locale=locale, forms="звʼязок\nзв’язк*")
    GlossaryTerm.objects.create(term="Mayor", kind=KEPT)


def described(html: str) -> list[dict[str, Any]]:
    """What the editor's script is told of the stored translations."""
    [props] = re.findall(r'js-translation-editor" data-props="([^"]*)"', html)
    return json.loads(unescape(props))["initialStringTranslations"]


def test_the_editor_of_a_translation_names_months_in_the_translators_language() -> None:
    shown = {"comment": "Перекладено вручну 5 November 2026"}
    with override("uk"):
        date_in_words(shown)
    assert shown["comment"] == "Перекладено вручну 5\u00a0листопада 2026\xa0р."


@pytest.mark.usefixtures("terms")
def test_the_editor_of_a_translation_shows_what_is_against_the_glossary(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    store(page, "title", "Розірвіть дружбу")
    store(page, "ask", "Розірвіть усі зв’язки.")
    html = admin.get(address(page)).content.decode()
    assert "1 text against the glossary." in html
    assert "The glossary has “звʼязок” for “tie”.</strong>" in html
    assert "Розірвіть дружбу</textarea>" in html
    [beside] = [each for each in described(html) if each["data"] == "Розірвіть дружбу"]
    assert beside["comment"].endswith("The glossary has “звʼязок” for “tie”.")
    assert "2 terms of the glossary are in these texts" in html
    assert "Of two cities." in html
    assert html.index('id="notes"') < html.index("js-translation-editor")


@pytest.mark.usefixtures("terms")
def test_the_editor_of_a_citys_name_shows_the_glossary_too(admin: Client, site: SmallSite) -> None:
    names = site["portland"]["en"].tie.city.names
    GlossaryTerm.objects.create(term="Portland", kind=KEPT)
    submit(names.get(locale__language_code="en"), Locale.objects.get(language_code="uk"))
    name = names.get(locale__language_code="uk")
    translation = translation_of(name)
    assert translation
    for segment in translation.source.stringsegment_set.all():
        StringTranslation.objects.create(
            translation_of=segment.string,
            locale=name.locale,
            context=segment.context,
            data="Портленд",
        )
    html = admin.get(f"/admin/snippets/campaigns/cityname/edit/{name.pk}/").content.decode()
    assert "The glossary keeps “Portland” as it is." in html


@pytest.mark.usefixtures("terms")
def test_saving_a_text_says_at_once_what_the_glossary_says(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    page = campaign_pages["uk"]
    translation = translation_of(page)
    assert translation
    segment = StringSegment.objects.get(source=translation.source, context__path="title")
    edit = f"/admin/localize/translate/{translation.pk}/strings/{segment.pk}/edit/"

    def save(value: str) -> dict[str, Any]:
        from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

        body = encode_multipart(BOUNDARY, {"value": value})
        return admin.put(edit, body, content_type=MULTIPART_CONTENT).json()

    assert "“звʼязок” for “tie”" in save("Розірвіть дружбу")["comment"]
    assert "glossary" not in save("Розірвіть зв’язки")["comment"]
    assert admin.delete(edit).status_code == 200


def publish_one(admin: Client, page: CampaignPage) -> Response:
    return admin.post(address(page), {"action": "publish"}, follow=True)


@pytest.mark.usefixtures("terms")
@pytest.mark.parametrize("publish_it", [publish_one, publish_in_bulk])
def test_publishing_warns_of_the_glossary_and_is_not_refused(
    admin: Client, campaign_pages: dict[str, CampaignPage], publish_it: Callable[[Client, Any], Any]
) -> None:
    page = campaign_pages["uk"]
    translate_all(page)
    html = publish_it(admin, page).text
    assert "texts that should be looked at" in html
    assert "The glossary has “звʼязок” for “tie”." in html
    page.refresh_from_db()
    assert page.title.startswith("УКР title")


@pytest.mark.usefixtures("terms")
def test_the_report_of_languages_counts_what_is_against_the_glossary(
    admin: Client, campaign_pages: dict[str, CampaignPage]
) -> None:
    english, ukrainian = campaign_pages["en"], campaign_pages["uk"]
    store(ukrainian, "title", "Розірвіть дружбу")
    store(ukrainian, "ask", "Розірвіть усі зв’язки.")
    cell = statuses([english], [ukrainian.locale])[english.pk]["uk"]
    assert cell.broken == 1
    html = admin.get("/admin/reports/languages/").content.decode()
    assert "1 text against the glossary" in html
    export = admin.get("/admin/reports/languages/?export=csv").getvalue().decode()
    assert "Ukrainian: Texts against the glossary" in export


def test_a_bigger_glossary_takes_no_more_queries(
    campaign_pages: dict[str, CampaignPage], admin: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            statuses(Page.objects.filter(locale__language_code="en"), [campaign_pages["uk"].locale])
            translation = translation_of(campaign_pages["uk"])
            assert translation
            notes_of(translation, CampaignPage)
        return len(asked)

    few = queries()
    locale = campaign_pages["uk"].locale
    for number in range(20):
        term = GlossaryTerm.objects.create(term=f"tie {number}")
        GlossaryTranslation.objects.create(term=term, locale=locale, forms="звʼязок")
    # Its translations are only asked for where there are terms.
    assert queries() <= few + 2
    many = queries()
    for number in range(20, 60):
        GlossaryTerm.objects.create(term=f"tie {number}")
    assert queries() == many


def test_a_translator_edits_the_terms_of_their_own_languages_alone(site: SmallSite) -> None:
    client = login("translator", "uk")
    term = GlossaryTerm.objects.create(term="tie")
    polish = Locale.objects.create(language_code="pl")
    ukrainian = Locale.objects.get(language_code="uk")
    foreign = GlossaryTranslation.objects.create(term=term, locale=polish, forms="partnerstwo")
    new = {"term": term.pk, "locale": ukrainian.pk, "forms": "звʼязок"}
    client.post(f"{TRANSLATIONS}add/", new)
    own = GlossaryTranslation.objects.get(locale=ukrainian)
    client.post(f"{TRANSLATIONS}edit/{own.pk}/", {**new, "forms": "побратимство"})
    own.refresh_from_db()
    assert own.forms == "побратимство"
    assert "partnerstwo" not in client.get(TRANSLATIONS).content.decode()
    assert client.get(f"{TRANSLATIONS}edit/{foreign.pk}/").status_code == 302
    client.post(f"{TRANSLATIONS}edit/{foreign.pk}/", {**new, "locale": polish.pk})
    client.post(f"{TRANSLATIONS}edit/{own.pk}/", {**new, "locale": polish.pk})
    client.post(f"{TRANSLATIONS}delete/{own.pk}/")
    client.post("/admin/snippets/translation_desk/glossaryterm/add/", {"term": "x", "kind": "term"})
    assert set(GlossaryTranslation.objects.values_list("locale", "forms")) == {
        (polish.pk, "partnerstwo"),
        (ukrainian.pk, "побратимство"),
    }
    assert GlossaryTerm.objects.count() == 1


def test_an_editor_adds_and_takes_out_terms(site: SmallSite) -> None:
    client = login("editor", "end-ties")
    client.post(
        "/admin/snippets/translation_desk/glossaryterm/add/", {"term": "tie", "kind": "term"}
    )
    term = GlossaryTerm.objects.get()
    assert (
        "tie" in client.get("/admin/snippets/translation_desk/glossaryterm/?q=TIE").content.decode()
    )
    client.post(f"/admin/snippets/translation_desk/glossaryterm/delete/{term.pk}/")
    assert not GlossaryTerm.objects.exists()


@pytest.mark.any_database
def test_the_demo_keeps_to_its_own_glossary(demo: None, db: None) -> None:
    found: set[str] = set()
    for translation in Translation.objects.all():
        notes = notes_of(translation, type(translation.get_target_instance()))
        assert [(note.source, note.remarks) for note in notes.broken] == []
        found |= {entry.term.term for entry in notes.terms}
    assert {"sister city", "sister-city tie", "withdraw", "Novator", "KRLD"} <= found
    before = set(GlossaryTranslation.objects.values_list("pk", "forms"))
    changed = GlossaryTranslation.objects.get(term__term="withdraw")
    changed.forms = "відкликати"
    changed.save()
    call_command("seed_demo")
    after = set(GlossaryTranslation.objects.values_list("pk", "forms"))
    assert {pk for pk, _forms in after} == {pk for pk, _forms in before}
    assert (changed.pk, "відкликати") in after


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("- term: a\n  kind: wrong", (1, 3), "wrong"),
        ("- term: a\n  kind: term\n  de: [b]", (3, 7), "has no “de”"),
        ("- term: a\n  kind: term\n  uk: ['*']", (3, 7), "Write a word"),
        ("- term: a\n  kind: term\n  uk: b", (3, 7), "a list"),
        ("- kind: term", (1, 3), "“term” is missing"),
        ("term: a", (1, 1), "a list"),
    ],
)
def test_a_mistake_in_the_demos_glossary_is_told_with_its_place(
    db: None, tmp_path: Path, text: str, place: tuple[int, int], reason: str
) -> None:
    for code in ("en", "uk"):
        Locale.objects.get_or_create(language_code=code)
    path = tmp_path / "glossary.yaml"
    path.write_text(text)
    with pytest.raises(ContentError, match=re.escape(reason)) as caught:
        build_glossary(Item.read(path, ("en", "uk")))
    assert (caught.value.line, caught.value.column) == place
