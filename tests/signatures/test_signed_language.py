"""What signers wrote stays in the language they wrote in."""

import pytest
from django.test import Client

from signatures.signing.tokens import confirm_token, own_token
from tests.support.factories import confirmed, make_submission, shape_form
from tests.support.foreign import assert_all_in_their_language
from tests.support.kinds import SmallSite


@pytest.mark.parametrize(("signed_in", "read_in"), [("en", "uk"), ("uk", "en")])
def test_what_one_signed_in_one_language_is_marked_when_read_in_the_other(
    site: SmallSite, signed_in: str, read_in: str
) -> None:
    shape_form(site, "long_text")
    name, words = {"en": ("Mary", "Please act."), "uk": ("Марія", "Прошу діяти.")}[signed_in]
    answers = {"_long_text": words, "_text": words, "_choice": "friend", "_yes_no": True}
    page = site["portland"][signed_in]
    signature = confirmed(page, name=name, comment=words, answers=answers)
    change = confirm_token(make_submission(page, name=name, country="US"))
    for path in (f"{change}/confirm/", f"{own_token(signature)}/"):
        html = Client().get(f"/{read_in}/signatures/{path}").content.decode()
        assert_all_in_their_language({path: html}, read_in)
        assert html.count(words) >= 2
