"""One-time codes of an app, and recovery codes: each is taken once, and guesses are limited."""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import transaction
from django.http import HttpRequest

from accounts.factors.adapter import adapter
from accounts.factors.marks import Kind
from accounts.log_in import LIMIT_OF_ACCOUNT, LIMIT_OF_ADDRESS, LIMIT_OF_NETWORK
from accounts.models import User
from security.limits import Limit, give_back, keyed_hash, network_limits, take

LONGEST_CODE = 20


def check_code(request: HttpRequest, user: User, typed: str) -> str:
    """The kind of factor that a code is of; nothing where it is wrong, used, or one too many.

    How long to wait then stands in `request.log_in_wait`, in seconds. Only whoever knows the
    password gets as far as this, so that no stranger uses up what a user may try.
    """
    limits = code_limits(request, user)
    if wait := take(limits):
        request.log_in_wait = wait  # type: ignore[attr-defined]
        return ""
    kind = kind_of(user, typed[:LONGEST_CODE])
    if kind:
        give_back(limits)
    return kind


def code_limits(request: HttpRequest, user: User) -> list[Limit]:
    around = network_limits(request, "one-time-code", (LIMIT_OF_ADDRESS, LIMIT_OF_NETWORK))
    return [*around, Limit(keyed_hash(f"one-time-code/{user.pk}"), LIMIT_OF_ACCOUNT)]


def kind_of(user: User, code: str) -> str:
    for factor in Authenticator.objects.filter(user=user).exclude(type=Kind.WEBAUTHN):
        is_app = factor.type == Kind.TOTP
        if takes_code(factor.pk, code) if is_app else factor.wrap().validate_code(code):
            factor.record_usage()
            return str(factor.type)
    return ""


@transaction.atomic
def takes_code(factor_id: int, code: str) -> bool:
    """Whether an app shows this code about now, and no code from then or later was taken yet.

    django-allauth notes used codes in the cache, which every process may have to itself. RFC 6238,
    5.2, asks that none is taken twice.
    """
    factor = Authenticator.objects.select_for_update().get(pk=factor_id)
    counter = counter_of(adapter.decrypt(factor.data["secret"]), code)
    if counter is None or counter <= factor.data.get("last_counter", 0):
        return False
    factor.data["last_counter"] = counter
    factor.save(update_fields=["data"])
    return True


def counter_of(secret: str, code: str) -> int | None:
    """The half minute since 1970 to which a code belongs, if that is about now."""
    fitting = [
        counter
        for counter in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter)))
    ]
    return max(fitting, default=None)
