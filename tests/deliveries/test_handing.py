"""What is handed over makes the public event and starts the clock; its files are gone in a day."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from campaigns.models import Answer, Delivery, PetitionEvent
from deliveries.models import Pack
from deliveries.packs import files, handing, making
from signatures.keeping.retention import Why, plans
from signatures.models import Signature
from signatures.signing.confirming import erase_signature
from tests.conftest import Clock
from tests.deliveries.conftest import Prepare
from tests.support.factories import confirm_change, shown
from tests.support.kinds import CityPages

pytestmark = pytest.mark.django_db


def hand_over(delivery: Delivery, by: User) -> bool:
    return handing.hand_over(delivery, by, handing.today(delivery.petition), "No. 7")


def test_a_delivery_makes_one_event_and_starts_the_clock(
    prepare: Prepare, signers: list[Signature], by: User
) -> None:
    delivery = prepare()
    petition = delivery.petition
    assert handing.erases_told(petition, handing.today(petition))
    assert not petition.events.filter(kind=PetitionEvent.Kind.DELIVERED).exists()
    assert hand_over(delivery, by)
    assert not hand_over(delivery, by)
    event = petition.events.get(kind=PetitionEvent.Kind.DELIVERED)
    assert event.delivery == delivery
    planned = plans(timezone.now(), petition.pk)[petition.pk]
    assert Why.DELIVERED in {each.act.why for each in planned}


def test_what_is_not_ready_is_not_handed_over(
    prepare: Prepare, signers: list[Signature], by: User
) -> None:
    delivery = prepare(steps=2)
    assert not hand_over(delivery, by)
    with pytest.raises(handing.NotReadyError):
        handing.take(delivery.pack, by)
    assert not PetitionEvent.objects.filter(kind=PetitionEvent.Kind.DELIVERED).exists()


def test_two_editors_prepare_one(prepare: Prepare, signers: list[Signature]) -> None:
    prepare()
    with pytest.raises(IntegrityError), transaction.atomic():
        prepare()
    assert Pack.objects.count() == 1


def test_who_takes_the_name_back_is_not_handed_over(
    prepare: Prepare, signers: list[Signature], by: User
) -> None:
    delivery = prepare()
    signers[0].let_name("")
    with pytest.raises(handing.NotReadyError):
        handing.take(delivery.pack, by)
    while making.step(delivery.pk):
        pass
    delivery.refresh_from_db()
    assert delivery.totals["names"] == 0
    assert "names-01.csv" not in delivery.checksums


def test_who_takes_the_name_back_after_the_delivery_changes_nothing_of_it(
    prepare: Prepare, signers: list[Signature], by: User
) -> None:
    delivery = prepare()
    assert hand_over(delivery, by)
    signers[0].let_name("")
    with pytest.raises(handing.NotReadyError):
        handing.take(Pack.objects.get(), by)
    delivery.refresh_from_db()
    assert delivery.ready_at
    assert "names-01.csv" in delivery.checksums


def test_who_takes_it_back_while_it_is_made_has_it_made_anew(
    prepare: Prepare, signers: list[Signature]
) -> None:
    delivery = prepare(steps=3)
    signers[0].let_name("")
    assert not making.step(delivery.pk)
    while making.step(delivery.pk):
        pass
    delivery.refresh_from_db()
    assert (delivery.pack.state, delivery.totals["names"]) == (Pack.State.READY, 0)


def test_its_files_are_gone_a_day_after_they_were_handed_out(
    prepare: Prepare, signers: list[Signature], by: User, clock: Clock
) -> None:
    delivery = prepare()
    assert handing.take(delivery.pack, by).startswith(b"PK")
    assert hand_over(delivery, by)
    Pack.objects.update(handed_out_at=timezone.now() - timedelta(hours=23))
    assert handing.delete_old() == 0
    Pack.objects.update(handed_out_at=timezone.now() - timedelta(hours=25))
    assert handing.delete_old() == 1
    pack = Pack.objects.get()
    assert (pack.state, pack.key, pack.email) == (Pack.State.GONE, "", "")
    assert not files.storage().exists(files.path(pack, "names-01.csv"))
    assert handing.delete_old() == 0
    delivery.refresh_from_db()
    assert delivery.checksums


def test_files_that_nobody_took_are_gone_a_day_after_the_delivery(
    prepare: Prepare, signers: list[Signature], by: User
) -> None:
    delivery = prepare()
    assert hand_over(delivery, by)
    assert handing.delete_old() == 0
    Pack.objects.update(handed_out_at=F("handed_out_at") - timedelta(hours=25))
    assert handing.delete_old() == 1
    assert Pack.objects.get().key == ""


def test_an_erasure_after_a_delivery_leaves_the_number_alone(
    prepare: Prepare, signers: list[Signature], by: User
) -> None:
    delivery = prepare()
    assert hand_over(delivery, by)
    Pack.objects.update(handed_out_at=timezone.now() - timedelta(hours=25))
    handing.delete_old()
    key, name = str(signers[0].pk), signers[0].name
    erase_signature(signers[0])
    delivery.refresh_from_db()
    kept = [str(getattr(delivery, field.attname)) for field in Delivery._meta.concrete_fields]
    kept += [str(value) for row in Pack.objects.values() for value in row.values()]
    assert not any(part in text for text in kept for part in (key, name))
    assert delivery.totals["signatures"] == len(signers)


def test_what_nobody_takes_is_dropped(prepare: Prepare, signers: list[Signature]) -> None:
    pack = prepare().pack
    Pack.objects.update(asked_at=timezone.now() - timedelta(days=15))
    assert handing.delete_old() == 1
    assert not Delivery.objects.exists()
    assert not files.storage().exists(files.path(pack, "petition-en.pdf"))


def test_what_has_an_answer_is_not_dropped_but_its_files_are(
    prepare: Prepare, signers: list[Signature], by: User
) -> None:
    delivery = prepare()
    Answer.objects.create(delivery=delivery, signed_as="Mayor", language="en", text="Yes.")
    assert not handing.drop(delivery, by)
    assert files.storage().exists(files.path(delivery.pack, "petition-en.pdf"))
    Pack.objects.update(asked_at=timezone.now() - timedelta(days=15))
    assert handing.delete_old() == 1
    assert (Pack.objects.get().state, Pack.objects.get().key) == (Pack.State.GONE, "")
    assert handing.delete_old() == 0


def test_what_came_back_is_delivered_no_more(
    prepare: Prepare, signers: list[Signature], by: User, portland: CityPages
) -> None:
    delivery = prepare()
    assert hand_over(delivery, by)
    delivery.refresh_from_db()
    assert handing.note_bounce(delivery, by)
    delivery.refresh_from_db()
    assert (delivery.handed_at, delivery.event) == (None, None)
    assert not portland["en"].petition.events.filter(kind=PetitionEvent.Kind.DELIVERED).exists()


TAKE_BACK: dict[str, Callable[[Signature], object]] = {
    "hidden": lambda row: Signature.objects.filter(pk=row.pk).update(comment_state="hidden"),
    "erased": erase_signature,
    "changed": lambda row: confirm_change(row, comment="Go on."),
}


@pytest.mark.parametrize("way", TAKE_BACK)
def test_a_comment_that_is_public_no_more_is_not_handed_over(
    way: str, prepare: Prepare, signers: list[Signature], by: User, portland: CityPages
) -> None:
    quoted = shown(portland["en"], "q@example.org", comment="Stop it.")
    delivery = prepare()
    assert delivery.totals["comments"] == 1
    TAKE_BACK[way](quoted)
    with pytest.raises(handing.NotReadyError):
        handing.take(delivery.pack, by)
    while making.step(delivery.pk):
        pass
    delivery.refresh_from_db()
    assert (delivery.pack.state, delivery.totals["comments"]) == (Pack.State.READY, 0)


def test_a_comment_that_is_read_later_is_not_in_it(
    prepare: Prepare, signers: list[Signature], by: User, portland: CityPages
) -> None:
    first = shown(portland["en"], "1@example.com", comment="Stop it.")
    delivery = prepare(steps=1)
    shown(portland["en"], "2@example.com", comment="Now.")
    assert [row.pk for row in making.quoted(delivery.pack)] == [first.pk]


def test_who_takes_it_back_after_the_delivery_has_its_files_deleted(
    prepare: Prepare, signers: list[Signature], by: User
) -> None:
    delivery = prepare()
    assert hand_over(delivery, by)
    signers[0].let_name("")
    with pytest.raises(handing.NotReadyError):
        handing.take(delivery.pack, by)
    assert Pack.objects.get().state == Pack.State.GONE
    assert not making.begin(delivery)
    after = Delivery.objects.get()
    assert (after.checksums, bool(after.ready_at)) == (delivery.checksums, True)


def test_what_was_answered_arrived(
    prepare: Prepare, signers: list[Signature], by: User, clock: Clock
) -> None:
    """Somebody may be given the link before anybody says that it was handed over."""
    delivery = prepare()
    Answer.objects.create(delivery=delivery, signed_as="Ted", language="en", text="Yes.")
    assert not handing.drop(delivery, by)
    Pack.objects.update(asked_at=timezone.now() - timedelta(days=15))
    assert handing.delete_old() == 1
    assert handing.delete_old() == 0
    assert Pack.objects.get().state == Pack.State.GONE
    assert hand_over(delivery, by)
    delivery.refresh_from_db()
    assert not handing.note_bounce(delivery, by)
