"""One mail asks who signed in a closed round; one press signs in the next, under a new consent."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from campaigns.models import Petition, PetitionPage, Round, TextVersion
from jobs.models import Job
from jobs.worker import drain
from signatures import counts, lifecycle
from signatures.keeping import asking_anew
from signatures.keeping.rounds import begin_round
from signatures.mailboxes import reader_of
from signatures.models import Signature, Suppression
from signatures.signing.tokens import own_token
from tests.conftest import Clock
from tests.signatures.posting import OWN
from tests.support.counted import assert_exact
from tests.support.factories import confirmed, publish
from tests.support.kinds import Response, SmallSite
from translations.dates.months import months_before

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
LINK = re.compile(r"/(?:en|uk)/signatures/[\w=-]+/anew/")


@pytest.fixture
def page(site: SmallSite, clock: Clock) -> PetitionPage:
    """Of a petition whose first round ends in two months."""
    Petition.objects.update(created_at=months_before(clock.now, 19))
    return site["portland"]["en"]


def begin(page: PetitionPage, clock: Clock) -> None:
    """Another round, and all that follows of it."""
    clock.go_on(hours=25)
    drain()
    mail.outbox.clear()
    begin_round.call(petition=str(page.petition_id), user=0)
    clock.go_on(hours=1)
    drain()


def asked() -> dict[str, EmailMultiAlternatives]:
    """What was mailed, by address."""
    return {sent.to[0]: sent for sent in mail.outbox if isinstance(sent, EmailMultiAlternatives)}


def link_in(sent: EmailMultiAlternatives) -> str:
    found = LINK.search(str(sent.body))
    assert found
    return found[0]


def press(address: str, version: str) -> Response:
    return Client().post(address, {"version": version}, **OWN)


def test_each_who_counted_is_asked_once_in_their_language(
    page: PetitionPage, site: SmallSite, clock: Clock
) -> None:
    confirmed(page, "en@example.org")
    confirmed(site["portland"]["uk"], "uk@example.org")
    lifecycle.withdraw(confirmed(page, "gone@example.org"))
    confirmed(page, "silent@example.org")
    Suppression.add(reader_of("silent@example.org"))
    begin(page, clock)
    sent = asked()
    assert sent.keys() == {"en@example.org", "uk@example.org"}
    assert "with 3 signatures" in sent["en@example.org"].body
    assert link_in(sent["uk@example.org"]).startswith("/uk/")
    asking_anew.ask_all.call(closed=Round.objects.get().pk)
    assert not Job.objects.exists(), "nobody is asked twice"


def test_the_link_shows_all_that_counts_and_only_the_press_signs(
    page: PetitionPage, clock: Clock
) -> None:
    before = confirmed(
        page, country="US", lives_here=True, show_name=True, comment="Words", postcode="972"
    )
    begin(page, clock)
    address = link_in(asked()["olena@example.org"])
    html = Client().get(address).content.decode()
    for told in (page.words.title, page.words.ask, page.words.consent_parts[0], before.name):
        assert str(told) in html
    assert counts.signatures_of(page.petition) == 0
    response = press(address, page.words.checksum)
    made = Signature.objects.counted().get()
    assert response["Location"] == f"/en/signatures/{own_token(made)}/"
    assert (made.name, made.country, made.lives_here) == (before.name, "US", True)
    assert made.confirmed_at == made.asked_at == clock.now
    # What is not part of signing is chosen anew.
    assert (made.show_name, made.comment) == (False, "")
    assert made.proposal == {"comment": "Words", "postcode": "972"}
    before.refresh_from_db()
    assert (before.name, before.email, before.comment) == ("", "", "")
    assert before.anonymised_at
    assert_exact()
    mail.outbox.clear()
    drain()
    assert own_token(made) in asked()["olena@example.org"].body
    assert len(mail.outbox) == 1
    assert press(address, page.words.checksum).status_code == 404
    assert counts.signatures_of(page.petition) == 1


def test_words_that_changed_are_read_before_they_are_signed(
    page: PetitionPage, site: SmallSite, clock: Clock
) -> None:
    signature = confirmed(page)
    begin(page, clock)
    address, old = link_in(asked()["olena@example.org"]), page.words.checksum
    site["campaign"]["en"].consent_text = "I agree to more."
    publish(site["campaign"]["en"])
    response = press(address, old)
    assert response.status_code == 422
    assert "I agree to more." in response.content.decode()
    assert not Signature.objects.counted().exists()
    new = PetitionPage.objects.get(pk=page.pk).words.checksum
    assert press(address, new).status_code == 303
    made = Signature.objects.counted().get()
    assert made.text == TextVersion.objects.get(petition=page.petition, checksum=new)
    assert made.text != signature.text


@pytest.mark.parametrize("change", [{"is_paused": True}, {"closes_at": True}])
def test_where_nobody_can_sign_the_press_changes_nothing(
    page: PetitionPage, clock: Clock, change: dict[str, bool]
) -> None:
    before = confirmed(page)
    begin(page, clock)
    address = link_in(asked()["olena@example.org"])
    values = {name: clock.now if name == "closes_at" else each for name, each in change.items()}
    Petition.objects.update(**values)
    response = press(address, page.words.checksum)
    assert "cannot be signed now" in response.content.decode()
    before.refresh_from_db()
    assert before.email
    assert not Signature.objects.counted().exists()


def test_another_round_is_no_way_out_of_a_review(page: PetitionPage, clock: Clock) -> None:
    held = confirmed(page)
    Signature.objects.filter(pk=held.pk).update(held_at=clock.now)
    begin(page, clock)
    assert not asked()
    address = f"/en/signatures/{own_token(held)}/anew/"
    assert press(address, page.words.checksum).status_code == 303
    assert Signature.objects.get(round=None, status="confirmed").held_at
    assert counts.signatures_of(page.petition) == 0
    assert_exact()


def test_a_foreign_page_presses_nothing(page: PetitionPage, clock: Clock) -> None:
    confirmed(page)
    begin(page, clock)
    foreign = Client().post(
        link_in(asked()["olena@example.org"]), headers={"sec-fetch-site": "cross-site"}
    )
    assert foreign.status_code == 403
    assert not Signature.objects.counted().exists()


def test_in_safety_mode_the_mail_names_no_petition(page: PetitionPage, clock: Clock) -> None:
    confirmed(page, discreet=True)
    begin(page, clock)
    sent = asked()["olena@example.org"]
    assert "petition" not in f"{sent.subject} {sent.body}".lower().replace("/petitions/", "")
    assert "You asked for this" not in sent.body
    assert press(link_in(sent), page.words.checksum).status_code == 303
    assert Signature.objects.counted().get().discreet


def test_the_own_page_of_a_closed_round_leads_on(page: PetitionPage, clock: Clock) -> None:
    signature = confirmed(page)
    own = f"/en/signatures/{own_token(signature)}/"
    assert Client().get(f"{own}anew/")["Location"] == own, "there is no other round yet"
    begin(page, clock)
    html = Client().get(own).content.decode()
    assert f"{own}anew/" in html
    assert "Your signature is number" not in html
    Client().post(own, {"action": "display", "show_name": "on"}, **OWN)
    signature.refresh_from_db()
    assert not signature.show_name
    assert signature.name_state == "none"


def test_a_site_that_sends_as_much_as_it_may_asks_the_others_later(
    page: PetitionPage, clock: Clock, settings: Settings
) -> None:
    for number in range(3):
        confirmed(page, f"{number}@example.org")
    clock.go_on(hours=25)
    drain()
    mail.outbox.clear()
    settings.MAILS_PER_MINUTE = 2
    begin_round.call(petition=str(page.petition_id), user=0)
    drain()
    assert len(mail.outbox) == 2
    clock.now += timedelta(minutes=2)
    drain()
    assert len(asked()) == 3
