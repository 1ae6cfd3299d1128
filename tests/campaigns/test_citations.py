"""What others said and published: in their own language, and explained in the reader's."""

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail_localize.models import TranslationSource

from campaigns.blocks.citations import QuoteBlock, SourceBlock
from campaigns.blocks.content import CorrectionBlock
from campaigns.checks import problems
from campaigns.models import CampaignPage, CityName, TieEvent
from campaigns.tables.reading import DataFileError
from launches.csv_file import parse
from launches.rows import LaunchRow
from tests.support.factories import evidence, publish, quote, shown
from tests.support.kinds import SmallSite
from translations.languages import names as languages
from translations.submission import submit

SPOKEN = "Не мовчіть."
TRANSLATED = {"en": "Don’t be silent.", "uk": "Не будьте тихі."}
CREDIT = {"en": "a reader", "uk": "читачка"}


def put(site: SmallSite, language: str, *body: Any) -> BeautifulSoup:
    page = CampaignPage.objects.get(pk=site["campaign"][language].pk)
    page.body = body
    return read(publish(page).url)


def read(address: str) -> BeautifulSoup:
    return BeautifulSoup(Client().get(address).content.decode(), "html.parser")


def said(language: str, **changes: Any) -> tuple[str, dict[str, Any]]:
    original = {"original_language": "uk", "original_words": SPOKEN}
    return "quote", {
        **quote(TRANSLATED[language]),
        **original,
        "translator": CREDIT[language],
        **changes,
    }


def cited(**changes: str) -> tuple[str, dict[str, Any]]:
    block = evidence("Heading", "")
    block["sources"][0].update(changes)
    return "evidence", block


def test_a_page_in_the_language_of_a_quote_shows_the_original_alone(site: SmallSite) -> None:
    figure = put(site, "uk", said("uk")).select_one("figure.quote")
    assert figure is not None
    assert [each.get_text() for each in figure.select("blockquote")] == [SPOKEN]
    assert "переклад" not in figure.get_text()
    assert CREDIT["uk"] not in figure.get_text()


def test_elsewhere_a_quote_says_what_it_is_translated_from_and_by_whom(
    site: SmallSite,
) -> None:
    figure = put(site, "en", said("en")).select_one("figure.quote")
    assert figure is not None
    assert "(translated from Ukrainian; translator: a reader)" in figure.get_text()
    original = figure.select_one("details blockquote")
    assert original is not None
    assert (original["lang"], original.get_text()) == ("uk", SPOKEN)
    assert figure.select_one("blockquote").get_text() == TRANSLATED["en"]  # type: ignore[union-attr]


def test_a_language_is_named_as_the_readers_language_wants(site: SmallSite) -> None:
    figure = put(site, "uk", said("uk", original_language="en", original_words="Speak."))
    assert "(переклад з англійської; автор перекладу: читачка)" in figure.get_text()


def test_a_quote_without_its_original_promises_none(site: SmallSite) -> None:
    figure = put(site, "en", said("en", original_words="", translator="")).select_one("figure")
    assert figure is not None
    assert "(translated from Ukrainian)" in figure.get_text()
    assert figure.find("details") is None


def test_a_quote_of_unknown_language_is_shown_as_it_is(site: SmallSite) -> None:
    figure = put(site, "en", said("en", original_language="", original_words=""))
    assert "translated" not in figure.select_one("figure.quote").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize(("language", "words"), [("", "Speak."), ("xx", ""), ("en", "Не мовчіть.")])
def test_original_words_need_a_language_that_they_can_be_in(language: str, words: str) -> None:
    block = QuoteBlock()
    value = {**quote("Words"), "original_language": language, "original_words": words}
    with pytest.raises(StructBlockValidationError) as caught:
        block.clean(block.normalize(value))
    assert list(caught.value.block_errors) == ["original_language"]


def test_a_source_keeps_its_title_and_says_what_it_means(site: SmallSite) -> None:
    source = {"title": "A report", "language": "en", "meaning": "Звіт"}
    ukrainian = put(site, "uk", cited(**source)).select_one(".sources li")
    assert ukrainian is not None
    assert "A report (Звіт), A publisher" in ukrainian.get_text()
    marked = [each.get_text() for each in ukrainian.select('[lang="en"]')]
    assert marked == ["A report", "A publisher"]
    english = put(site, "en", cited(**source)).select_one(".sources li")
    assert english is not None
    assert "(" not in english.get_text()
    assert not english.select("[lang]")


def test_translators_say_what_a_title_means_and_leave_the_title(site: SmallSite) -> None:
    put(site, "en", cited(title="A report"))
    english = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    source, _created = TranslationSource.update_or_create_from_instance(english)
    ukrainian = submit(english, site["campaign"]["uk"].locale)
    po = source.export_po()
    (entry,) = [entry for entry in ukrainian.export_po() if entry.msgid == "A report"]
    assert entry.msgctxt.endswith(".meaning")
    assert "A publisher" not in {entry.msgid for entry in po}
    translated = ukrainian.export_po()
    for each in translated:
        each.msgstr = "Звіт" if each.msgid == "A report" else f"ПЕРЕКЛАД {each.msgid}"
    ukrainian.import_po(translated)
    ukrainian.save_target(publish=True)
    (block,) = CampaignPage.objects.get(pk=site["campaign"]["uk"].pk).body
    stored = block.value["sources"][0]
    assert (stored["title"], stored["meaning"]) == ("A report", "Звіт")


def test_a_source_in_cyrillic_letters_is_not_called_english() -> None:
    block = SourceBlock()
    value = {"title": "Звіт", "publisher": "Видання", "language": "en"}
    with pytest.raises(StructBlockValidationError) as caught:
        block.clean(block.normalize(value))
    assert list(caught.value.block_errors) == ["language"]
    assert block.clean(block.normalize({**value, "language": "uk"}))["title"] == "Звіт"
    event = TieEvent(source_title="Звіт", source_publisher="Видання", source_language="en")
    with pytest.raises(ValidationError, match="not written in the letters"):
        event.clean()


