"""All Ukrainian that the project holds keeps to the rules of the language."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
import yaml

from security.printable import Json
from tests.support.ukrainian import RULES, Rule, complaints

ROOT = Path(__file__).resolve().parent.parent.parent
CYRILLIC = re.compile("[Ѐ-ӿ]")
SOURCES = [
    *sorted((ROOT / "locale").rglob("uk/LC_MESSAGES/*.po")),
    *sorted((ROOT / "demo" / "data").glob("*.yaml")),
    *sorted((ROOT / "demo" / "data").glob("*.csv")),
    *sorted((ROOT / "docs").rglob("*.uk.md")),
]
OWN, THIRD_PARTY = ROOT / "locale" / "uk", ROOT / "locale" / "third_party" / "uk"


def texts(path: Path) -> Iterator[str]:
    if path.suffix == ".po":
        for entry in polib.pofile(str(path)):
            yield from entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    elif path.suffix == ".yaml":
        yield from strings(yaml.safe_load(path.read_text()))
    elif path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as table:
            for row in csv.reader(table):
                yield from row
    else:
        yield from re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL).splitlines()


def strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_our_ukrainian_keeps_to_the_rules(path: Path) -> None:
    ukrainian = [text for text in texts(path) if CYRILLIC.search(text)]
    found = {text: wrong for text in ukrainian if (wrong := complaints(text))}
    assert not found


def test_all_our_ukrainian_is_looked_at() -> None:
    holding = [path for path in SOURCES if any(map(CYRILLIC.search, texts(path)))]
    assert len(holding) >= 7
    assert sum(1 for path in SOURCES for _text in texts(path)) > 1500


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_finds_what_it_is_there_for(rule: Rule) -> None:
    assert rule.finds(rule.example)


@pytest.mark.parametrize(
    "text",
    [
        "«Підпис» – це зв’язок… №\u00a05, 16\u00a0000 дітей, 5\u00a0хв, 100\u00a0%.",
        "Портленд і Хабаровськ – побратими від 1988 року.",
        "PO-файл, 2022-06-04, <b>так</b>, privacy@example.org, `код - код`.",
        "%(number)s місто, {city} ({state}), %(share)s сторінок",
    ],
)
def test_good_ukrainian_is_let_be(text: str) -> None:
    assert complaints(text) == []


def test_no_sentence_ends_with_a_date_which_ends_with_a_point() -> None:
    """In Ukrainian a date is «17 квітня 2028 р.»."""
    dates = re.compile(r"%\((day|date|until|since|closes|moment)\)s\.")
    for path in OWN.rglob("*.po"):
        found = [entry.msgid for entry in polib.pofile(str(path)) if dates.search(entry.msgstr)]
        assert found == []


def test_every_plural_has_the_forms_of_its_catalogue() -> None:
    for folder, number in ((OWN, 3), (THIRD_PARTY, 4)):
        for path in folder.rglob("*.po"):
            catalogue = polib.pofile(str(path))
            assert catalogue.metadata["Plural-Forms"].startswith(f"nplurals={number};")
            for entry in catalogue:
                if entry.msgid_plural:
                    assert sorted(entry.msgstr_plural) == list(range(number)), entry.msgid
