"""What people take for the same text is found and counted as the same."""

import unicodedata

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import City, CityName, Tie
from campaigns.pages.search import find, of_cities
from launches.rows import key_of
from signatures.models import Signature
from tests.support.factories import make_signature, make_user
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in
from translations.languages.folding import APOSTROPHES, CYRILLIC, LATIN, fold

pytestmark = pytest.mark.any_database

NAMES = ["Coeur d'Alene", "Кер-д'Ален", "San José", "Луцьк", "Łódź", "Saint-Denis", "Кам'янець"]
NEVER = "\u200b\u00ad\u2060\ufeff"


def spellings(name: str) -> list[str]:
    """The same name as other keyboards, programs and people write it."""
    found = [name.upper(), name.lower(), f" {name}.", unicodedata.normalize("NFD", name)]
    found += [name.replace("'", sign) for sign in APOSTROPHES]
    found += [name.replace("-", sign) for sign in "‐‑–— "]
    found += [name.replace(" ", sign) for sign in ("  ", "\u00a0", "\u2009", "\t")]
    found += [name[:2] + sign + name[2:] for sign in NEVER]
    bare = "".join(s for s in unicodedata.normalize("NFD", name) if s.isascii() or s.isalpha())
    return [*found, bare] if name.isascii() or "é" in name else found


EVERY = [(name, other) for name in NAMES for other in spellings(name)]


@pytest.mark.parametrize(("name", "other"), EVERY)
def test_other_spellings_are_the_same_text(name: str, other: str) -> None:
    assert fold(other) == fold(name)


CONFUSED = [
    name[:place] + sign + name[place + 1 :]
    for name in ("Мар'яна Ковальчук", "Оса", "О. Шевченко", "Ірина Попова")
    for place, letter in enumerate(name)
    for cyrillic, latin in zip(CYRILLIC, LATIN, strict=True)
    for sign in (latin.upper() if letter.isupper() else latin,)
    if letter.lower() == cyrillic
]


@pytest.mark.parametrize("name", CONFUSED)
def test_a_letter_of_another_alphabet_makes_no_other_name(name: str) -> None:
    own = "Мар'яна Ковальчук", "Оса", "О. Шевченко", "Ірина Попова"
    assert fold(name) in {fold(each) for each in own}


@pytest.mark.parametrize(
    ("one", "other"), [("й", "и"), ("ї", "і"), ("ґ", "г"), ("ё", "е"), ("ў", "у"), ("є", "е")]
)
def test_letters_of_their_own_stay_so(one: str, other: str) -> None:
    assert fold(one) != fold(other)
    assert fold(unicodedata.normalize("NFD", one.upper())) == one


def test_a_word_of_another_alphabet_stays_one() -> None:
    assert fold("Петиція NATO") == "петиція nato"
    assert fold("Мари́на") == "марина"


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once == " ".join(once.split())


def test_the_key_of_a_city_is_the_same_however_it_is_spelled() -> None:
    for name in ("Coeur d'Alene", "San José", "Saint-Denis"):
        assert {key_of(other, "Idaho") for other in spellings(name)} == {key_of(name, "Idaho")}
    assert key_of("Роrtland", "Orеgon") == "portland-oregon"


@pytest.fixture
def alene(site: SmallSite) -> Tie:
    """Coeur d'Alene in place of Portland."""
    tie: Tie = site["portland"]["en"].tie
    for language, name in (("en", "Coeur d’Alene"), ("uk", "Кер-д’Ален")):
        row = CityName.objects.get(city=tie.city, locale__language_code=language)
        row.name = row.of_form = name
        row.save()
    return tie


SEARCHES = ["Coeur d'Alene", "coeur d’alene", "COEUR  DʼALENE", "Кер–д`Ален", "кер д’ален, "]


@pytest.mark.parametrize("query", SEARCHES)
def test_every_search_finds_a_city_however_it_is_typed(alene: Tie, query: str) -> None:
    assert Tie.objects.filter(of_cities(query)).get() == alene
    tracker = Client().get("/en/end-ties/cities/", {"q": query})
    assert [city.key for city in tracker.context["part"].rows] == [alene.city.key]
    home = Client().get("/en/", {"q": query})
    assert [city.key for city in home.context["part"].rows] == [alene.city.key]
    admin = logged_in(make_user("boss", is_staff=True, is_superuser=True))
    for door in (
        "/admin/snippets/campaigns/city/",
        "/admin/snippets/campaigns/tie/",
        "/admin/snippets/campaigns/cityname/",
    ):
        found = admin.get(door, {"q": query}).context["object_list"]
        assert len(found) == 1, door
    for door in ("/admin/reports/languages/names/", "/admin/petitions/"):
        found = admin.get(door, {"q": query}).context["object_list"]
        assert len(found) == 1, door
    assert find("nowhere", tracker.context["part"].rows).rows == []
    assert City.objects.count() > 1


@pytest.mark.parametrize(
    "again",
    ["Мар’яна Ковальчук", "Марʼяна  Ковальчук.", "МАР`ЯНА КОВАЛЬЧУК", "Мар'янa Кoвальчук"],
)
def test_one_person_with_one_mailbox_signs_once(site: SmallSite, again: str) -> None:
    page = site["portland"]["uk"]
    make_signature(page, name="Мар'яна Ковальчук")
    make_signature(page, name=again)
    assert Signature.objects.filter(petition=page.petition).count() == 1
    make_signature(page, name="Мирон Ковальчук")
    assert Signature.objects.filter(petition=page.petition).count() == 2
