"""No number that is told is about fewer than ten people, and all of them add up to the whole."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.utils.translation import override

from integrity.published.folding import fold_days, fold_languages
from integrity.published.views import label_of_days
from signatures.shown.places import fold, stepped

MONDAY = date(2026, 3, 2)


def days(*numbers: int) -> dict[date, int]:
    """From a Monday on."""
    return {
        MONDAY + timedelta(days=index): number for index, number in enumerate(numbers) if number
    }


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({}, {}),
        (days(12, 10), {"2026-03-02": 12, "2026-03-03": 10}),
        (days(12, 0, 10), {"2026-03-02": 12, "2026-03-04": 10}),
        (days(12, 9), {"2026-03-02/2026-03-08": 21}),
        (days(4), {"2026-03-02/2026-03-08": 4}),
        # A week under ten goes with the next, and the last one with the one before.
        (days(4, *[0] * 6, 30, 20), {"2026-03-02/2026-03-15": 54}),
        (days(30, 20, *[0] * 12, 9), {"2026-03-02/2026-03-22": 59}),
        (
            days(30, *[0] * 6, 5, 6, *[0] * 5, 11),
            {"2026-03-02": 30, "2026-03-09/2026-03-15": 11, "2026-03-16": 11},
        ),
    ],
)
def test_a_day_under_ten_is_told_as_a_week(found: dict[date, int], told: dict[str, int]) -> None:
    assert fold_days(found) == told


def test_days_add_up_and_none_is_small_whatever_they_are() -> None:
    random = Random(1)
    for _time in range(500):
        found = days(*(random.choice((0, 0, 1, 3, 9, 10, 40)) for _day in range(60)))
        told = fold_days(found)
        assert sum(told.values()) == sum(found.values())
        assert all(number >= 10 for number in told.values()) or len(told) == 1
        for name, number in told.items():
            first, _sign, last = name.partition("/")
            among = [each for day, each in found.items() if first <= str(day) <= (last or first)]
            assert number == sum(among)


@pytest.mark.parametrize(
    ("reasons", "folded"),
    [
        ({"automated": 9000, "duplicate": 3, "other": 50}, {"automated": 9000, "other": 53}),
        ({"automated": 9000, "duplicate": 30, "other": 2}, {"automated": 9000, "other": 32}),
        ({"automated": 9000, "other": 12}, {"automated": 9000, "other": 12}),
        ({"other": 2}, {"other": 2}),
    ],
)
def test_small_reasons_go_with_the_others(reasons: dict[str, int], folded: dict[str, int]) -> None:
    assert fold(reasons) == folded


@pytest.mark.parametrize(
    ("told", "confirmed", "languages"),
    [
        ({}, 0, {}),
        ({}, 7, {"other": 7}),
        ({"en": 20, "uk": 12}, 32, {"en": 20, "uk": 12}),
        # Who came or left since is told of no language of theirs.
        ({"en": 20, "uk": 12}, 35, {"en": 23, "uk": 12}),
        ({"en": 20, "uk": 12}, 30, {"en": 18, "uk": 12}),
        ({"en": 12, "uk": 11}, 19, {"other": 19}),
        ({"en": 20, "uk": 3}, 25, {"other": 25}),
    ],
)
def test_languages_add_up_to_all_that_count(
    told: dict[str, int], confirmed: int, languages: dict[str, int]
) -> None:
    assert fold_languages(told, confirmed) == languages


def test_who_comes_or_leaves_alone_moves_the_largest_language_only() -> None:
    random = Random(2)
    now = Counter({"en": 70, "uk": 50, "pl": 45})
    told: dict[str, int] = {}
    steps = 0
    for _hour in range(300):
        before, others = told, fold_languages(told, now.total())
        now[random.choice(("en", "uk", "pl"))] += random.choice((1, 1, -1))
        told = stepped(told, now)
        languages = fold_languages(told, now.total())
        assert sum(languages.values()) == now.total()
        if told == before:
            largest = max(languages, key=lambda language: languages[language])
            assert {**languages, largest: 0} == {**others, largest: 0}
        else:
            steps += 1
            came, left = Counter(told) - Counter(before), Counter(before) - Counter(told)
            assert max(came.total(), left.total()) >= 10
    assert 5 < steps < 40


@pytest.mark.parametrize(
    ("language", "name", "told"),
    [
        ("en", "2026-11-02", "Nov. 2, 2026"),
        ("en", "2026-11-02/2026-11-08", "Nov. 2 – Nov. 8, 2026"),
        ("uk", "2026-11-02/2026-11-08", "2 листопада – 8 листопада 2026 р."),
        ("uk", "2026-12-28/2027-01-03", "28 грудня 2026 р. – 3 січня 2027 р."),
    ],
)
def test_several_days_tell_their_year_once(language: str, name: str, told: str) -> None:
    with override(language):
        assert label_of_days(name).replace("\u00a0", " ") == told
