"""What a view of composed sentences marks, as pure functions."""

import pytest

from campaigns.pages.marks import marks

pytestmark = pytest.mark.any_database


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Chicago, end your tie with Moscow, Moscow", "Moscow, Moscow"),
        ("Portland residents live in in Portland", "in in"),
        ("New York, New York", "New York, New York"),
        ("Живу у у Портленді", "у у"),
        ("Сан-Хосе, Сан-Хосе", "Сан-Хосе, Сан-Хосе"),
    ],
)
def test_doubled_words_are_marked_with_what_was_said_twice(text: str, said: str) -> None:
    assert marks("ask", text, "en") == [f"Said twice: “{said}”."]


MOSCOW = ("Moscow", "of Moscow", "in Moscow", "with Moscow")
MOSKVA = ("Москва", "Москви", "у Москві", "з Москвою")
TULA = ("Tula", "of Tula", "in Tula", "with Tula")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("End the tie with Moscow in Moscow", "with Moscow in Moscow"),
        ("Побратимство з Москвою у Москві діє", "з Москвою у Москві"),
        ("The council of Moscow at Moscow, and so on", "of Moscow at Moscow"),
    ],
)
def test_a_city_in_itself_is_marked_in_whatever_form(text: str, said: str) -> None:
    assert marks("lead", text, "en", [TULA, MOSCOW, MOSKVA]) == [f"Said twice: “{said}”."]


@pytest.mark.parametrize(
    "text",
    ["With Tula in Tula Oblast", "Moscow and the mayor of Moscow", "Moscow. In Moscow they know"],
)
def test_a_city_in_its_region_is_not_marked(text: str) -> None:
    assert not marks("lead", text, "en", [TULA, MOSCOW])


@pytest.mark.parametrize(
    "text",
    [
        "Chicago ended its tie with Moscow. Moscow was told.",
        "Portland, Oregon: end your tie with Khabarovsk",
        "We in Portland want Portland’s council to act",
        "Albany and Tula, Tula Oblast, are sister cities",
        "",
    ],
)
def test_a_name_that_is_said_again_elsewhere_is_not_marked(text: str) -> None:
    assert not marks("heading", text, "en")


def test_a_placeholder_that_nothing_fills_is_named_once() -> None:
    assert marks("lead", "{of_city} and {of_city}", "en")[0] == "Nothing fills {of_city} here."


@pytest.mark.parametrize(("kind", "longest"), [("heading", 100), ("description", 160)])
def test_one_character_too_many_is_marked(kind: str, longest: int) -> None:
    assert not marks(kind, "a" * longest, "en")
    assert len(marks(kind, "a" * (longest + 1), "en")) == 1


def test_an_ask_may_be_as_long_as_it_takes() -> None:
    assert not marks("ask", "a" * 1000, "en")


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("Мер в Вашингтоні знає", "у Вашингтоні"),
        ("Живе в Львові", "у Львові"),
        ("В Портленді чекають", "У Портленді"),
        ("Наш друг в Портленді", "у Портленді"),
        ("Вони живуть у Остіні", "в Остіні"),
        ("Побратимство з Сан-Хосе", "із Сан-Хосе"),
    ],
)
def test_ukrainian_prepositions_before_the_wrong_letter_are_marked(text: str, better: str) -> None:
    (mark,) = marks("lead", text, "uk")
    assert mark.endswith(f"reads better as “{better}”.")


@pytest.mark.parametrize(
    "text",
    [
        "Мер у Вашингтоні",
        "Вона в Остіні",
        "Вона в Портленді",
        "Дім у Портленді",
        "У Портленді чекають",
        "Дім, у Вашингтоні",
        "Побратимство з Хабаровськом",
        "Побратимство із Сан-Хосе",
    ],
)
def test_ukrainian_prepositions_that_sound_right_are_not_marked(text: str) -> None:
    assert not marks("lead", text, "uk")


def test_english_is_not_read_as_ukrainian() -> None:
    assert not marks("lead", "В Портленді", "en")
