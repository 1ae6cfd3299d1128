"""A sign that no font has is named instead of being shown as a box."""

import pytest

from library.glyphs import drawn, set_text


@pytest.mark.parametrize(
    "name",
    ["Mary O’Hara", "Józef Żak", "Олена Ґалаґан", "Γιώργος", "محمد علي", "דוד כהן", "Nguyễn Ánh"],
)
def test_five_scripts_are_set_as_they_are(name: str) -> None:
    assert set_text(name) == (name, [])


def test_a_sign_without_a_glyph_is_left_out_and_named() -> None:
    assert set_text("Марія 🌻 Коваль") == ("Марія Коваль", ["SUNFLOWER (U+1F33B)"])
    assert set_text("李 Li") == ("Li", ["CJK UNIFIED IDEOGRAPH-674E (U+674E)"])


def test_what_only_says_how_a_sign_looks_goes_without_a_word() -> None:
    assert set_text("Ann\ufe0f") == ("Ann", [])


def test_no_code_point_stands_for_the_end_of_a_table() -> None:
    assert 0xFFFF not in drawn()


def test_a_minus_sign_is_no_lacking_sign() -> None:
    assert set_text("UTC−8") == ("UTC–8", [])


def test_words_of_several_lines_stay_apart() -> None:
    assert set_text("Stop.\n\nNow.\tPlease") == ("Stop.\n\nNow. Please", [])
    assert set_text("Stop 🌻\nNow") == ("Stop\nNow", ["SUNFLOWER (U+1F33B)"])
