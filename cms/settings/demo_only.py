"""Whether an environment is a laptop's or a real site's. The demo's settings ask before all else.

They send no mail, know everybody's password and encrypt with keys that are published; where
somebody meant to run a real site, that looks like success and is the opposite.
"""

import ipaddress
from urllib.parse import urlsplit

from cms.settings.environment import SettingError, env

# Names that lead to no site at all: RFC 2606, 6761 and 9476.
NOWHERE = (
    "localhost",
    "test",
    "example",
    "invalid",
    "alt",
    "example.com",
    "example.net",
    "example.org",
)
# Names within one's own network: RFC 6762, 8375, and `.internal`. A single word is one, too.
OWN_NETWORK = ("local", "internal", "home.arpa")
HOW = "for a real site set DJANGO_SETTINGS_MODULE=cms.settings.production, for the demo unset"


def may_be_real(address: str) -> bool:
    """Whether people could be led to a site at this address; what cannot be read counts as yes.

    Within one's own network only TLS makes the difference: nobody gets a certificate for a demo.
    """
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return True
    try:
        number = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        nowhere, near = not host or ends(host, NOWHERE), "." not in host or ends(host, OWN_NETWORK)
    else:
        nowhere, near = number.is_loopback, not number.is_global
    return not nowhere and (not near or parts.scheme == "https")


def ends(host: str, endings: tuple[str, ...]) -> bool:
    return any(host == end or host.endswith(f".{end}") for end in endings)


def refuse_a_real_sites_environment() -> None:
    """Raises: SettingError, in one sentence that says what to do."""
    if env.str("EMAIL_URL", default="").strip():
        raise SettingError(
            "EMAIL_URL is set, and the demo's settings, which were chosen, send no mail: "
            f"{HOW} EMAIL_URL."
        )
    if may_be_real(env.str("BASE_URL", default="")):
        raise SettingError(
            "BASE_URL may be a real site's, and the demo's settings, which were chosen, have "
            f"log-ins whose password everybody knows: {HOW} BASE_URL."
        )
