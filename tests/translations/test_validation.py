"""What fits where a text stands: the source's own tags and signs that can be shown."""

import pytest

from translations.validation import Place, reason_refused

SOURCE = 'A <b>bold</b> <a id="a1">link</a>'


@pytest.mark.parametrize(
    "text",
    [
        'Звичайний <b>текст</b> і <a id="a1">лінк</a>',
        "<a id='a1'>Лінк</a> спершу, а <b>тоді</b><br/>рядок",
        '5 &lt; 6 &amp; <b>7</b> < 8 <a id="a1"> </a>',
    ],
)
def test_a_translation_with_the_tags_of_its_source_fits(text: str) -> None:
    assert reason_refused(text, SOURCE, Place(("Text",))) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Без тегів", "Missing: <b>"),
        ('<b>x</b> <a id="a2">x</a>', "Missing"),
        ('<b>x</b> <a id="a1" href="https://evil.example">x</a>', "Missing"),
        ('<b>x</b> <a id="a1">x</a> <a id="a1">x</a>', "Not in it"),
        ('<b onclick="alert(1)">x</b> <a id="a1">x</a>', "Missing"),
        ('<b>x</b> <a id="a1">x</a><script>alert(1)</script>', "Not in it"),
        ('<b>x</b> <a id="a1">x</a><img src=x onerror=alert(1)>', "begins no tag"),
        ('<b>x</b> <a id="a1">x</a><SCRIPT>alert(1)</SCRIPT>', "begins no tag"),
        ('<b>x</b> <a id="a1">x</a><scr<b></b>ipt>', "Not in it|begins no tag"),
        ('<b>x</b> <a id="a1">x</a><!--><script>alert(1)</script>-->', "begins no tag"),
        ('<b>x</b> <a id="a1">x</a><svg/onload=alert(1)>', "begins no tag"),
        ('<b>x</b> <a id="a1">x</a><?php ?>', "begins no tag"),
        ('<b>x</b> <a id="a1">x</a>\x07', "cannot be shown"),
        ('<b>x</b> <a id="a1">x</a>' + "&" * 200, "far more"),
        ('<b>x</b> <a id="a1">x</a>' + "&#" + "1" * 9_000 + ";", "cannot be read"),
        ("<b>" * 40 + "</b>" * 40, "Missing|far more"),
        ("x" * 20_001, "more than 20000"),
        ('<b> </b><a id="a1"> </a>', "shows nothing"),
    ],
)
def test_a_translation_with_other_tags_or_signs_is_refused(text: str, reason: str) -> None:
    found = reason_refused(text, SOURCE, Place(("Text",)))
    assert any(part in found for part in reason.split("|")), found
