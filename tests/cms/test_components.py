"""The page of components shows each of them, and each block, in every language and direction."""

import pytest
from django.test import Client

from demo import specimens
from tests.support.kinds import SmallSite


def test_nothing_is_missing_on_the_page_of_components() -> None:
    assert specimens.component_names()
    assert specimens.lacking() == []


@pytest.mark.parametrize("language", specimens.LANGUAGES)
def test_components_are_shown_in_each_language_and_direction(
    site: SmallSite, language: str
) -> None:
    html = Client().get(f"/dev/components/?language={language}").content.decode()
    is_from_right = language == "ar"
    assert f'<html lang="{language}"' + (' dir="rtl"' if is_from_right else "") in html
    for name in specimens.component_names():
        assert f'data-component="{name.removesuffix(".html")}-1"' in html
    for name, _block in specimens.all_blocks():
        assert f'data-component="{name}-1"' in html


def test_every_block_with_words_of_its_own_is_among_them() -> None:
    names = [name for name, _block in specimens.all_blocks()]
    assert len(names) == len(set(names))
    assert {"evidence", "source", "correction", "question", "choices-question", "quote"} <= set(
        names
    )
