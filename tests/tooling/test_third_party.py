from pathlib import Path

import polib
import pytest
from django.core.management import CommandError, call_command

from translations.languages.third_party import problems


def catalogue(folder: Path, entry: polib.POEntry, domain: str = "django") -> None:
    po = polib.POFile()
    po.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    po.append(entry)
    path = folder / "uk" / "LC_MESSAGES" / f"{domain}.po"
    path.parent.mkdir(parents=True)
    po.save(str(path))


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (polib.POEntry(msgid="Never said", msgstr="Ніколи"), "no package says this anymore"),
        (polib.POEntry(msgid="Search…", msgstr=""), "untranslated"),
        (polib.POEntry(msgid="Search…", msgstr="Пошук…", flags=["fuzzy"]), "untranslated"),
        (polib.POEntry(msgid="Locale '{0}' created.", msgstr="Створено."), "other placeholders"),
        (polib.POEntry(msgid="Search…", msgstr="Пошук…", msgctxt="x"), "no package says this"),
    ],
)
def test_what_fits_no_package_is_told(tmp_path: Path, entry: polib.POEntry, complaint: str) -> None:
    catalogue(tmp_path, entry)
    (found,) = problems(tmp_path)
    assert complaint in found


def test_what_fits_is_let_be(tmp_path: Path) -> None:
    catalogue(tmp_path, polib.POEntry(msgid="Search…", msgstr="Пошук…"))
    assert not list(problems(tmp_path))


def test_scripts_have_a_catalogue_of_their_own(tmp_path: Path) -> None:
    catalogue(tmp_path, polib.POEntry(msgid="Upload PO file", msgstr="Надіслати"), "djangojs")
    assert not list(problems(tmp_path))


def test_the_check_of_messages_looks_at_them_and_compiling_makes_both(
    tmp_path: Path, settings: object
) -> None:
    (tmp_path / "own").mkdir()
    others = tmp_path / "others"
    catalogue(others, polib.POEntry(msgid="Never said", msgstr="Ніколи"))
    settings.LOCALE_PATHS = [tmp_path / "own", others]  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="no package says this anymore: Never said"):
        call_command("makemessages", check=True)
    call_command("compilemessages")
    assert (others / "uk" / "LC_MESSAGES" / "django.mo").exists()
