"""What is left of a signature that was taken back, and how its signer comes again."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import PetitionPageBase
from jobs.worker import drain
from signatures import counts
from signatures.keeping.erasing import erase_people
from signatures.models import Signature, Submission
from signatures.person import middle_of_day
from signatures.signing.tokens import confirm_token, own_token
from tests.conftest import Clock
from tests.signatures.posting import OWN, post
from tests.support.factories import confirmed, make_submission, shape_form
from tests.support.kinds import CityPages, SmallSite

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
EMAIL = "olena@example.org"
LEFT = {"id", "petition", "text", "language", "mailbox_key", "seat", "status", "generation"}
DAYS = {"asked_at", "withdrawn_at", "anonymised_at"}
# Of who is in review, nothing tells that they are.
MARKS = {"is_demo", "held_at"}
EMPTY: tuple[object, ...] = ("", None, False, {}, "none")


def own_page(signature: Signature) -> str:
    return f"/en/signatures/{own_token(signature)}/"


def withdraw(signature: Signature) -> None:
    assert Client().post(own_page(signature), {"action": "withdraw"}, **OWN).status_code == 303
    signature.refresh_from_db()


def test_of_a_withdrawn_signature_nothing_is_left_but_where_when_and_what_it_was(
    site: SmallSite, clock: Clock
) -> None:
    shape_form(site)
    page = site["portland"]["en"]
    signature = confirmed(
        page,
        comment="Words.",
        postcode="972",
        lives_here=True,
        show_name=True,
        answers={"_text": "School 7"},
    )
    before = Signature.objects.values(*LEFT - {"status"}).get()
    asked_on = middle_of_day(clock.now)
    clock.go_on(days=3, hours=11)
    withdraw(signature)
    assert Signature.objects.values(*LEFT - {"status"}).get() == before
    fields = {field.name for field in Signature._meta.concrete_fields} - LEFT - DAYS - MARKS
    kept = {name: getattr(signature, name) for name in fields}
    assert {name: value for name, value in kept.items() if value not in EMPTY} == {}
    assert (signature.asked_at, signature.withdrawn_at) == (asked_on, middle_of_day(clock.now))
    assert not Submission.objects.exists()


# What no signer could make use of: keys of the site's own, and checksums of what is told.
MACHINES = {"id", "mailbox_key", "name_key", "name_checksum", "comment_checksum", "generation"}


def test_its_signer_takes_along_all_that_is_stored_and_is_told_what_goes(
    portland: CityPages,
) -> None:
    signature = confirmed(portland["en"], lives_here=True, postcode="972")
    kept = Client().get(f"{own_page(signature)}download/").json()
    columns = {field.name for field in Signature._meta.concrete_fields}
    # The petition is told by the text that was signed.
    assert columns - kept.keys() == MACHINES | MARKS | {"petition"}
    assert (kept["lives_here"], kept["postcode"]) == (True, signature.postcode)
    html = Client().get(own_page(signature)).text
    goes = "name, email address, country, city, postal code, comment and answers"
    assert html.count(goes) == 2
    withdraw(signature)
    assert goes in Client().get(own_page(signature)).text


def test_another_person_of_the_mailbox_loses_nothing_when_one_takes_theirs_back(
    portland: CityPages,
) -> None:
    page = portland["en"]
    olena, taras = (confirmed(page, name=name) for name in ("Olena", "Taras"))
    sent = make_submission(page, name="Taras", comment="Mine.")
    withdraw(olena)
    taras.refresh_from_db()
    assert (taras.name, taras.status) == ("Taras", "confirmed")
    assert Submission.objects.filter(pk=sent.pk).exists()


def test_the_link_tells_that_it_was_taken_back_and_erases_the_rest(portland: CityPages) -> None:
    signature = confirmed(portland["en"])
    stop = f"{own_page(signature)}stop/"
    withdraw(signature)
    html = Client().get(own_page(signature)).content.decode()
    assert "You have withdrawn your signature" in html
    assert "Olena" not in html
    assert 'value="renew"' not in html
    kept = Client().get(f"{own_page(signature)}download/").json()
    assert {kept[name] for name in ("name", "email", "country", "comment", "postcode")} == {""}
    assert Client().post(own_page(signature), {"action": "renew"}, **OWN).status_code == 303
    # Nobody's address is left to stop mails to.
    assert Client().get(stop).status_code == 404
    assert Client().post(own_page(signature), {"action": "erase"}, **OWN).status_code == 200
    assert not Signature.objects.exists()


@pytest.mark.parametrize("goes", ["withdrawn", "anonymized"])
def test_who_comes_back_signs_again_in_the_same_place_and_old_links_are_dead(
    portland: CityPages, goes: str
) -> None:
    page = portland["en"]
    first = confirmed(page, name="Olena")
    confirming, own = f"{own_page(first)}", own_page(first)
    sent = confirm_token(Submission.objects.get())
    if goes == "withdrawn":
        withdraw(first)
    else:
        erase_people(Signature.objects.all(), timezone.now())
    assert Client().get(f"/en/signatures/{sent}/confirm/").status_code == 404
    post(page, name="Olena Again")
    drain()
    again = Submission.objects.get()
    html = Client().get(f"/en/signatures/{confirm_token(again)}/confirm/").content.decode()
    assert "One tap left" in html
    Client().post(f"/en/signatures/{confirm_token(again)}/confirm/", **OWN)
    signature = Signature.objects.get()
    assert (signature.pk, signature.name, signature.seat) == (first.pk, "Olena Again", 0)
    assert (signature.status, signature.anonymised_at) == ("confirmed", None)
    assert Client().get(own).status_code == 404
    assert Client().get(confirming).status_code == 404
    assert Client().get(own_page(signature)).status_code == 200
    assert "One tap left: confirm" in mail.outbox[-1].subject


PEOPLE = ("Olena", "Taras")
STEPS = st.lists(
    st.tuples(st.sampled_from(["sign", "withdraw", "anonymize", "erase"]), st.sampled_from(PEOPLE)),
    max_size=9,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_two_people_of_a_mailbox_do_nobody_is_counted_twice(
    portland: CityPages, steps: list[tuple[str, str]]
) -> None:
    page = portland["en"]
    Signature.objects.all().delete()
    signed: set[str] = set()
    for step, name in steps:
        act(page, step, name)
        if step == "sign":
            signed.add(name)
        elif step in ("withdraw", "erase") and name in signed:
            # Who is known no more cannot take back what counts on.
            signed = signed if counts.signatures_of(page.petition) else set()
        names = Signature.objects.confirmed().exclude(name="").values_list("name", flat=True)
        assert sorted(names) == sorted(set(names)), "each name once"
        assert counts.signatures_of(page.petition) <= len(signed)


def act(page: PetitionPageBase, step: str, name: str) -> None:
    if step == "sign":
        confirmed(page, name=name)
    elif step == "anonymize":
        erase_people(Signature.objects.filter(anonymised_at=None), timezone.now())
    else:
        found = {each.name: each for each in Signature.objects.confirmed()}
        if name in found:
            action: dict[str, Any] = {"action": step}
            Client().post(own_page(found[name]), action, **OWN)


def test_days_are_the_same_on_most_clocks_of_the_world() -> None:
    assert middle_of_day(datetime(2026, 3, 1, 23, 59, tzinfo=UTC)) == datetime(
        2026, 3, 1, 12, tzinfo=UTC
    )
