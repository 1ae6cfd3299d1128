"""Answers that no browser gives open nothing, break nothing, and are limited by network alone.

What Chromium answers is in `tests/e2e/test_passkeys.py`.
"""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from fido2.utils import websafe_encode

from accounts.log_in import LIMIT_OF_ADDRESS
from accounts.models import User
from tests.accounts.conftest import PASSWORD
from tests.accounts.factors import add_app
from tests.accounts.passwords import HOME, try_password
from tests.support.logins import logged_in

ASK = "/admin/login/passkey/ask/"
ENTER = "/admin/login/passkey/"
MAKE = "/admin/login/set-up/passkey/make/"
ADD = "/admin/login/set-up/passkey/"


def answer(**changes: Any) -> dict[str, Any]:
    data = websafe_encode(b"x" * 37)
    response = {
        "clientDataJSON": websafe_encode(b'{"type":"webauthn.get","challenge":"eA","origin":"x"}'),
        "authenticatorData": data,
        "attestationObject": data,
        "signature": data,
        "userHandle": websafe_encode(b"1"),
    }
    whole = {"id": data, "rawId": data, "type": "public-key", "clientExtensionResults": {}}
    return {**whole, "response": response, **changes}


ODD: list[Any] = [
    None,
    [],
    {},
    0,
    "x",
    "\0",
    "é",
    {"x": "\0"},
    10**400,
    [[[]]],
    websafe_encode(b"\xff" * 40),
]
TEXTS = ["", "{", "null", "[]", "1", '"x"', "NaN", "[" * 20_000, "\0", '{"id": "\\u0000"}']
WHOLE = [answer(), *(answer(**{name: odd}) for name in answer() for odd in ODD)]
PARTS = [
    answer(response={**answer()["response"], name: odd})
    for name in answer()["response"]
    for odd in ODD
]
ANSWERS = [*TEXTS, *(json.dumps(each) for each in WHOLE + PARTS)]


def test_no_made_up_answer_enters_or_breaks_anything(olena: User) -> None:
    add_app(olena)
    client = Client(raise_request_exception=False)
    for asked in (False, True):
        for text in ANSWERS:
            if asked:
                assert client.post(ASK, REMOTE_ADDR="127.0.0.1").status_code == 200
            entered = client.post(ENTER, {"passkey": text}, REMOTE_ADDR="127.0.0.1")
            assert entered.status_code == 302, text
            assert entered["Location"] == "/admin/login/", text
    assert client.get("/admin/").status_code == 302


def test_no_made_up_answer_is_kept_as_a_passkey(olena: User) -> None:
    client = logged_in(olena, raise_request_exception=False)
    for text in ANSWERS:
        assert client.post(MAKE).status_code == 200
        kept = client.post(ADD, {"passkey": text, "name": "\0 name"})
        assert kept.status_code == 200, text
        assert "The passkey was not added" in kept.content.decode()
    assert not Authenticator.objects.exists()


def test_what_is_asked_for_names_no_account(olena: User) -> None:
    asked = Client().post(ASK).json()["publicKey"]
    assert asked["rpId"] == "testserver"
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials")
    again = Client().post(ASK).json()["publicKey"]
    assert asked["challenge"] != again["challenge"]


def test_a_network_asks_so_often_and_no_more_and_others_still_may(olena: User) -> None:
    asked = [Client().post(ASK, REMOTE_ADDR=HOME).status_code for _ in range(40)]
    assert asked.count(200) == LIMIT_OF_ADDRESS.at_once
    assert asked[-1] == 429
    assert Client().post(ASK, REMOTE_ADDR="203.0.113.9").status_code == 200


def test_guessing_passwords_takes_no_passkey_away(olena: User) -> None:
    for number in range(40):
        try_password("olena", "wrong", f"10.0.{number}.7")
    assert try_password("olena", PASSWORD, "203.0.113.9").status_code == 429
    assert Client().post(ASK, REMOTE_ADDR="203.0.113.9").status_code == 200


@pytest.mark.parametrize("address", [ASK, ENTER, MAKE, ADD])
def test_nothing_of_it_is_done_by_a_link(olena: User, address: str) -> None:
    assert logged_in(olena).get(address).status_code == 405


def test_a_forged_post_is_refused(olena: User) -> None:
    client = Client(enforce_csrf_checks=True)
    for address in (ASK, ENTER):
        assert client.post(address, {"passkey": "{}"}).status_code == 403