def test_an_editor_is_told_what_readers_would_miss(site: SmallSite) -> None:
    put(
        site,
        "en",
        said("en", original_language="", original_words=""),
        said("en", original_words=""),
        cited(title="Звіт", language="uk"),
        said("en"),
        cited(),
    )
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    found = [problem for problem in problems(page) if problem.message.startswith("Block")]
    assert [problem.message.split(": ", 1)[1].split(" ")[0] for problem in found] == [
        *("say", "add", "say"),
    ]
    assert not any(problem.is_severe for problem in found)


def test_every_language_is_offered_by_name_in_the_order_of_the_readers_alphabet() -> None:
    with translation.override("uk"):
        names = [name for _code, name in languages.choices()]
    assert names[:2] == ["Азербайджанська", "Англійська"]
    assert names.index("Іврит") < names.index("Іспанська") < names.index("Казахська")
    assert ("uk", "Ukrainian") in languages.choices()


def test_every_language_is_known_and_has_its_phrase_in_ukrainian() -> None:
    with translation.override("uk"):
        phrases = {code: languages.translated_from(code) for code in languages.TRANSLATED_FROM}
        assert languages.translated_from("ga") == "переклад; мова оригіналу: Ірландська"
    assert all(phrase.startswith("переклад ") for phrase in phrases.values())
    assert len(set(phrases.values())) == len(phrases)


def test_a_tie_is_told_of_in_the_language_of_its_source(site: SmallSite) -> None:
    page = site["portland"]["uk"]
    soup = read(page.url)
    marked = [each.get_text() for each in soup.select('.tie [lang="en"], .timeline [lang="en"]')]
    assert marked == ["The Oregonian", "An article", "The Oregonian"]
    TieEvent.objects.update(source_title="Стаття", source_language="uk")
    soup = read(page.url)
    # The publisher's name is in no language that its letters would tell.
    assert [each["lang"] for each in soup.select(".tie [lang], .timeline [lang]")] == ["", ""]


def test_what_a_signer_wrote_carries_the_language_it_was_signed_in(site: SmallSite) -> None:
    changes: dict[str, Any] = {"comment": "Please act.", "name": "Mary"}
    shown(site["portland"]["en"], **changes)
    shown(site["portland"]["uk"], "other@example.org", name="Mary")
    marked = [
        (each["lang"], each.get_text())
        for each in read(site["portland"]["uk"].url).select(
            ".petition__rest > :not(.timeline) [lang]"
        )
    ]
    # Signed in Ukrainian with a name in other letters: nobody knows its language.
    assert set(marked) == {("", "Mary"), ("en", "Mary"), ("en", "Please act.")}


def test_a_name_without_translation_is_marked_wherever_it_is_read(site: SmallSite) -> None:
    CityName.objects.filter(locale__language_code="uk", name="Портленд").delete()
    for address in ("/uk/", "/uk/end-ties/cities/", site["portland"]["uk"].url):
        page = read(address)
        places = page.find_all(string=lambda text: "Portland" in text or "Oregon" in text)
        read_aloud = [place for place in places if place.find_parent("body")]
        assert read_aloud, address
        assert all(place.find_parent(attrs={"lang": "en"}) for place in read_aloud), address
    heading = read(site["portland"]["uk"].url).h1
    assert heading is not None
    assert "of Portland" in [each.get_text() for each in heading.select('[lang="en"]')]


def test_a_name_cannot_bring_markup_into_a_sentence(site: SmallSite) -> None:
    CityName.objects.filter(locale__language_code="uk", name="Портленд").delete()
    CityName.objects.filter(name="Portland").update(of_form="of <b>Portland</b> & “x”")
    html = Client().get(site["portland"]["uk"].url).content.decode()
    assert '<span lang="en">of &lt;b&gt;Portland&lt;/b&gt; &amp; “x”</span>' in html
    assert "<b>Portland" not in html


HEADER = (
    "city,state,sister_city,sister_region,since,status,status_date,"
    "source_title,source_publisher,source_url"
)
ROW = "Portland,Oregon,Khabarovsk,Krai,1988,active,2022-06-04,{title},Видання,"


def launched(title: str, *language: str) -> str:
    header = HEADER + (",source_language" if language else "")
    row = ",".join([ROW.format(title=title), *language])
    (read_row,) = parse("cities.csv", f"{header}\n{row}\n".encode(), [])
    return LaunchRow.from_json(read_row.as_json()).source_language


def test_a_table_of_cities_may_say_the_language_of_its_sources() -> None:
    assert launched("A report") == "en"
    assert launched("A report", "") == "en"
    assert launched("Звіт", "uk") == "uk"


@pytest.mark.parametrize(
    ("title", "language", "complaint"),
    [("A report", "xx", "no known language"), ("Звіт", "en", "not written in the letters")],
)
def test_a_language_that_cannot_be_is_told_with_its_line(
    title: str, language: str, complaint: str
) -> None:
    with pytest.raises(DataFileError, match=f"line 2, source_language: .*{complaint}"):
        launched(title, language)


def test_nothing_is_corrected_on_a_day_that_has_not_come() -> None:
    value = {"date": date(2100, 1, 1), "wrong": "9", "right": "12"}
    block = CorrectionBlock()
    with pytest.raises(StructBlockValidationError) as refused:
        block.clean(block.to_python(value))
    assert set(refused.value.block_errors) == {"date"}
    assert block.clean(block.to_python(value | {"date": date(2024, 1, 1)}))["right"] == "12"
