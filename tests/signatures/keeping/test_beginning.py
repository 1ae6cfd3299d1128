"""Moderators and administrators are told which petitions end, and begin another round of them."""

import pytest
from django.test import Client

from campaigns.models import Petition, PetitionPage, Round
from jobs.worker import drain
from signatures import counts, lifecycle
from signatures.models import Signature
from tests.conftest import Clock
from tests.support.factories import confirmed, make_submission
from tests.support.kinds import SmallSite
from translations.dates.months import months_before

pytestmark = pytest.mark.django_db
YES = {"is_sure": "on"}


@pytest.fixture
def page(site: SmallSite, clock: Clock) -> PetitionPage:
    """Of the one petition that ends in two months."""
    page = site["portland"]["en"]
    old = months_before(clock.now, 19)
    Petition.objects.filter(pk=page.petition_id).update(created_at=old)
    Petition.objects.exclude(pk=page.petition_id).update(created_at=clock.now)
    return page


def test_the_home_leads_to_the_round_that_can_be_begun(admin: Client, page: PetitionPage) -> None:
    address = f"/admin/petitions/{page.petition_id}/round/"
    html = admin.get("/admin/").content.decode()
    assert html.count("/round/") == 1
    assert address in html
    confirmed(page, "a@example.org")
    lifecycle.withdraw(confirmed(page, "b@example.org"))
    make_submission(page, "c@example.org")
    assert "held for review" not in admin.get(address).content.decode()
    held = confirmed(page, "d@example.org")
    lifecycle.hold(Signature.objects.filter(pk=held.pk))
    told = admin.get(address)
    assert (told.context["number"], told.context["asked"]) == (1, 1)
    assert "1 confirmed signature is held for review" in told.content.decode()
    assert "May 1, 2026" in told.content.decode()


def test_a_round_begins_once_it_is_agreed_to(admin: Client, page: PetitionPage) -> None:
    confirmed(page)
    address = f"/admin/petitions/{page.petition_id}/round/"
    assert admin.post(address).status_code == 200
    assert admin.post(address, {"other": "x"}).status_code == 422
    drain()
    assert not Round.objects.exists()
    assert admin.post(address, YES).status_code == 302
    admin.post(address, YES)
    drain()
    closed = Round.objects.get()
    assert closed.signatures == 1
    assert counts.signatures_of(closed.petition) == 0
    assert "/round/" not in admin.get("/admin/").content.decode()
    history = admin.get(f"/admin/snippets/campaigns/petition/history/{page.petition_id}/")
    assert "Round 1 was closed at 1, and another began" in history.content.decode()


def test_before_its_time_no_round_begins(admin: Client, page: PetitionPage) -> None:
    other = Petition.objects.get(parent=None)
    response = admin.post(f"/admin/petitions/{other.pk}/round/", YES)
    assert "in the last three months" in response.content.decode()
    drain()
    assert not Round.objects.exists()
