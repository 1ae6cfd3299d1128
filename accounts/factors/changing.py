"""Adding and removing what somebody enters with. It ends every other session of theirs."""

import base64

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import transaction
from django.http import HttpRequest

from accounts.factors.adapter import adapter
from accounts.factors.codes import counter_of
from accounts.factors.marks import Kind, has_factor, mark_verified, unmark
from accounts.models import User
from accounts.sessions.opened import all_of, end_others

# An app's secret until a code has shown that the app knows it.
PENDING = "pending_app"


def pending_secret(request: HttpRequest, *, anew: bool = False) -> str:
    if anew or PENDING not in request.session:
        request.session[PENDING] = adapter.encrypt(generate_totp_secret())
    return adapter.decrypt(request.session[PENDING])


def picture_of(secret: str, user: User) -> str:
    """A QR code as the address of an image."""
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


@transaction.atomic
def store_app(request: HttpRequest, user: User, code: str) -> bool:
    """In place of one that was there. False where the code is not the new app's."""
    secret = pending_secret(request)
    counter = counter_of(secret, code)
    if counter is None:
        return False
    Authenticator.objects.filter(user=user, type=Kind.TOTP).delete()
    app = TOTP.activate(user, secret).instance
    # Nor does this code enter anywhere.
    app.data["last_counter"] = counter
    app.save(update_fields=["data"])
    del request.session[PENDING]
    return True


def settle_added(request: HttpRequest, user: User, kind: str) -> list[str]:
    """Lets the session in and ends the others; returns the recovery codes, where they are new."""
    mark_verified(request, kind)
    end_others(request, user)
    if Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).exists():
        return []
    return make_recovery_codes(user)


@transaction.atomic
def make_recovery_codes(user: User) -> list[str]:
    """Those from before are no longer taken."""
    # So that of two who ask at once the second finds what the first has made.
    User.objects.select_for_update().get(pk=user.pk)
    Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def recovery_codes_left(user: User) -> int:
    found = Authenticator.objects.filter(user=user, type=Kind.RECOVERY_CODES).first()
    return len(found.wrap().get_unused_codes()) if found else 0


def remove(request: HttpRequest, user: User, factor: Authenticator) -> None:
    factor.delete()
    end_others(request, user)
    if not has_factor(user):
        Authenticator.objects.filter(user=user).delete()
        # Where one is required, the next page asks for a new one.
        unmark(request)


@transaction.atomic
def remove_all(user: User) -> bool:
    """For a lost device: ends every session. False where there was nothing to remove."""
    removed = Authenticator.objects.filter(user=user).delete()[0]
    all_of(user).delete()
    return bool(removed)
