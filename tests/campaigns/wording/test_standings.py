"""Which of a campaign's words are said, whatever they are."""

from itertools import product

import pytest
from django.core.exceptions import ValidationError
from wagtail.blocks import StreamValue
from wagtail.models import Locale

from campaigns.blocks.wordings import CityWordings
from campaigns.models import CityName, Petition, Tie
from campaigns.placeholders import fill, neutral_lead, values
from campaigns.records.standings import ANY, STATES, Standing

OF_PETITIONS = [state for state, _label in STATES[1:]]
ALL = [*product(Tie.Status.values, OF_PETITIONS), ("ended", "ended")]


def words(*keys: tuple[str, str]) -> dict[tuple[str, str], dict[str, str]]:
    return {key: {"lead": "/".join(key)} for key in keys}


@pytest.mark.parametrize(
    ("status", "state", "order"),
    [
        ("suspended", "open", ["suspended/open", "suspended/any", "any/open"]),
        ("suspended", "closed", ["suspended/closed", "any/closed", "suspended/any"]),
        ("unknown", "won", ["unknown/won", "any/won", "unknown/any"]),
        ("active", "not_yet_open", ["active/not_yet_open", "any/not_yet_open", "active/any"]),
        ("ended", "won", ["ended/won", "any/won", "ended/any"]),
        ("ended", "ended", ["ended/any"]),
        (ANY, "paused", ["any/paused"]),
    ],
)
def test_the_most_fitting_is_said_and_without_it_the_next(
    status: str, state: str, order: list[str]
) -> None:
    left = words(*product([ANY, *Tie.Status.values], [ANY, *OF_PETITIONS]))
    del left[ANY, ANY]
    for expected in order:
        assert Standing(status, state).choose(left, "lead") == expected
        left[tuple(expected.split("/"))]["lead"] = ""  # type: ignore[index]
    assert Standing(status, state).choose(left, "lead") == ""


@pytest.mark.parametrize(("status", "state"), ALL)
def test_nothing_is_said_that_was_written_for_another_standing(status: str, state: str) -> None:
    said = Standing(status, state).keys
    for of_status, of_state in said:
        assert of_status in (ANY, status)
        assert of_state in (ANY, state)
    if state == "ended":
        assert said == [("ended", ANY)]


@pytest.mark.parametrize(("status", "state"), ALL)
def test_only_of_an_active_tie_and_an_open_petition_nothing_has_to_be_said(
    status: str, state: str
) -> None:
    standing = Standing(status, state)
    assert standing.is_plain is ((status, state) == ("active", "open"))
    assert bool(neutral_lead(standing)) is not standing.is_plain


def test_a_description_that_is_missing_is_the_lead_of_the_same_standing() -> None:
    found = {
        ("ended", ANY): {"lead": "It has ended.", "description": ""},
        (ANY, "won"): {"description": "It has won."},
    }
    told = [
        Standing("ended", state).choose(found, "description", "lead") for state in ("ended", "won")
    ]
    assert told == ["It has ended.", "It has won."]


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "of the city Tula in the city Tula"), ("uk", "міста Тула у місті Тула")],
)
def test_a_form_that_a_name_lacks_is_told_by_its_kind(db: None, language: str, told: str) -> None:
    locale, _created = Locale.objects.get_or_create(language_code=language)
    name = "Tula" if language == "en" else "Тула"
    bare = CityName(locale=locale, name=name, region="")
    assert fill("{of_city} {in_city}", values(bare, bare)) == told
    assert fill("{sister_city}, {sister_region}, is", values(bare, bare)) == f"{name} is"


def test_no_clock_is_asked_for_what_is_signed() -> None:
    """The state that is signed by has no time among what it reads."""
    assert Petition.settled_state.fget is not None  # type: ignore[attr-defined]
    read = Petition.settled_state.fget.__code__.co_names  # type: ignore[attr-defined]
    assert not {"timezone", "opens_at", "closes_at", "created_at", "_time_is_up"} & set(read)


def stream(*values: dict[str, str]) -> StreamValue:
    block = CityWordings()
    return block.to_python([{"type": "words", "value": value} for value in values])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([{"status": "any", "state": "any", "lead": "A"}], "Choose a status or a state"),
        ([{"status": "ended", "state": "open", "lead": "A"}], "If the tie has ended"),
        ([{"status": "any", "state": "not_yet_open", "ask": "A"}], "does not change when"),
        ([{"status": "unknown", "state": "any", "lead": "{town}"}], "no placeholder {town}"),
        ([{"status": "any", "state": "won", "share": "{city"}], "stands alone"),
        ([{"status": "unknown", "state": "any", "lead": "A"}] * 2, "already a block for this"),
    ],
)
def test_words_that_can_never_be_said_are_refused(
    values: list[dict[str, str]], reason: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        CityWordings().clean(stream(*values))
    assert reason in " ".join(told(refused.value))


def told(error: Exception) -> list[str]:
    """The messages of a block's error, wherever inside they are."""
    inner = getattr(error, "block_errors", None)
    if inner is None:
        return list(error.messages)  # type: ignore[attr-defined]
    found = inner.values() if isinstance(inner, dict) else inner
    return [message for each in found for message in told(each)]


def test_words_for_different_standings_are_taken() -> None:
    values = [{"status": "ended", "state": "won"}, {"status": "ended", "state": "any"}]
    assert len(CityWordings().clean(stream(*values))) == 2
