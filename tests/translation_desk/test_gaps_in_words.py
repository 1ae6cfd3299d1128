"""What is said about texts and their numbers reads as plain words, whatever the number."""

import pytest
from django.utils.translation import override

from campaigns.models import CampaignPage
from translation_desk.views.localize import kept_in_words
from translations.gaps import Gap
from translations.publishing import UntranslatedError


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("One<br/>two<br>three", "One two three"),
        ('<b>Bold</b> &amp; a <a id="a1">link</a>', "Bold & a link"),
        ("No markup at all", "No markup at all"),
        ("Fewer than 3 < 5", "Fewer than 3 < 5"),
        ("<i>Half</i>\n  of it", "Half of it"),
    ],
)
def test_a_text_that_is_not_translated_is_named_without_its_markup(source: str, words: str) -> None:
    gap = Gap("lead", "Lead", source, is_essential=True)
    assert gap.words == words
    error = UntranslatedError(CampaignPage(), [gap])
    assert error.messages == [f"Not translated: “{words}”"]


@pytest.mark.parametrize(
    ("done", "english", "ukrainian"),
    [
        (0, "Nothing is translated yet", "Ще нічого не перекладено"),
        (1, "The 1 translated text of 7 is kept.", "1 перекладений текст із 7."),
        (3, "The 3 translated texts of 7 are kept.", "3 перекладені тексти із 7."),
        (5, "The 5 translated texts of 7 are kept.", "5 перекладених текстів із 7."),
    ],
)
def test_what_is_kept_of_a_translation_is_counted_in_words(
    done: int, english: str, ukrainian: str
) -> None:
    for language, told in (("en", english), ("uk", ukrainian)):
        with override(language):
            assert told in kept_in_words(done) % {"done": done, "total": 7}
