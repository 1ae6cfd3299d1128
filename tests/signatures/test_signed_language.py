"""What signers wrote stays in the language they wrote in."""

import pytest
from django.test import Client

from signatures.signing.tokens import confirm_token, own_token
from tests.support.factories import confirm_all, make_submission, shape_form
from tests.support.foreign import assert_all_in_their_language
from tests.support.kinds import SmallSite


@pytest.mark.parametrize(("signed_in", "read_in"), [("en", "uk"), ("uk", "en")])
def test_what_one_signed_in_one_language_is_marked_when_read_in_the_other(
    site: SmallSite, signed_in: str, read_in: str
) -> None:
    shape_form(site)
    name, words = {"en": ("Mary", "Please act."), "uk": ("Марія", "Прошу діяти.")}[signed_in]
    answers = {"_text": words, "_choice": "friend", "_yes_no": True}
    submission = make_submission(
        site["portland"][signed_in], name=name, comment=words, answers=answers
    )
    for token in (confirm_token(submission), own_token(submission.signature)):
        step = "confirm/" if token == confirm_token(submission) else ""
        html = Client().get(f"/{read_in}/signatures/{token}/{step}").content.decode()
        assert_all_in_their_language({step: html}, read_in)
        assert words in html
        confirm_all()
