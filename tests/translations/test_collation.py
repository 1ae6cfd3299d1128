"""Names, dates and numbers in the order and the form of the reader's language."""

import datetime
import re
from html import unescape

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection
from django.test import Client
from django.utils import formats, translation
from wagtail.models import Locale

from campaigns.models import City, CityName
from tests.support.factories import make_user
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in
from translations.languages.collation import ALPHABETS, alphabet, digits, sort_key
from translations.languages.countries import countries

pytestmark = pytest.mark.both_databases

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
def names(site: SmallSite) -> list[CityName]:
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


# As the languages' own dictionaries and authorities have them.
LETTERS = {
    "az": "a b c ç d e ə f g ğ h x ı i j k q l m n o ö p r s ş t u ü v y z",
    "be": "а б в г д е ё ж з і й к л м н о п р с т у ў ф х ц ч ш ы ь э ю я",
    "bg": "а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ь ю я",
    "cs": "a b c č d e f g h ch i j k l m n o p q r ř s š t u v w x y z ž",
    "da": "a b c d e f g h i j k l m n o p q r s t u v w x y z æ ø å",
    "de": "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "el": "α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ τ υ φ χ ψ ω",
    "es": "a b c d e f g h i j k l m n ñ o p q r s t u v w x y z",
    "et": "a b c d e f g h i j k l m n o p q r s š z ž t u v w õ ä ö ü x y",
    "fi": "a b c d e f g h i j k l m n o p q r s t u v w x y z å ä ö",
    "hr": "a b c č ć d dž đ e f g h i j k l lj m n nj o p r s š t u v z ž",
    "hu": "a b c cs d dz dzs e f g gy h i j k l ly m n ny o ö p q r s sz t ty u ü v w x y z zs",
    "is": "a á b d ð e é f g h i í j k l m n o ó p r s t u ú v x y ý þ æ ö",
    "kk": "а ә б в г ғ д е ё ж з и й к қ л м н ң о ө п р с т у ұ ү ф х һ ц ч ш щ ъ ы і ь э ю я",
    "lt": "a b c č d e f g h i y j k l m n o p r s š t u v z ž",
    "lv": "a b c č d e f g ģ h i j k ķ l ļ m n ņ o p r s š t u v z ž",
    "mk": "а б в г д ѓ е ж з ѕ и ј к л љ м н њ о п р с т ќ у ф х ц ч џ ш",
    "pl": "a ą b c ć d e ę f g h i j k l ł m n ń o ó p q r s ś t u v w x y z ź ż",
    "ro": "a ă â b c d e f g h i î j k l m n o p q r s ș t ț u v w x y z",
    "ru": "а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я",
    "sk": "a ä b c č d e f g h ch i j k l m n o ô p q r s š t u v w x y z ž",
    "sl": "a b c č d e f g h i j k l m n o p r s š t u v z ž",
    "sr": "а б в г д ђ е ж з и ј к л љ м н њ о п р с т ћ у ф х ц ч џ ш",
    "sv": "a b c d e f g h i j k l m n o p q r s t u v w x y z å ä ö",
    "tr": "a b c ç d e f g ğ h ı i j k l m n o ö p r s ş t u ü v y z",
    "uk": "а б в г ґ д е є ж з и і ї й к л м н о п р с т у ф х ц ч ш щ ь ю я",
    "vi": "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y",
}
CITIES = {
    "cs": "Cena Čáslav Dno Hradec Cheb Ivančice Usti Ústí",
    "de": "Öl Oper Ozean Strasse Straße Zoo",
    "en": "Garcia García Garza São Savanna",
    "es": "Nz Ñu Oz",
    "fr": "cote coté côte côté cotes",
    "pl": "Lublin Lz Ła Łódź Mława Zamość Źródło Żary",
    "sv": "Orust Ystad Zoo Åre Ängelholm Örebro",
    "tr": "Hatay Isparta İzmir Jale",
}


@pytest.mark.parametrize("language", LETTERS)
def test_all_letters_sort_as_the_alphabet_has_them(language: str) -> None:
    letters = LETTERS[language].split()
    for wanted in (letters, [f"{letter}a" for letter in letters]):
        assert sorted(set(wanted), key=lambda letter: sort_key(letter, language)) == wanted


@pytest.mark.parametrize("language", CITIES)
def test_names_sort_as_a_dictionary_has_them(language: str) -> None:
    names = CITIES[language].split()
    assert sorted(set(names), key=lambda name: sort_key(name, language)) == names


@pytest.mark.parametrize("language", ALPHABETS)
def test_no_place_of_an_alphabet_is_given_twice(language: str) -> None:
    places = list(alphabet(language).values())
    assert len(set(places)) == len(places)


@pytest.mark.parametrize("language", [*LETTERS, "en"])
def test_a_database_sorts_digits_as_programs_sort_the_key(language: str) -> None:
    words = [
        *IN_ORDER,
        *" ".join(CITIES.values()).split(),
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
    client = logged_in(make_user("root", is_superuser=True))
    html = client.get("/admin/snippets/campaigns/cityname/?locale=uk").content.decode()
    places = [html.index(name) for name in IN_ORDER]
    assert places == sorted(places)


def test_a_ukrainian_finds_countries_by_the_alphabet(site: SmallSite) -> None:
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
        assert formats.date_format(day, "DATE_FORMAT") == "4\u00a0червня 2022\u00a0р."
        assert formats.date_format(day, "DATETIME_FORMAT") == "4\u00a0червня 2022\u00a0р., 09:05"
        assert intcomma(18900) == "18\u00a0900"
    with translation.override("en"):
        assert formats.date_format(day, "DATE_FORMAT") == "June 4, 2022"
        assert intcomma(18900) == "18,900"


def test_the_order_is_the_databases_own(names: list[CityName]) -> None:
    """Whatever its collation: it sorts digits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM campaigns_cityname ORDER BY collated")
        assert [name for (name,) in cursor.fetchall()] == IN_ORDER
