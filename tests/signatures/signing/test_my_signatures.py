"""Who lost the link gets all of them by mail, and nobody else learns that there is one."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone, translation

from campaigns.models import CampaignPage, Petition
from home.models import HomePage
from jobs.models import Job
from jobs.worker import drain
from security.limits import OF_ADDRESS
from signatures import lifecycle
from signatures.keeping.erasing import erase_people
from signatures.mailboxes import reader_of
from signatures.models import Allowance, Signature, Submission, Suppression
from signatures.signing import allowances, own_links
from signatures.signing.tokens import confirm_token, own_token
from tests.conftest import Clock
from tests.signatures.posting import OWN, post
from tests.support.factories import (
    confirmed,
    in_status,
    make_campaign,
    make_city_petition,
    make_submission,
)
from tests.support.kinds import CityPages, Response, SmallSite

pytestmark = pytest.mark.django_db
EMAIL = "olena@example.org"
HERE = "/en/my-signatures/"


def ask(email: str = EMAIL, language: str = "en", client: Client | None = None) -> Response:
    address = f"/{language}/my-signatures/"
    return (client or Client()).post(address, {"email": email}, **OWN)


def mailed() -> list[str]:
    """The links in the newest mail, without the one that stops mails."""
    found = re.findall(r"http://testserver(/\S+/)\s", str(mail.outbox[-1].body))
    return [link for link in found if not link.endswith("/stop/")]


def own(signature: Signature) -> str:
    signature.refresh_from_db()
    return f"/en/signatures/{own_token(signature)}/"


def test_one_mail_has_all_links_in_every_campaign_and_state(site: SmallSite) -> None:
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")["en"]
    other = make_campaign_beside(site)
    open_one = confirmed(site["portland"]["en"], name="Olena")
    closed = confirmed(site["campaign"]["en"], "Olena@example.org".lower(), name="Olena")
    Petition.objects.filter(pk=closed.petition_id).update(closes_at=timezone.now())
    elsewhere = confirmed(other, name="Olena")
    sharing = confirmed(tacoma, name="Taras")
    back = confirmed(tacoma, name="Olena")
    lifecycle.withdraw(back)
    Signature.objects.filter(pk=sharing.pk).update(**in_status("invalidated"))
    waiting = make_submission(site["portland"]["en"], name="Third")
    drain()
    mail.outbox.clear()
    confirmed(site["portland"]["en"], "stranger@example.org")
    assert ask().status_code == 303
    drain()
    [message] = mail.outbox
    assert message.to == [EMAIL]
    confirm = f"/en/signatures/{confirm_token(waiting)}/confirm/"
    expected = {own(each) for each in (open_one, closed, elsewhere, back, sharing)} | {confirm}
    assert set(mailed()) == expected
    for link in expected:
        assert Client().get(link).status_code == 200
    assert "You have withdrawn it." in str(message.body)
    assert "It is not counted." in str(message.body)
    assert "Olena" not in str(message.body)


def make_campaign_beside(site: SmallSite) -> CampaignPage:
    """Another campaign, with a key of its own."""
    CampaignPage.objects.update(slug="before")
    homes = {code: HomePage.objects.get(pk=page.pk) for code, page in site["home"].items()}
    return make_campaign(homes)["en"]


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_mail_is_in_the_language_of_the_page_where_it_was_asked_for(
    portland: CityPages, language: str
) -> None:
    signature = confirmed(portland["en"])
    subjects = {
        "en": ("The links to your signatures", "A new link to your signature"),
        "uk": ("Посилання на ваші підписи", "Нове посилання на ваш підпис"),
    }
    ask(language=language)
    work_elsewhere()
    here = own(signature).replace("/en/", f"/{language}/")
    Client().post(here, {"action": "renew"}, **OWN)
    work_elsewhere()
    assert tuple(message.subject for message in mail.outbox[-2:]) == subjects[language]
    for message in mail.outbox[-2:]:
        assert set(re.findall(r"testserver/(\w+)/", str(message.body))) == {language}


def work_elsewhere() -> None:
    """In a process that has seen no page of the language."""
    with translation.override("en"):
        drain()


@pytest.mark.parametrize("state", ["nothing", "withdrawn", "anonymized", "suppressed", "expired"])
def test_where_there_is_nothing_to_send_or_nobody_to_send_it_to_no_mail_goes(
    portland: CityPages, state: str, clock: Clock
) -> None:
    page = portland["en"]
    if state == "expired":
        make_submission(page)
        drain()
        clock.go_on(days=8)
    elif state != "nothing":
        signature = confirmed(page)
        drain()
    if state == "withdrawn":
        lifecycle.withdraw(signature)
    elif state == "anonymized":
        erase_people(Signature.objects.all(), clock.now)
    elif state == "suppressed":
        Suppression.objects.create(mailbox_key=reader_of(EMAIL))
    mail.outbox.clear()
    ask()
    drain()
    assert not mail.outbox
    assert not Job.objects.exists()


def test_the_page_is_everybodys_and_sets_no_cookie(site: SmallSite) -> None:
    for address in (HERE, f"{HERE}?asked"):
        response = Client().get(address)
        assert response.status_code == 200
        assert "public" in response["Cache-Control"]
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


def test_it_is_linked_from_where_somebody_may_look_for_it(site: SmallSite) -> None:
    page = site["portland"]["en"]
    check = post(page)["Location"]
    places = [page.url, check, "/en/signatures/nonsense/", "/en/", "/en/nothing/"]
    Petition.objects.update(closes_at=timezone.now())
    for place in (*places, site["campaign"]["en"].url):
        html = Client().get(str(place)).content.decode()
        main = html.partition("<main")[2].partition("</main>")[0]
        is_linked = f'href="{HERE}"' in main
        assert is_linked or place in ("/en/", "/en/nothing/")
        assert f'href="{HERE}"' in html.partition("<footer class")[2]


@pytest.mark.parametrize("email", ["", "olena@", "olena@gmial.com"])
def test_a_slip_is_told_and_what_was_typed_stays(site: SmallSite, email: str) -> None:
    response = ask(email)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()
    assert f'value="{email}"' in response.content.decode() or not email
    assert not Job.objects.exists()


def test_foreign_forms_and_programs_are_refused(site: SmallSite) -> None:
    assert Client().post(HERE, {"email": EMAIL}).status_code == 403
    foreign: dict[str, Any] = {"headers": {"sec-fetch-site": "cross-site"}}
    assert Client().post(HERE, {"email": EMAIL}, **foreign).status_code == 403
    trapped = Client().post(HERE, {"email": EMAIL, "nothing": "x"}, **OWN)
    assert trapped.status_code == 422
    assert not Job.objects.exists()


def test_a_network_is_limited_and_told_so(portland: CityPages, clock: Clock) -> None:
    client = Client(REMOTE_ADDR="203.0.113.7")
    codes = [ask(f"a{n}@example.org", client=client).status_code for n in range(31)]
    assert codes == [303] * OF_ADDRESS.at_once + [429]
    assert ask(client=client)["Retry-After"] == "60"


@pytest.mark.parametrize("table", ["security_bucket", "security_daykey", "jobs_job"])
def test_without_its_tables_nobody_is_let_through(portland: CityPages, table: str) -> None:
    def refuse(execute: Callable[..., object], sql: str, *arguments: Any) -> object:
        if table in sql:
            raise OperationalError("database is locked")
        return execute(sql, *arguments)

    with connection.execute_wrapper(refuse):
        response = ask(client=Client(REMOTE_ADDR="203.0.113.7"))
    assert response.status_code == 503


def test_a_mailbox_gets_two_such_mails_a_day_and_no_answer_tells(
    portland: CityPages, clock: Clock
) -> None:
    confirmed(portland["en"])
    drain()
    before = len(mail.outbox)
    for _each in range(5):
        assert ask().status_code == 303
        drain()
    assert len(mail.outbox) == before + own_links.ASKED_A_DAY
    assert not Job.objects.exists()
    clock.go_on(days=1, seconds=1)
    ask()
    drain()
    assert len(mail.outbox) == before + own_links.ASKED_A_DAY + 1


def test_they_count_among_the_five_of_a_day_and_wait_for_the_first_that_is_free(
    portland: CityPages, clock: Clock
) -> None:
    confirmed(portland["en"])
    drain()
    mail.outbox.clear()
    Allowance.objects.all().delete()
    for _each in range(allowances.A_DAY):
        assert allowances.take_allowance(reader_of(EMAIL), Allowance.Kind.MAIL)
    ask()
    drain()
    assert not mail.outbox
    payload = str(Job.objects.get().payload)
    assert "@" not in payload
    clock.go_on(days=1, minutes=2)
    drain()
    assert len(mail.outbox) == 1


def test_each_spelling_learns_of_its_own_signatures_alone(site: SmallSite) -> None:
    here, there = site["portland"]["en"], site["campaign"]["en"]
    small, large = confirmed(here, EMAIL), confirmed(there, "OLENA@example.org")
    drain()
    mail.outbox.clear()
    Allowance.objects.all().delete()
    ask()
    drain()
    told = {message.to[0]: str(message.body) for message in mail.outbox}
    assert set(told) == {EMAIL, "OLENA@example.org"}
    assert own_token(small) in told[EMAIL]
    assert own_token(large) in told["OLENA@example.org"]
    assert own_token(large) not in told[EMAIL]


def test_a_leaked_link_ends_and_the_new_one_goes_to_the_mailbox(portland: CityPages) -> None:
    page = portland["en"]
    post(page)
    drain()
    [confirm] = re.findall(r"http://testserver(/\S+/confirm/)", str(mail.outbox[0].body))
    leaked = Client().post(confirm, **OWN)["Location"]
    post(page)
    drain()
    again = [link for link in mailed() if link.endswith("/confirm/")]
    mail.outbox.clear()
    response = Client().post(leaked, {"action": "renew"}, **OWN)
    assert response.status_code == 200
    new = own(Signature.objects.get())
    assert new not in response.content.decode(), "whoever asked may not be its holder"
    nonsense = Client().get(f"/en/signatures/{'A' * 64}/")
    stop = f"{leaked}stop/"
    for link in (leaked, confirm, *again, confirm.removesuffix("confirm/"), stop):
        dead = Client().get(link)
        assert (dead.status_code, body(dead)) == (404, body(nonsense)), link
    for action in ("withdraw", "erase", "display", "renew"):
        assert Client().post(leaked, {"action": action}, **OWN).status_code == 404
    assert Signature.objects.get().is_confirmed
    drain()
    assert mailed() == [new]
    assert "no longer work" in str(mail.outbox[0].body)
    assert Client().get(new).status_code == 200


def body(response: Response) -> bytes:
    """Without the address of the very page, which the language switch repeats."""
    return re.sub(rb'href="/\w+/signatures/[^"]*"', b"", response.content)


def test_who_is_never_written_to_goes_on_with_the_new_link(portland: CityPages) -> None:
    signature = confirmed(portland["en"])
    drain()
    Suppression.objects.create(mailbox_key=reader_of(EMAIL))
    mail.outbox.clear()
    before = own(signature)
    response = Client().post(before, {"action": "renew"}, **OWN)
    drain()
    assert not mail.outbox
    assert response["Location"] == own(signature) != before


def test_what_another_person_of_the_mailbox_was_sent_goes_on_working(portland: CityPages) -> None:
    olena = confirmed(portland["en"], name="Olena")
    theirs = make_submission(portland["en"], name="Taras")
    drain()
    Client().post(own(olena), {"action": "renew"}, **OWN)
    assert list(Submission.objects.all()) == [theirs]


def test_links_wait_for_as_long_as_confirming_does(portland: CityPages, clock: Clock) -> None:
    waiting = make_submission(portland["en"])
    drain()
    for days, is_there in ((6, True), (2, False)):
        clock.go_on(days=days)
        mail.outbox.clear()
        ask()
        drain()
        assert bool(mail.outbox) == is_there
    assert clock.now - waiting.created_at > timedelta(days=7)
