"""What opens a signature: every link, code and ticket, and nothing that is near to one."""

import base64
import json
import re
import uuid
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from security.encryption import encrypt
from signatures import lifecycle
from signatures.keeping.erasing import erase_people
from signatures.models import Signature, Submission
from signatures.signing.confirming import erase_signature
from signatures.signing.own_links import renew
from signatures.signing.tokens import (
    Ticket,
    code_fits,
    code_for,
    confirm_token,
    find_signature,
    find_submission,
    now_in_milliseconds,
    own_token,
)
from tests.conftest import Clock
from tests.support.factories import confirmed, make_city_petition, make_submission
from tests.support.kinds import CityPages, SmallSite

ID = uuid.UUID("00112233-4455-4677-8899-aabbccddeeff")
OWN = "ABEiM0RVRneImaq7zN3u_86dUfYDrcUnZX9Ug-raLRQVYYbmQ7QrMJU1zeHE79Q5"
CONFIRM = "ABEiM0RVRneImaq7zN3u_wjnQrRwNYeHNYAAx4xaXjCZR5sj_WXVSidAFf6eybVV"
CODE = "403302"


@pytest.fixture
def ticket(clock: Clock) -> Ticket:
    return Ticket(str(ID), str(ID), "mailbox", "o…@example.org", now_in_milliseconds())


def test_what_was_mailed_before_a_release_works_after_it(settings: Settings) -> None:
    """Made once; whoever changes how they are derived breaks what lies in mailboxes."""
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a key", []
    assert own_token(Signature(id=ID, generation=3)) == OWN
    assert confirm_token(Submission(id=ID)) == CONFIRM
    assert code_for(Submission(id=ID)) == CODE


def test_a_code_is_six_digits_and_fits_its_own_submission_alone() -> None:
    ids = [uuid.UUID(int=number) for number in range(40)]
    codes = [code_for(Submission(id=each)) for each in ids]
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(set(codes)) == len(codes)
    assert all(code_fits(each, code) for each, code in zip(ids, codes, strict=True))
    assert not any(code_fits(each, code) for each, code in zip(ids, codes[1:], strict=False))
    assert not code_fits(ids[0], "")
    assert not code_fits(ids[0], "шість!")


def test_codes_hold_while_a_key_is_replaced_and_not_after(settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old", []
    code = code_for(Submission(id=ID))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["older", "old"]
    assert code_fits(ID, code)
    assert code_fits(ID, code_for(Submission(id=ID)))
    settings.SECRET_KEY_FALLBACKS = []
    assert not code_fits(ID, code)


def test_a_ticket_holds_from_its_making_to_the_end_of_its_week(
    ticket: Ticket, clock: Clock
) -> None:
    sealed = ticket.seal()
    assert Ticket.open(sealed) == ticket
    clock.go_on(seconds=90)
    assert ticket.age() == timedelta(seconds=90)
    clock.go_on(days=7, seconds=-90)
    assert Ticket.open(sealed) == ticket
    clock.go_on(milliseconds=1)
    assert Ticket.open(sealed) is None
    clock.go_on(days=-7, milliseconds=-2)
    assert Ticket.open(sealed) is None


def test_what_is_no_ticket_opens_nothing(ticket: Ticket) -> None:
    text = json.dumps(asdict(ticket))
    for sealed in ("", "nonsense", encrypt(text, "answers"), encrypt("[]", "ticket")):
        assert Ticket.open(sealed) is None
    for broken in ({}, {**asdict(ticket), "more": 1}):
        assert Ticket.open(encrypt(json.dumps(broken), "ticket")) is None


def near(token: str) -> list[str]:
    """What a mail program, or somebody who tries, may make of a token."""
    raw = base64.urlsafe_b64decode(token)
    flipped = [raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :] for at in (0, 15, 16, 47)]
    shapes = [raw[:-1], raw + b"\0", raw[:16], b"", *flipped]
    made = [base64.urlsafe_b64encode(each).decode() for each in shapes]
    return [
        *made,
        f"{token[:20]} {token[20:]}",
        f"{token[:20]}!{token[20:]}",
        "Ї" * 64,
    ]


def test_a_signers_link_opens_their_signature_and_nothing_near_it_does(
    portland: CityPages,
) -> None:
    signature = confirmed(portland["en"])
    token = own_token(signature)
    assert find_signature(token) == signature
    assert not [each for each in near(token) if find_signature(each)]
    waiting = make_submission(portland["en"], "b@example.org")
    assert find_signature(own_token(waiting.signature)) is None
    other = confirmed(portland["en"], "c@example.org")
    assert find_signature(own_token(other)) == other
    Signature.objects.filter(pk=signature.pk).update(generation=signature.generation + 1)
    assert find_signature(token) is None


