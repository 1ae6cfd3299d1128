"""What a code opens: numbers then and now, the text, whether a file is ours; never a person."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns.models import Delivery
from deliveries.checking import MOST_BYTES
from deliveries.numbers import numbers_of
from security import limits
from signatures import lifecycle
from signatures.keeping.erasing import erase_people
from signatures.keeping.rounds import close_round
from signatures.models import Signature
from tests.conftest import Clock
from tests.deliveries.handed import FILE, handed
from tests.signatures.posting import OWN
from tests.support.factories import confirmed
from tests.support.kinds import CityPages, Response

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def delivery(portland: CityPages) -> Delivery:
    return handed(portland["en"].petition)


def page_of(delivery: Delivery, language: str = "en") -> str:
    return f"/{language}/deliveries/{delivery.code}/"


def checked(delivery: Delivery, content: bytes, name: str = "a.pdf", **more: Any) -> Response:
    file = BytesIO(content)
    file.name = name
    return Client().post(f"{page_of(delivery)}check/", {"file": file}, **OWN, **more)


def test_the_numbers_then_and_now_add_up(portland: CityPages) -> None:
    page = portland["en"]
    first, second, *_others = [confirmed(page, f"s{n}@example.org", name=f"S{n}") for n in range(5)]
    earlier = timezone.now() - timedelta(days=2)
    Signature.objects.update(confirmed_at=earlier)
    delivery = handed(page.petition, 1, totals={"signatures": 5})
    lifecycle.withdraw(first)
    # Anonymizing leaves the number as it was.
    erase_people(Signature.objects.filter(pk=second.pk), timezone.now())
    confirmed(page, "new@example.org", name="New")
    numbers = numbers_of(delivery)
    assert (numbers.then, numbers.gone, numbers.come, numbers.now) == (5, 1, 1, 5)


def test_who_is_anonymized_on_the_day_of_counting_is_neither_gone_nor_new(
    portland: CityPages,
) -> None:
    signature = confirmed(portland["en"])
    morning = (timezone.now() - timedelta(days=40)).replace(hour=6)
    Signature.objects.update(confirmed_at=morning)
    delivery = handed(
        portland["en"].petition,
        totals={"signatures": 1},
        counted_at=morning + timedelta(hours=1),
    )
    erase_people(Signature.objects.filter(pk=signature.pk), timezone.now())
    numbers = numbers_of(delivery)
    assert (numbers.gone, numbers.come) == (0, 0)


def test_a_round_that_closed_since_is_taken_for_no_withdrawal(portland: CityPages) -> None:
    petition = portland["en"].petition
    confirmed(portland["en"])
    delivery = handed(petition, totals={"signatures": 1})
    close_round(petition, timezone.now())
    numbers = numbers_of(delivery)
    assert (numbers.now, numbers.gone, numbers.is_new_round) == (0, 0, True)
    assert "A new round has begun" in Client().get(page_of(delivery)).content.decode()


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_page_tells_numbers_and_texts_and_no_person(portland: CityPages, language: str) -> None:
    page = portland[language]
    confirmed(page, "secret@example.org", name="Olena Secret")
    totals = {
        "signatures": 1250,
        "versions": {page.words.checksum: 1250},
        "by_country": {"US": 1200, "other": 50},
    }
    delivery = handed(page.petition, totals=totals, receipt="No. 7, Jane at the desk")
    response = Client().get(page_of(delivery, language))
    html = response.content.decode()
    assert f'<html lang="{language}"' in html
    assert page.words.ask in html
    assert {"en": "1,250", "uk": "1 250"}[language] in html.replace("\xa0", " ")
    assert "Olena" not in html
    assert "secret@" not in html
    assert "Jane" not in html, "what editors write of a receipt is for them"
    assert "noindex" in response["X-Robots-Tag"]


def test_a_code_is_read_however_it_is_typed_and_a_guess_tells_nothing(
    delivery: Delivery, portland: CityPages
) -> None:
    typed = delivery.code_told.lower()
    assert Client().get(f"/en/deliveries/{typed}/").status_code == 200
    Delivery.objects.filter(pk=delivery.pk).update(handed_at=None, ready_at=None)
    unready = Client().get(page_of(delivery))
    never = Client().get("/en/deliveries/22222-22222/")
    assert unready.status_code == never.status_code == 404


def test_whoever_guesses_too_often_is_told_nothing_of_any_code(
    delivery: Delivery, clock: Clock
) -> None:
    there = Client(REMOTE_ADDR="203.0.113.9")
    for number in range(limits.OF_ADDRESS.at_once):
        assert there.get(f"/en/deliveries/guess{number}/").status_code == 404
    for code in ("guess", delivery.code):
        response = there.get(f"/en/deliveries/{code}/")
        assert response.status_code == 429
        assert response["Retry-After"]
    assert Client(REMOTE_ADDR="198.51.100.7").get(page_of(delivery)).status_code == 200


def test_the_file_that_was_handed_over_is_known(delivery: Delivery) -> None:
    response = checked(delivery, FILE)
    assert response.status_code == 200
    assert "without a change" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (FILE + b" ", "none of the files of this delivery"),
        (b"name,country\n", "none of the files of this delivery"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither a PDF nor a CSV file"),
        (b"", "choose a file first"),
    ],
)
def test_any_other_file_gets_a_sentence(delivery: Delivery, content: bytes, sentence: str) -> None:
    assert sentence in checked(delivery, content).content.decode()


def test_a_file_is_refused_for_its_size_before_it_is_read(delivery: Delivery) -> None:
    response = checked(delivery, FILE, CONTENT_LENGTH=str(MOST_BYTES + 1))
    assert response.status_code == 413
    assert "too big" in response.content.decode()


def test_an_upload_is_kept_nowhere(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a file was opened for an upload")

    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", refuse)
    response = checked(delivery, b"%PDF-" + b"a" * 5_000_000)
    assert "none of the files" in response.content.decode()


def test_a_foreign_page_cannot_have_a_file_checked(delivery: Delivery) -> None:
    answer = Client().post(f"{page_of(delivery)}check/", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
