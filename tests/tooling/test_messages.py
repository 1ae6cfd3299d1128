from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import polib
import pytest
from django.core.management import CommandError, call_command

from cms.messages import extract

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
def catalogue(tmp_path: Path, settings: Any) -> Path:
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