def test_a_withdrawn_signatures_link_still_opens_and_a_forgotten_ones_does_not(
    portland: CityPages, clock: Clock
) -> None:
    signature = confirmed(portland["en"])
    lifecycle.withdraw(signature)
    assert find_signature(own_token(signature)) == signature
    other = confirmed(portland["en"], "b@example.org")
    erase_people(Signature.objects.filter(pk=other.pk), clock.now)
    assert find_signature(own_token(other)) is None


def test_a_confirming_link_opens_its_submission_and_nothing_near_it_does(
    portland: CityPages,
) -> None:
    first, second = (make_submission(portland["en"], f"{each}@example.org") for each in "ab")
    assert [find_submission(confirm_token(each)) for each in (first, second)] == [first, second]
    assert not [each for each in near(confirm_token(first)) if find_submission(each)]
    # Nor one made for another purpose, from the very same id.
    assert find_submission(own_token(Signature(id=first.id, generation=0))) is None


def test_links_hold_while_a_key_is_replaced(portland: CityPages, settings: Settings) -> None:
    signature, waiting = confirmed(portland["en"]), make_submission(portland["en"], "b@example.org")
    own, confirm = own_token(signature), confirm_token(waiting)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new"
    assert find_signature(own) == signature
    assert find_submission(confirm) == waiting
    settings.SECRET_KEY_FALLBACKS = []
    assert find_signature(own) is None
    assert find_submission(confirm) is None


def test_a_code_finds_what_was_mailed_to_its_mailbox_for_its_petition(
    site: SmallSite, clock: Clock
) -> None:
    page = site["portland"]["en"]
    sent = make_submission(page)
    ticket = Ticket(str(page.petition_id), str(sent.pk), sent.mailbox, "", now_in_milliseconds())
    code = code_for(sent)
    assert ticket.submission_with(code) is None
    Submission.objects.filter(pk=sent.pk).update(mailed_at=clock.now)
    assert ticket.submission_with(code) == sent
    assert ticket.submission_with(f"{(int(code) + 1) % 1_000_000:06d}") is None
    tacoma = make_city_petition(site["campaign"], "Tacoma", "Washington")["en"]
    assert replace(ticket, petition=str(tacoma.petition_id)).submission_with(code) is None
    assert replace(ticket, mailbox="another").submission_with(code) is None
    Submission.objects.filter(pk=sent.pk).update(confirmed_at=clock.now)
    assert ticket.submission_with(code) is None


def dead_tokens(site: SmallSite, clock: Clock) -> dict[str, str]:
    """Every way in which a link is none."""
    page = site["portland"]["en"]
    expired = make_submission(page, "expired@example.org")
    clock.go_on(days=8)
    pending = make_submission(page, "pending@example.org")
    gone = {name: confirmed(page, f"{name}@example.org") for name in ("erased", "known", "renewed")}
    tokens = {
        "guessed": base64.urlsafe_b64encode(bytes(range(48))).decode(),
        "too short": "abc",
        "no token": "Ї" * 64,
        "another's id": base64.urlsafe_b64encode(
            gone["known"].id.bytes + base64.urlsafe_b64decode(own_token(gone["renewed"]))[16:]
        ).decode(),
        "expired": confirm_token(expired),
        "never confirmed": own_token(pending.signature),
        **{name: own_token(signature) for name, signature in gone.items()},
    }
    erase_signature(gone["erased"])
    erase_people(Signature.objects.filter(pk=gone["known"].pk), clock.now)
    renew(gone["renewed"], "en")
    return tokens


def test_links_that_are_dead_for_any_reason_look_alike_whatever_is_tried_with_them(
    site: SmallSite, clock: Clock
) -> None:
    """Also the download and the erasure of what is not there."""
    tokens = dead_tokens(site, clock)
    before = Signature.objects.order_by("pk").values_list("pk", "status", "generation")
    rows = list(before)
    told: dict[tuple[str, str, int], tuple[int, bytes, str]] = {}
    own: dict[str, Any] = {"headers": {"sec-fetch-site": "same-origin"}}
    for name, token in tokens.items():
        for step in ("", "confirm/", "stop/", "download/"):
            here = f"/en/signatures/{token}/{step}"
            answers = [Client().get(here)]
            if step != "download/":
                acts = ("withdraw", "erase", "renew", "display", "")
                answers += [Client().post(here, {"action": act}, **own) for act in acts]
            for each in answers:
                words = re.sub(rb'href="/\w+/signatures/[^"]*"', b"", each.content)
                told[name, step, len(told)] = (each.status_code, words, each["Cache-Control"])
    assert len(set(told.values())) == 1
    assert next(iter(told.values()))[0] == 404
    assert list(before.all()) == rows
