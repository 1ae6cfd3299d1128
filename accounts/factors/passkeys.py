"""Passkeys: added to an account, and shown to enter or to say once more who it is."""

import json
from typing import Any

from allauth.mfa.webauthn.internal import auth
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.log_in import LIMIT_OF_ADDRESS, LIMIT_OF_NETWORK, LimitedBackend
from accounts.models import User
from security.limits import Limit, give_back, network_limits, take
from security.printable import printable_line

LONGEST_PASSKEY_NAME = 60
# What comes of an answer that no browser has made.
MALFORMED = (
    ValidationError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    InvalidSignature,
    UnsupportedAlgorithm,
)


def passkey_limits(request: HttpRequest) -> list[Limit]:
    """Of the network alone: there is nothing to guess, and nobody is locked out by strangers."""
    return network_limits(request, "passkey", (LIMIT_OF_ADDRESS, LIMIT_OF_NETWORK))


def passkey_question(request: HttpRequest, user: User | None) -> dict[str, Any]:
    """What the browser is told to ask for; of whomever has one here, where no user is given.

    Empty, with the seconds to wait in `request.log_in_wait`, where that was asked too often.
    """
    if wait := take(passkey_limits(request)):
        request.log_in_wait = wait  # type: ignore[attr-defined]
        return {}
    return dict(auth.begin_authentication(user))


def check_passkey(request: HttpRequest, user: User | None, answer: str) -> User | None:
    """Whose passkey it is that was asked for; nobody where the answer is not right.

    Every question is answered once, so that each answer was counted when it was asked for.
    """
    try:
        response = json.loads(answer)
        auth.parse_authentication_response(response)
        holder = user or auth.extract_user_from_response(response)
        factor = auth.complete_authentication(holder, response)
    except MALFORMED:
        return None
    finally:
        auth.clear_state()
    if not LimitedBackend().user_can_authenticate(holder):
        return None
    give_back(passkey_limits(request))
    factor.record_usage()
    return holder


def ask_to_make(user: User) -> dict[str, Any]:
    """What the browser is told to make: a passkey that enters without a user name."""
    return dict(auth.begin_registration(user, passwordless=True))


def store_passkey(user: User, name: str, answer: str) -> bool:
    """False where the answer is not right, or this passkey is here already."""
    try:
        told = auth.parse_registration_response(json.loads(answer))
        made = auth.complete_registration(dict(told))
        known = auth.get_authenticator_by_credential_id(user, made.credential_data.credential_id)
    except MALFORMED:
        return False
    finally:
        auth.clear_state()
    if known or not made.is_user_verified():
        return False
    # As it was understood, and not what else a script may have written beside it.
    kept = {**dict(told), "clientExtensionResults": {}}
    auth.WebAuthn.add(user, printable_line(name)[:LONGEST_PASSKEY_NAME], kept)
    return True
