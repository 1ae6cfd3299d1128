"""A delivery is found by its code however it is typed, and knows the files that were handed over."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from campaigns.models import Delivery
from campaigns.records.deliveries import CODE_SIGNS
from tests.support.kinds import CityPages

pytestmark = pytest.mark.django_db


@pytest.fixture
def delivery(portland: CityPages) -> Delivery:
    return Delivery.objects.create(
        petition=portland["en"].petition, recipients={"en": "Mayor", "uk": "Мер"}
    )


def test_a_code_is_found_as_it_is_told_and_as_it_is_typed(delivery: Delivery) -> None:
    assert set(delivery.code) <= set(CODE_SIGNS)
    for typed in (delivery.code, delivery.code_told, f" {delivery.code_told.lower()} "):
        assert Delivery.objects.by_code(typed).get() == delivery
    assert not Delivery.objects.by_code("").exists()


def test_a_recipient_is_told_in_the_readers_language_or_in_that_of_the_files(
    delivery: Delivery,
) -> None:
    with override("uk"):
        assert delivery.recipient == "Мер"
    with override("de"):
        assert delivery.recipient == "Mayor"


def test_a_file_is_known_by_its_checksum(delivery: Delivery) -> None:
    delivery.checksums = {"portland-en.pdf": "a" * 64, "portland.csv": "b" * 64}
    assert delivery.file_of("b" * 64) == "portland.csv"
    assert delivery.file_of("c" * 64) is None


def test_only_what_is_ready_is_handed_over_and_only_one_is_in_the_making(
    delivery: Delivery,
) -> None:
    now, petition = timezone.now(), delivery.petition
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(handed_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(petition=petition)
    Delivery.objects.filter(pk=delivery.pk).update(counted_at=now, ready_at=now, handed_at=now)
    second = Delivery.objects.create(petition=petition)
    assert list(Delivery.objects.handed()) == [delivery]
    assert list(Delivery.objects.ready()) == [delivery]
    assert set(petition.deliveries.all()) == {delivery, second}
