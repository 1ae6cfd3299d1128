"""A name goes to the recipient only by a box of its own, which names that recipient."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from signatures.keeping.erasing import erase_people
from signatures.models import Erased, Signature
from signatures.signing.tokens import own_token
from tests.signatures.posting import OWN, post
from tests.support.factories import confirm_all, confirmed, publish
from tests.support.kinds import CityPages, SmallSite

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def own(signature: Signature) -> str:
    return f"/en/signatures/{own_token(signature)}/"


def agree(signature: Signature, agreed: str = "") -> str:
    """By the page's own form; returns to whom the name may be handed then."""
    html = BeautifulSoup(Client().get(own(signature)).content, "html.parser")
    box = html.select_one("#agreed")
    data = {"agreed": agreed or box["value"]} if box and agreed != "no" else {}
    assert Client().post(own(signature), {"action": "name", **data}, **OWN).status_code == 303
    signature.refresh_from_db()
    return signature.named_to


def test_the_box_is_not_ticked_and_names_the_recipient(portland: CityPages) -> None:
    page = portland["en"]
    signature = confirmed(page)
    html = BeautifulSoup(Client().get(own(signature)).content, "html.parser")
    box = html.select_one("#agreed")
    assert box
    assert not box.has_attr("checked")
    assert page.recipient in html.select_one("label[for=agreed]").text  # type: ignore[union-attr]
    assert agree(signature) == page.recipient
    assert list(Signature.objects.named_to([page.recipient])) == [signature]
    assert not Signature.objects.named_to(["Somebody else"]).exists()


def test_what_is_taken_back_stays_so_after_a_restore(portland: CityPages) -> None:
    signature = confirmed(portland["en"])
    agree(signature)
    assert agree(signature, "no") == ""
    assert Erased.objects.filter(what=Erased.What.NAMED_TO, subject=signature.pk).exists()


def test_a_box_that_named_another_recipient_agrees_to_nothing(site: SmallSite) -> None:
    signature = confirmed(site["portland"]["en"])
    campaign = site["campaign"]["en"]
    campaign.city_recipient = "Council {of_city}"
    publish(campaign)
    assert agree(signature, "Mayor of Portland") == ""


def test_who_erases_or_hides_is_named_to_nobody(portland: CityPages) -> None:
    signature = confirmed(portland["en"])
    agree(signature)
    erase_people(Signature.objects.filter(pk=signature.pk), timezone.now())
    signature.refresh_from_db()
    assert signature.named_to == ""


def test_in_safety_mode_nobody_is_asked(portland: CityPages) -> None:
    page = portland["en"]
    post(page, discreet="on")
    confirm_all()
    signature = Signature.objects.get()
    assert agree(signature, page.recipient) == ""


def test_who_signs_anew_in_safety_mode_is_named_no_more(portland: CityPages) -> None:
    page = portland["en"]
    signature = confirmed(page)
    agree(signature)
    post(page, discreet="on", name=signature.name, email=signature.email)
    confirm_all()
    signature.refresh_from_db()
    assert (signature.discreet, signature.named_to) == (True, "")
