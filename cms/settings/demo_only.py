"""Whether an environment is a laptop's or a real site's. The demo's settings ask before all else.

They send no mail, know everybody's password and encrypt with keys that are published; where
somebody meant to run a real site, that looks like success and is the opposite.
"""

import ipaddress
from urllib.parse import urlsplit

from cms.settings.environment import SettingError, env

# Names that lead to no public site: RFC 2606, 6761, 6762, 8375 and 9476, and `.internal`.
PRIVATE_ENDINGS = (
    "localhost",
    "test",
    "example",
    "invalid",
    "local",
    "internal",
    "home.arpa",
    "alt",
    "example.com",
    "example.net",
    "example.org",
)
HOW = "for a real site set DJANGO_SETTINGS_MODULE=cms.settings.production, for the demo unset"


def is_public(address: str) -> bool:
    """Whether strangers could reach a site at this address; what cannot be read counts as yes."""
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_global
    except ValueError:
        private = any(host == end or host.endswith(f".{end}") for end in PRIVATE_ENDINGS)
        # A single word is a name within one's own network.
        return "." in host and not private


def refuse_a_real_sites_environment() -> None:
    """Raises: SettingError, in one sentence that says what to do."""
    if env.str("EMAIL_URL", default="").strip():
        raise SettingError(
            "EMAIL_URL is set, and the demo's settings, which were chosen, send no mail: "
            f"{HOW} EMAIL_URL."
        )
    if is_public(env.str("BASE_URL", default="")):
        raise SettingError(
            "BASE_URL is a public address, and the demo's settings, which were chosen, have "
            f"log-ins whose password everybody knows: {HOW} BASE_URL."
        )
