"""A recipient answers by a mailed link, once; the staff read it, and then everybody does."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from campaigns.models import Answer, Delivery, PetitionEvent
from deliveries.answering import deciding, links
from deliveries.answering.forms import PublishForm
from deliveries.answering.rights import untranslated_for
from deliveries.models import AnswerLink
from deliveries.packs import handing
from jobs.models import Job
from jobs.worker import drain
from security.log_lines import clean
from tests.deliveries.handed import MAILBOX, handed, mailed_link
from tests.library.dirty_pdfs import pdf
from tests.library.dirty_pictures import BYTES, drawing, encoded, exif
from tests.signatures.posting import OWN
from tests.support.factories import make_user
from tests.support.kinds import CityPages, Response
from tests.support.logins import login

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
WORDS = "We end the tie.\n\n<script>alert(1)</script> Sincerely"


@pytest.fixture
def delivery(portland: CityPages) -> Delivery:
    return handed(portland["en"].petition, days_ago=12)


def send(address: str, **changes: Any) -> Response:
    sent = {"signed_as": "Ted Example, Mayor", "language": "en", "text": WORDS, **changes}
    return Client().post(address, sent, **OWN)


def file(content: bytes, name: str) -> BytesIO:
    found = BytesIO(content)
    found.name = name
    return found


def answered(delivery: Delivery, **changes: Any) -> Answer:
    assert send(mailed_link(delivery), **changes).status_code == 200
    return Answer.objects.get(delivery=delivery)


def published(delivery: Delivery, **changes: Any) -> Answer:
    answer = answered(delivery, **changes)
    chosen = {
        "date": handing.today(delivery.petition),
        "text": "All of it.",
        "is_scan_public": True,
    }
    deciding.publish(answer, make_user("publisher"), chosen)
    answer.refresh_from_db()
    return answer


def test_opening_the_link_changes_nothing_and_sending_uses_it_up(delivery: Delivery) -> None:
    address = mailed_link(delivery)
    for _visit in range(2):
        page = Client().get(address)
        assert page.status_code == 200
        assert "no-store" in page["Cache-Control"]
    assert not Answer.objects.exists()
    assert send(address).status_code == 200
    assert Answer.objects.get().text == WORDS
    for response in (Client().get(address), send(address)):
        assert response.status_code == 404
    assert Answer.objects.count() == 1
    assert AnswerLink.objects.get().mailbox == ""


def test_a_link_forged_revoked_renewed_or_old_opens_nothing(delivery: Delivery) -> None:
    address = mailed_link(delivery)
    assert Client().get(address[:-3] + "xx/").status_code == 404
    newer = mailed_link(delivery)
    assert Client().get(address).status_code == 404
    AnswerLink.objects.update(given_at=timezone.now() - timedelta(days=366))
    assert Client().get(newer).status_code == 404
    links.forget_old()
    assert AnswerLink.objects.get().mailbox == ""
    newest = mailed_link(delivery)
    assert links.revoke(delivery, make_user("publisher"))
    assert Client().get(newest).status_code == 404
    assert not Answer.objects.exists()


def test_the_link_stands_in_no_job_and_no_line_of_a_log(delivery: Delivery) -> None:
    address = mailed_link(delivery)
    token = address.rstrip("/").rpartition("/")[2]
    assert mail.outbox[-1].to == [MAILBOX]
    assert not [job for job in Job.objects.all() if token in str(job.payload)]
    assert not [job for job in Job.objects.all() if MAILBOX in str(job.payload)]
    assert token not in clean(f'"GET {address} HTTP/1.1" 200')


def test_a_lost_link_is_mailed_again_to_the_recipient_alone(delivery: Delivery) -> None:
    mailed_link(delivery)
    for _press in range(4):
        response = Client().post(f"/en/deliveries/{delivery.code}/link/", **OWN)
        assert response.status_code == 303
        drain()
    assert [message.to for message in mail.outbox] == [[MAILBOX]] * 3
    assert MAILBOX not in Client().get(f"/en/deliveries/{delivery.code}/").content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"text": ""},
        {"signed_as": ""},
        {"language": "xx"},
        {"text": "Ми розриваємо звʼязок.", "language": "en"},
        {"text": "", "scan": file(b"MZ\0\0", "letter.pdf")},
        {"text": "", "scan": file(b"%PDF-1.4 broken", "letter.pdf")},
    ],
)
def test_what_is_wrong_is_told_and_the_link_stays_good(
    delivery: Delivery, changes: dict[str, Any]
) -> None:
    address = mailed_link(delivery)
    response = send(address, **changes)
    assert response.status_code == 422
    assert 'id="errors"' in response.content.decode()
    assert not Answer.objects.exists()
    assert Client().get(address).status_code == 200


@pytest.mark.parametrize(
    "scan",
    [
        file(encoded(drawing(), "JPEG", exif=exif()), "letter.jpg"),
        file(pdf(lambda made: made.docinfo.__setitem__("/Author", BYTES.decode())), "letter.pdf"),
    ],
)
def test_a_scan_is_cleaned_and_shown_to_nobody_before_it_is_published(
    delivery: Delivery, scan: BytesIO
) -> None:
    scan.seek(0)
    answer = answered(delivery, text="", scan=scan)
    assert BYTES not in answer.scan.open().read()
    address = f"/en/deliveries/{delivery.code}/scan/{answer.pk}/"
    assert Client().get(address).status_code == 404
    assert Client().get(f"/media/{answer.scan.name}").status_code == 404
    chosen = {
        "date": handing.today(delivery.petition),
        "text": "Word for word.",
        "is_scan_public": True,
    }
    deciding.publish(answer, make_user("publisher"), chosen)
    response = Client().get(address)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")


def test_an_answer_counts_its_days_from_the_day_that_the_timeline_tells(
    portland: CityPages,
) -> None:
    """Somebody may say only later that it was handed over."""
    delivery = handed(portland["en"].petition, days_ago=12)
    Delivery.objects.filter(pk=delivery.pk).update(handed_at=timezone.now(), way="print")
    page = Client().get(f"/en/deliveries/{delivery.code}/").content.decode()
    assert delivery.event
    assert f"{date_format(delivery.event.date)}, on paper or in person" in page
    answer = answered(delivery)
    day = delivery.event.date
    for told, days in (
        ("on the day of the delivery", 0),
        ("1 day after the delivery", 1),
    ):
        form = PublishForm({"date": day + timedelta(days=days)}, answer=answer)
        assert form.is_valid()
        deciding.publish(answer, make_user(f"publisher{days}"), form.cleaned_data)
        assert told in Client().get(portland["en"].url).content.decode()
        deciding.take_down(answer, make_user(f"another{days}"))
        answer.refresh_from_db()
    assert not PublishForm({"date": day - timedelta(days=1)}, answer=answer).is_valid()


def test_the_mailed_link_names_the_petition_as_its_page_does(
    delivery: Delivery, portland: CityPages
) -> None:
    for language in ("en", "uk"):
        mailed_link(delivery, language)
        assert portland[language].heading in str(mail.outbox[-1].subject)


def test_an_answer_stands_in_full_on_the_page_only_once_it_is_published(
    delivery: Delivery, portland: CityPages
) -> None:
    answer = answered(delivery)
    addresses = [portland["en"].url, f"/en/deliveries/{delivery.code}/"]
    for address in addresses:
        assert "We end the tie" not in Client().get(address).content.decode()
    assert "An answer has come" in Client().get(addresses[1]).content.decode()
    deciding.publish(answer, make_user("publisher"), {"date": handing.today(delivery.petition)})
    for address in addresses:
        html = Client().get(address).content.decode()
        assert "We end the tie." in html
        assert "Sincerely" in html
        assert "<script>alert" not in html
        assert "12 days after the delivery" in html
    [event] = PetitionEvent.objects.filter(kind="replied")
    assert event.answer == answer
    assert f'href="#answer-{answer.pk}"' in Client().get(portland["en"].url).content.decode()


def test_an_answer_is_read_in_translation_with_the_original_beside_it(
    delivery: Delivery, portland: CityPages
) -> None:
    answer = published(delivery)
    login("translator", "uk")
    address = portland["uk"].url
    assert "ще не перекладено" in Client().get(address).content.decode()
    translator = User.objects.get(username="translator")
    assert list(untranslated_for(translator)) == [answer]
    deciding.translate(answer, translator, "uk", "Ми розриваємо звʼязок.")
    assert not untranslated_for(translator).exists()
    html = Client().get(address).content.decode()
    assert "Ми розриваємо звʼязок." in html
    assert '<blockquote lang="en" dir="auto"><p>We end the tie.' in html
    assert "We end the tie." in Client().get(portland["en"].url).content.decode()


def test_what_is_taken_down_is_gone_and_waits_again(
    delivery: Delivery, portland: CityPages
) -> None:
    answer = published(delivery)
    deciding.take_down(answer, make_user("other"))
    assert "We end the tie" not in Client().get(portland["en"].url).content.decode()
    assert not PetitionEvent.objects.filter(kind="replied").exists()
    answer.refresh_from_db()
    assert answer.state == Answer.State.WAITING


def test_nothing_stays_of_what_is_refused(
    delivery: Delivery, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    answer = answered(delivery, scan=file(encoded(drawing(), "PNG"), "letter.png"))
    name, storage = answer.scan.name, answer.scan.storage
    with django_capture_on_commit_callbacks(execute=True):
        deciding.refuse(answer, make_user("publisher"), "not theirs")
    answer.refresh_from_db()
    assert (answer.text, answer.scan.name, answer.state) == ("", "", "refused")
    assert name
    assert not storage.exists(name)
    with pytest.raises(Answer.DoesNotExist), transaction.atomic():
        deciding.publish(answer, make_user("late"), {"date": date(2030, 1, 1), "text": "x"})


def test_an_answer_is_due_a_month_after_the_delivery_and_until_it_comes(
    delivery: Delivery, portland: CityPages
) -> None:
    page = portland["en"]
    assert delivery.event
    assert page.answer_due == delivery.event.date + timedelta(days=30)
    assert "There is no answer yet" in Client().get(page.url).content.decode()
    published(delivery)
    again = type(page).objects.get(pk=page.pk)
    assert again.answer_due is None
    assert "There is no answer yet" not in Client().get(page.url).content.decode()


def test_those_decide_who_publish_the_petition_and_others_see_what_is_public(
    delivery: Delivery,
) -> None:
    answer = answered(delivery)
    address = f"/admin/deliveries/answers/{answer.pk}/"
    assert login("translator", "uk").get(address).status_code == 404
    assert login("officer").get("/admin/deliveries/answers/").status_code != 200
    moderator = login("moderator")
    assert "Answers to read" in moderator.get("/admin/").content.decode()
    assert "We end the tie." in moderator.get(address).content.decode()
    early = {"action": "publish", "date": "2020-01-01"}
    assert moderator.post(address, early).status_code == 422
    today = f"{delivery.petition.local_time(timezone.now()):%Y-%m-%d}"
    moderator.post(address, {"action": "publish", "date": today})
    answer.refresh_from_db()
    assert answer.state == Answer.State.PUBLISHED
    assert answer.decided_by is not None
    assert answer.decided_by.username == "moderator"


def test_a_moderator_gives_a_recipient_the_link_and_takes_it_back(delivery: Delivery) -> None:
    moderator = login("moderator")
    address = f"/admin/deliveries/{delivery.pk}/answer-link/"
    wrong = {"action": "give", "email": "nobody", "language": "uk"}
    assert moderator.post(address, wrong).status_code == 422
    moderator.post(address, {"action": "give", "email": MAILBOX, "language": "uk"})
    drain()
    [message] = mail.outbox
    assert "/uk/deliveries/answer/" in str(message.body)
    moderator.post(address, {"action": "revoke"})
    assert not AnswerLink.objects.open().exists()
    assert login("editor", "end-ties").get(address).status_code in (302, 403)
