import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import (
    gettext,
    ngettext,
    override,
    pgettext,
    to_locale,
    trans_real,
)
from pytest_django import Settings

from translations.languages.catalogues import extract
from translations.management.commands.makemessages import message_problem

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

# Translators: A button: put your name to the petition.
TITLE = _("Sign")
MAY = pgettext("month", "May")

def count(number):
    return ngettext("%(number)s city", "%(number)s cities", number) % {"number": number}
"""
TEMPLATE = """{% load i18n %}
<p>
    {% translate "Why people sign" %}
        {# Translators: Leads to the news. #}
        {% if title %}{{ _("Read more") }}{% endif %}
    {% translate "May" context "permission" as may %}
    {% blocktranslate trimmed with name=signer %}
        Thank you,
        {{ name }}!
    {% endblocktranslate %}
    {% blocktranslate trimmed count number=total %}
        {{ number }} signature
    {% plural %}
        {{ number }} signatures
    {% endblocktranslate %}
</p>
"""
TRANSLATIONS = {
    "Sign": "Підписати",
    "May": "травень",
    "Why people sign": "Чому люди підписують",
    "Read more": "Читати далі",
    "Thank you, %(name)s!": "Дякуємо, %(name)s!",
    "%(number)s city": ["%(number)s місто", "%(number)s міста", "%(number)s міст"],
    "%(number)s signature": ["%(number)s підпис", "%(number)s підписи", "%(number)s підписів"],
}


@pytest.fixture
def catalogue(tmp_path: Path, settings: Settings) -> Path:
    """A small project of code and a template, with an empty catalogue."""
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "words.py").write_text(CODE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    path = tmp_path / "locale" / "uk" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid ""\nmsgstr ""\n')
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return path


def translate_all(path: Path) -> None:
    po = polib.pofile(str(path))
    for entry in po:
        translation = TRANSLATIONS[entry.msgid]
        if isinstance(translation, list):
            entry.msgstr_plural = dict(enumerate(translation))
        else:
            entry.msgstr = translation
    po.save()


def complaint() -> str:
    with pytest.raises(CommandError) as caught:
        call_command("makemessages", check=True)
    return str(caught.value)


def test_every_kind_of_message_is_found(catalogue: Path) -> None:
    found = extract(catalogue.parent.parent.parent.parent)
    assert set(found) == {
        (None, "Sign"),
        ("month", "May"),
        (None, "%(number)s city"),
        (None, "Why people sign"),
        (None, "Read more"),
        ("permission", "May"),
        (None, "Thank you, %(name)s!"),
        (None, "%(number)s signature"),
    }
    counted = found[None, "%(number)s signature"]
    assert (counted.plural, counted.files) == ("%(number)s signatures", ["templates/page.html"])


def test_what_code_says_to_translators_stands_in_the_catalogue(catalogue: Path) -> None:
    call_command("makemessages")
    comments = {entry.msgid: entry.comment for entry in polib.pofile(str(catalogue))}
    assert comments["Sign"] == "A button: put your name to the petition."
    assert comments["Read more"] == "Leads to the news."
    assert comments["Why people sign"] == ""


def test_translations_are_kept_and_the_file_stays_as_it_is(catalogue: Path) -> None:
    call_command("makemessages")
    translate_all(catalogue)
    call_command("makemessages", check=True)
    before = catalogue.read_bytes()
    call_command("makemessages")
    assert catalogue.read_bytes() == before


def test_missing_translations_are_listed(catalogue: Path) -> None:
    call_command("makemessages")
    assert "untranslated: Sign" in complaint()
    assert "untranslated: %(number)s signature" in complaint()


def test_new_message_is_listed_before_the_catalogue_knows_it(catalogue: Path) -> None:
    call_command("makemessages")
    translate_all(catalogue)
    code = catalogue.parent.parent.parent.parent / "campaigns" / "words.py"
    code.write_text(CODE + 'NEW = _("Withdraw")\n')
    assert complaint().endswith("\nuntranslated: Withdraw")


def test_message_that_is_gone_is_listed_and_then_removed(catalogue: Path) -> None:
    call_command("makemessages")
    translate_all(catalogue)
    (catalogue.parent.parent.parent.parent / "campaigns" / "words.py").write_text("")
    assert "stale: Sign" in complaint()
    call_command("makemessages")
    call_command("makemessages", check=True)


def test_fuzzy_translation_is_listed(catalogue: Path) -> None:
    call_command("makemessages")
    translate_all(catalogue)
    po = polib.pofile(str(catalogue))
    po[0].flags.append("fuzzy")
    po.save()
    assert f"fuzzy: {po[0].msgid}" in complaint()


def test_translation_with_other_placeholders_is_listed(catalogue: Path) -> None:
    call_command("makemessages")
    translate_all(catalogue)
    catalogue.write_text(catalogue.read_text().replace("Дякуємо, %(name)s!", "Дякуємо, %(nmae)s!"))
    assert complaint().endswith("\nother placeholders: Thank you, %(name)s!")


@pytest.mark.parametrize(
    ("translation", "problem"),
    [
        ("Побратимство {of_city} {with_sister_city}", None),
        ("Побратимство {of_city}", "other placeholders"),
        ("Побратимство {of_city} {with_sister_town}", "other placeholders"),
    ],
)
def test_a_translation_may_have_a_citys_name_in_another_form(
    translation: str, problem: str | None
) -> None:
    entry = polib.POEntry(msgid="The tie between {city} and {sister_city}", msgstr=translation)
    assert message_problem(entry, None, 3) == problem


def test_compiled_catalogue_has_the_three_ukrainian_plurals(catalogue: Path) -> None:
    call_command("makemessages")
    translate_all(catalogue)
    call_command("compilemessages")
    with catalogue.with_suffix(".mo").open("rb") as compiled:
        ukrainian = GNUTranslations(compiled)
    forms = [
        ukrainian.ngettext("%(number)s city", "%(number)s cities", n) for n in (1, 2, 5, 21, 12)
    ]
    assert [form.removeprefix("%(number)s ") for form in forms] == [
        "місто",
        "міста",
        "міст",
        "місто",
        "міст",
    ]


def in_polish(catalogue: Path) -> Path:
    return catalogue.parent.parent.parent / "pl" / "LC_MESSAGES" / "django.po"


def test_a_new_language_gets_its_own_catalogue_and_no_other_is_touched(catalogue: Path) -> None:
    before = catalogue.read_bytes()
    call_command("makemessages", "-l", "pl")
    assert catalogue.read_bytes() == before
    made = polib.pofile(str(in_polish(catalogue)))
    assert made.metadata["Language"] == "pl"
    assert {entry.msgid for entry in made} == set(TRANSLATIONS) | {"May"}
    assert "Language: pl" in in_polish(catalogue).read_text()
    assert "n%10==1 && n%100!=11 ?" not in made.metadata["Plural-Forms"], "that is Ukrainian"
    call_command("makemessages")
    assert polib.pofile(str(catalogue)).metadata["Language"] == "uk"


# One number for each form that the language has, in gettext's order.
FORMS = {
    "ar": (0, 1, 2, 3, 100, 11),
    "cs": (1, 2, 5),
    "de": (1, 2),
    "fr": (1, 2),
    "ja": (1,),
    "pl": (1, 2, 21),
    "pt-br": (1, 2),
    "sr-latn": (21, 2, 5),
    "uk": (21, 2, 5),
}


@pytest.mark.parametrize("language", FORMS)
def test_a_catalogue_counts_as_its_language_does(catalogue: Path, language: str) -> None:
    call_command("makemessages", "-l", language)
    path = catalogue.parent.parent.parent / to_locale(language) / "LC_MESSAGES" / "django.po"
    po = polib.pofile(str(path))
    entry = next(each for each in po if each.msgid == "%(number)s city")
    assert len(entry.msgstr_plural) == len(FORMS[language])
    entry.msgstr_plural = {form: f"form {form}" for form in entry.msgstr_plural}
    po.save()
    call_command("compilemessages")
    with path.with_suffix(".mo").open("rb") as compiled:
        words = GNUTranslations(compiled)
    said = [words.ngettext("%(number)s city", "%(number)s cities", n) for n in FORMS[language]]
    assert said == [f"form {form}" for form in range(len(said))]


def test_a_catalogue_with_the_plural_rule_of_another_language_is_told(catalogue: Path) -> None:
    call_command("makemessages", "-l", "pl")
    translate_all(in_polish(catalogue))
    call_command("makemessages", "-l", "pl", check=True)
    po = polib.pofile(str(in_polish(catalogue)))
    po.metadata["Plural-Forms"] = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : 1);"
    po.save()
    with pytest.raises(CommandError, match="plural rule is not that of pl"):
        call_command("makemessages", "-l", "pl", check=True)
    call_command("makemessages", "-l", "pl")
    call_command("makemessages", "-l", "pl", check=True)


@pytest.mark.parametrize(
    ("language", "reason"), [("xx", "Django knows no language 'xx'"), ("en", "are written in")]
)
def test_a_language_that_can_have_no_catalogue_is_told(
    catalogue: Path, language: str, reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        call_command("makemessages", "-l", language)


def test_what_translators_marked_or_noted_stays(catalogue: Path) -> None:
    call_command("makemessages")
    translate_all(catalogue)
    po = polib.pofile(str(catalogue))
    po[0].flags, po[0].tcomment = ["fuzzy"], "To be asked."
    po.save()
    call_command("makemessages")
    again = polib.pofile(str(catalogue))
    assert (again[0].flags, again[0].tcomment) == (["fuzzy"], "To be asked.")


def test_the_commands_need_nothing_that_the_site_does_not(catalogue: Path) -> None:
    """What they import is locked for the image."""
    names = (
        "translations/languages/catalogues.py",
        "translations/languages/third_party.py",
        "translations/management/commands/makemessages.py",
    )
    imported = {
        name
        for path in names
        for name in re.findall(r"^ *(?:from|import) (babel|polib)", Path(path).read_text(), re.M)
    }
    locked = set(re.findall(r"^([a-z0-9-]+)==", Path("requirements/base.txt").read_text(), re.M))
    assert imported == {"babel", "polib"} <= locked


def test_without_a_catalogue_english_stands_there_and_no_other_packages_words(
    catalogue: Path,
) -> None:
    call_command("makemessages")
    translate_all(catalogue)
    call_command("compilemessages")
    # Django has this in Polish.
    add(catalogue, "Delete", "Видалити")
    with fresh_translations(), override("pl"):
        assert gettext("Delete") == "Delete"
        assert gettext("This field is required.") == "To pole jest wymagane."
        counted = [ngettext("%(number)s city", "%(number)s cities", n) for n in (1, 21)]
        assert counted == ["%(number)s city", "%(number)s cities"]
        assert pgettext("month", "May") == "May"
    call_command("makemessages", "-l", "pl")
    add(in_polish(catalogue), "Delete", "Usuń")
    with fresh_translations(), override("pl"):
        assert (gettext("Delete"), gettext("Sign")) == ("Usuń", "Sign")
    with fresh_translations(), override("uk"):
        assert gettext("Delete") == "Видалити"


def add(path: Path, message: str, translation: str) -> None:
    po = polib.pofile(str(path))
    po.append(polib.POEntry(msgid=message, msgstr=translation))
    po.save()
    call_command("compilemessages")


@contextmanager
def fresh_translations() -> Iterator[None]:
    """Django keeps what it has read."""
    known: Any = vars(trans_real)["_translations"]
    kept = dict(known)
    known.clear()
    yield
    known.clear()
    known.update(kept)
