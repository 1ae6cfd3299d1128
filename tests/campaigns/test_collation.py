"""Names, dates and numbers in the order and the form of the reader's language."""

import datetime
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection
from django.test import Client
from django.utils import formats, translation
from wagtail.models import Locale

from accounts.models import User
from campaigns.collation import UKRAINIAN, digits, sort_key
from campaigns.countries import countries
from campaigns.models import City, CityName

# As a dictionary has them; by Unicode Є, І and Ґ would stand before А and after Я.
IN_ORDER = [
    "Ваш",
    "Гданськ",
    "Ґданськ",
    "Еля",
    "Єва",
    "Житомир",
    "Ива",
    "Іва",
    "Їва",
    "Йова",
    "Яна",
]


@pytest.fixture
def names(site: Any) -> list[CityName]:
    """City names in Ukrainian, made in the order that the alphabet does not have."""
    uk = Locale.objects.get(language_code="uk")
    CityName.objects.all().delete()
    made = []
    for number, name in enumerate(reversed(IN_ORDER)):
        city = City.objects.create(key=f"city-{number}", region="Oregon", country="US")
        forms = {"of_form": name, "in_form": name, "with_form": name}
        made.append(
            CityName.objects.create(city=city, locale=uk, name=name, region="Орегон", **forms)
        )
    return made


def test_all_letters_sort_as_the_alphabet_has_them() -> None:
    assert len(UKRAINIAN) == 33
    backwards = UKRAINIAN[::-1]
    assert sorted(backwards, key=lambda letter: sort_key(letter, "uk")) == list(UKRAINIAN)


@pytest.mark.parametrize("language", ["uk", "en"])
def test_a_database_sorts_digits_as_programs_sort_the_key(language: str) -> None:
    words = [
        *IN_ORDER,
        "Мала Гора",
        "Малагора",
        "Львів",
        "Львів-2",
        "Ab",
        "ab c",
        "é",
        "",
        "Ельбрус’",
    ]
    by_key = sorted(words, key=lambda word: (sort_key(word, language), word))
    assert sorted(words, key=lambda word: (digits(word, language), word)) == by_key


def test_city_names_are_listed_by_the_alphabet(names: list[CityName]) -> None:
    assert list(CityName.objects.values_list("name", flat=True)) == IN_ORDER
    name = names[0]
    name.name = "Аа"
    name.save()
    assert CityName.objects.first() == name


def test_editors_see_city_names_by_the_alphabet(names: list[CityName]) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    html = client.get("/admin/snippets/campaigns/cityname/?locale=uk").content.decode()
    places = [html.index(name) for name in IN_ORDER]
    assert places == sorted(places)


def test_a_ukrainian_finds_countries_by_the_alphabet(site: Any) -> None:
    html = Client().get("/uk/end-ties/").content.decode()
    shown = re.findall(r'<option value="[A-Z]{2}">([^<]+)', unescape(html))
    assert len(shown) > 240
    assert shown == sorted(shown, key=lambda name: sort_key(name, "uk"))
    assert shown.index("Домініка") < shown.index("Єгипет") < shown.index("Замбія")
    assert shown.index("Зімбабве") < shown.index("Ізраїль") < shown.index("Йорданія")
    assert shown[0].startswith("А")


def test_countries_follow_the_language_of_whoever_asks() -> None:
    names: list[list[str]] = []
    for language in ("uk", "en", "uk"):
        with translation.override(language):
            names.append([str(country.name) for country in countries])
    assert names[0] == names[2]
    assert names[1][0] == "Afghanistan"


def test_dates_and_numbers_are_written_as_ukrainians_do() -> None:
    day = datetime.datetime(2022, 6, 4, 9, 5)
    with translation.override("uk"):
        assert formats.date_format(day, "DATE_FORMAT") == "4 червня 2022\u00a0р."
        assert formats.date_format(day, "DATETIME_FORMAT") == "4 червня 2022\u00a0р., 09:05"
        assert intcomma(18900) == "18\u00a0900"
    with translation.override("en"):
        assert formats.date_format(day, "DATE_FORMAT") == "June 4, 2022"
        assert intcomma(18900) == "18,900"


def test_the_order_is_the_databases_own(names: list[CityName]) -> None:
    """Whatever its collation: it sorts digits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM campaigns_cityname ORDER BY collated")
        assert [name for (name,) in cursor.fetchall()] == IN_ORDER
