"""Who publishes a petition hands it over; whoever may not, and what is wrong, is told so."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Delivery, PetitionEvent, PetitionPage, Recipient
from deliveries.models import Pack
from deliveries.packs import handing
from jobs.worker import drain
from signatures.models import Signature
from tests.deliveries.conftest import Prepare
from tests.support.kinds import CityPages, Response

pytestmark = pytest.mark.django_db
LIST = "/admin/deliveries/"


def prepare_by_form(client: Client, page: PetitionPage, **changes: Any) -> Response:
    data = {"petitions": [str(page.petition_id)], "language": "en", "way": "print"}
    response: Response = client.post(LIST, {**data, **changes})
    return response


def act(client: Client, delivery: Delivery, name: str, **data: Any) -> Response:
    return client.post(f"{LIST}{delivery.pk}/{name}/", data)


def test_it_is_made_taken_and_said_to_be_handed_over(
    moderator: Client, portland: CityPages, signers: list[Signature]
) -> None:
    response = prepare_by_form(moderator, portland["en"])
    delivery = Delivery.objects.get()
    assert response["Location"] == f"{LIST}{delivery.pk}/"
    assert "Steps done: 0" in moderator.get(response["Location"]).content.decode()
    drain()
    files = zipfile.ZipFile(io.BytesIO(act(moderator, delivery, "take").content))
    delivery.refresh_from_db()
    assert set(files.namelist()) == set(delivery.checksums)
    day = handing.today(delivery.petition).isoformat()
    unsure = act(moderator, delivery, "hand-over", day=day, receipt="No. 7")
    assert unsure.status_code == 422
    assert "would erase 3 signers sooner" in unsure.content.decode()
    act(moderator, delivery, "hand-over", day=day, receipt="No. 7", is_sure="on")
    delivery.refresh_from_db()
    assert (delivery.receipt, delivery.event and delivery.event.date.isoformat()) == ("No. 7", day)
    assert "delivered on" in moderator.get(LIST).content.decode()
    assert act(moderator, delivery, "delete")["Location"] == f"{LIST}{delivery.pk}/"
    assert Delivery.objects.exists()


@pytest.mark.parametrize("days", [-400, 1])
def test_it_is_not_handed_over_before_it_was_counted_or_later_than_today(
    moderator: Client, prepare: Prepare, signers: list[Signature], days: int
) -> None:
    delivery = prepare()
    day = (handing.today(delivery.petition) + timedelta(days=days)).isoformat()
    assert act(moderator, delivery, "hand-over", day=day, is_sure="on").status_code == 422
    assert not PetitionEvent.objects.filter(kind="delivered").exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"way": "email"}, "No address is known for the recipient of"),
        ({"way": "email", "email": "mayor"}, "Enter a valid email address."),
        ({"petitions": []}, "Choose a petition."),
    ],
)
def test_what_is_missing_is_told(
    moderator: Client,
    portland: CityPages,
    signers: list[Signature],
    changes: dict[str, Any],
    told: str,
) -> None:
    response = prepare_by_form(moderator, portland["en"], **changes)
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not Delivery.objects.exists()


def test_what_nobody_signed_or_shows_no_page_is_not_handed_over(
    moderator: Client, portland: CityPages, signers: list[Signature]
) -> None:
    portland["uk"].unpublish()
    response = prepare_by_form(moderator, portland["en"], language="uk")
    assert "has no public page in this language" in response.content.decode()
    Signature.objects.update(held_at=timezone.now())
    response = prepare_by_form(moderator, portland["en"])
    assert "there is nothing to hand over" in response.content.decode()
    assert not Delivery.objects.exists()


def test_one_that_is_prepared_is_offered_to_nobody_else(
    moderator: Client, portland: CityPages, prepare: Prepare, signers: list[Signature]
) -> None:
    prepare()
    assert prepare_by_form(moderator, portland["en"]).status_code == 422
    assert Delivery.objects.count() == 1


def test_an_email_waits_for_office_hours(
    moderator: Client, prepare: Prepare, signers: list[Signature]
) -> None:
    delivery = prepare("email", "mayor@city.example")
    act(moderator, delivery, "send", is_sure="on")
    assert Pack.objects.get().sends
    page = moderator.get(f"{LIST}{delivery.pk}/").content.decode()
    assert "Monday to Friday from 9 a.m. to 4 p.m." in page


def test_an_email_goes_to_the_mayor_s_own_address(
    moderator: Client, portland: CityPages, signers: list[Signature]
) -> None:
    city = portland["en"].tie.city
    Recipient.objects.create(city=city, email="mayor@portland.example", clerk="The recorder")
    prepare_by_form(moderator, portland["en"], way="email")
    assert Pack.objects.get().email == "mayor@portland.example"
    shown = moderator.get(f"{LIST}{Delivery.objects.get().pk}/").content.decode()
    assert "<li>The recorder</li>" in shown
    assert "Nobody knows who holds it: no source" in shown


def test_an_editor_hands_nothing_over(
    editor: Client, prepare: Prepare, signers: list[Signature]
) -> None:
    delivery = prepare()
    assert editor.get(LIST).status_code == 302
    act(editor, delivery, "hand-over", day=handing.today(delivery.petition), is_sure="on")
    assert not PetitionEvent.objects.filter(kind="delivered").exists()


def test_who_comes_second_is_told_that_somebody_else_prepares_it(
    moderator: Client, portland: CityPages, prepare: Prepare, signers: list[Signature]
) -> None:
    prepare()
    response = prepare_by_form(moderator, portland["en"])
    assert response.status_code == 422
    assert "somebody else is just preparing it" in response.content.decode()
