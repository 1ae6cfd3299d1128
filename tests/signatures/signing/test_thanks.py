"""Where a signer arrives: their number, and where to go on."""

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from signatures import lifecycle
from signatures.models import Signature
from signatures.signing.tokens import own_token
from tests.support.factories import confirmed, make_city_petition
from tests.support.kinds import SmallSite

pytestmark = pytest.mark.django_db


def thanks(signature: Signature) -> Tag | None:
    html = Client().get(f"/en/signatures/{own_token(signature)}/").content
    return BeautifulSoup(html, "html.parser").select_one(".thanks")


def leads_to(signature: Signature) -> str:
    """The next city's address; empty where none is offered."""
    found = thanks(signature)
    assert found is not None
    link = found.select_one("a.button--sign")
    return str(link["href"]) if link else ""


def test_a_signer_learns_their_number(site: SmallSite) -> None:
    confirmed(site["portland"]["en"], "first@example.org")
    found = thanks(confirmed(site["portland"]["en"]))
    assert found is not None
    number = found.select_one(".thanks__number b")
    assert number is not None
    assert number.get_text() == "2"


def test_the_next_city_is_one_that_is_open_and_not_signed_yet(site: SmallSite) -> None:
    portland = site["portland"]["en"]
    alone = confirmed(portland)
    assert leads_to(alone) == ""
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")["en"]
    assert leads_to(alone) == tacoma.url
    discreet = confirmed(portland, "safe@example.org", discreet=True)
    assert leads_to(discreet) == ""
    both = confirmed(portland, "both@example.org")
    confirmed(tacoma, "both@example.org", name="Somebody Else")
    assert leads_to(both) == tacoma.url, "it tells nothing of who shares the mailbox"
    confirmed(tacoma, "both@example.org")
    assert leads_to(both) == ""
    tacoma.unpublish()
    assert leads_to(alone) == ""


def test_who_took_a_signature_back_is_not_thanked(site: SmallSite) -> None:
    signature = confirmed(site["portland"]["en"])
    lifecycle.withdraw(signature)
    assert thanks(signature) is None
