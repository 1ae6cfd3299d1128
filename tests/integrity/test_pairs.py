"""Two signatures that may be one person's both count, and staff see them beside each other."""

import pytest
from django.test import Client

from campaigns.models import PetitionPageBase
from integrity.pairs import beside_another
from signatures.models import Signature, Submission
from signatures.signing.confirming import confirm_submission
from signatures.signing.tokens import confirm_token
from tests.signatures.posting import post
from tests.support.factories import confirmed, make_submission
from tests.support.kinds import CityPages

pytestmark = pytest.mark.both_databases
TOLD = "Somebody else has already signed this petition with this email address."


def sent(page: PetitionPageBase, email: str, name: str = "Olena") -> Signature:
    assert post(page, email=email, name=name).status_code == 303
    signature = confirm_submission(Submission.objects.latest("created_at"))
    assert signature
    return signature


def test_other_spellings_and_second_persons_stand_beside_another(
    portland: CityPages, tacoma: CityPages
) -> None:
    page = portland["en"]
    sent(page, "olena@gmail.com")
    dotted = sent(page, "ol.ena@gmail.com")
    tagged = [sent(page, f"ivan+{number}@ukr.net", "Ivan") for number in range(2)]
    sent(page, "both@example.org", "Petro")
    second = sent(page, "both@example.org", "Maria")
    # Alone, or for another petition.
    sent(page, "alone+tag@ukr.net", "Taras")
    sent(tacoma["en"], "ol.ena@gmail.com")
    assert set(beside_another(Signature.objects.all())) == {dotted, *tagged, second}
    assert Signature.objects.counted().count() == 8


def confirm_page(submission: Submission) -> str:
    return Client().get(f"/en/signatures/{confirm_token(submission)}/confirm/").content.decode()


def test_a_second_person_is_told_before_confirming(portland: CityPages) -> None:
    page = portland["en"]
    first = confirmed(page, "both@example.org", name="Petro")
    second = make_submission(page, "both@example.org", name="Maria")
    assert TOLD in confirm_page(second)
    assert TOLD not in confirm_page(make_submission(page, "maria@example.org", name="Maria"))
    # Who shares a mailbox with somebody who must not know.
    Signature.objects.filter(pk=first.pk).update(discreet=True)
    assert TOLD not in confirm_page(second)
