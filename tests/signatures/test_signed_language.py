"""What signers wrote stays in the language they wrote in."""

from typing import Any

import pytest
from django.test import Client

from signatures.tokens import token_for
from tests.factories import make_signature, shape_form
from tests.foreign import assert_all_in_their_language


@pytest.mark.parametrize(("signed_in", "read_in"), [("en", "uk"), ("uk", "en")])
def test_what_one_signed_in_one_language_is_marked_when_read_in_the_other(
    site: dict[str, Any], signed_in: str, read_in: str
) -> None:
    shape_form(site)
    name, words = {"en": ("Mary", "Please act."), "uk": ("Марія", "Прошу діяти.")}[signed_in]
    answers = {"_text": words, "_choice": "friend", "_yes_no": True}
    signature = make_signature(
        site["portland"][signed_in], name=name, comment=words, answers=answers
    )
    own = f"/{read_in}/signatures/{token_for(signature)}/"
    for step in ("confirm/", ""):
        html = Client().get(own + step).content.decode()
        assert_all_in_their_language({step: html}, read_in)
        assert words in html
        signature.confirm()
