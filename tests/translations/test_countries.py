"""Countries are named as newspapers name them, in every language of the site."""

import re

import pytest
from django.conf import settings
from django.utils.translation import override
from django_countries import countries as package

from translations.languages.countries import countries

# Parts of names that are official, or a remark about one.
OFFICIAL = re.compile(
    r"[()\[\]/;]|, |\b(Kingdom|State|States|Republic|Federated|Bolivarian|Plurinational|Islamic"
    r"|Province|Territory|the)\b|Королівство|Республіка|Ісламська|Провінція|Держава"
)
# That is what newspapers call them.
SO_CALLED = {
    "AE", "BQ", "CD", "CF", "CG", "DO", "GB", "IO", "US", "VC",
}  # fmt: skip


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_no_country_has_an_official_name_or_a_remark(language: str) -> None:
    with override(language):
        names = {country.code: str(country.name) for country in countries}
    odd = {code: name for code, name in names.items() if OFFICIAL.search(name)}
    assert odd.keys() <= SO_CALLED, odd
    assert not any("(" in name for name in names.values())
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize("code", settings.COUNTRIES_OVERRIDE)
def test_our_own_names_are_told_everywhere_and_in_ukrainian(code: str) -> None:
    with override("en"):
        english = countries.name(code)
        assert english == package.name(code) == str(settings.COUNTRIES_OVERRIDE[code])
    with override("uk"):
        assert re.fullmatch(r"[А-ЯІЇЄҐа-яіїєґ’ -]+", countries.name(code))


@pytest.mark.parametrize(
    ("code", "english", "ukrainian"),
    [
        ("BS", "Bahamas", "Багами"),
        ("NR", "Nauru", "Науру"),
        ("US", "United States", "США"),
        ("VG", "British Virgin Islands", "Британські Віргінські острови"),
    ],
)
def test_a_country_by_its_newspaper_name(code: str, english: str, ukrainian: str) -> None:
    for language, name in (("en", english), ("uk", ukrainian)):
        with override(language):
            assert countries.name(code) == name
