"""Who keeps pages between the site and its readers, and what is said to them."""

from typing import Any
from urllib.parse import urlsplit

from cms.settings.environment import SettingError, env

BACKENDS = "wagtail.contrib.frontend_cache.backends"
HOW = (
    "CDN is wrong: write https://host for a cache that takes PURGE, cloudflare://token@zone, "
    "or cloudfront://distribution."
)


def backends() -> dict[str, dict[str, Any]]:
    """Wagtail's own, which are told of each page that is published or taken down, by `CDN`."""
    address = env.str("CDN", default="").strip()
    if not address:
        return {}
    parts = urlsplit(address)
    if parts.scheme in ("http", "https") and parts.hostname:
        return {"cdn": {"BACKEND": f"{BACKENDS}.HTTPBackend", "LOCATION": address}}
    if parts.scheme == "cloudflare" and parts.username and parts.hostname:
        # The host, since a zone's letters are written in either case.
        zone = parts.netloc.rpartition("@")[2]
        options = {"BEARER_TOKEN": parts.username, "ZONEID": zone}
        return {"cdn": {"BACKEND": f"{BACKENDS}.CloudflareBackend", **options}}
    if parts.scheme == "cloudfront" and parts.netloc:
        options = {"DISTRIBUTION_ID": parts.netloc}
        return {"cdn": {"BACKEND": f"{BACKENDS}.CloudfrontBackend", **options}}
    raise SettingError(HOW)


def control() -> str:
    """What is said of pages to whoever keeps them on their way, by `CDN_SECONDS`.

    A browser asks each time, and is told in a few bytes that nothing has changed: so nothing that
    was taken back lives on in it. A CDN keeps a page for as long as its operator says.
    """
    seconds = env.str("CDN_SECONDS", default="").strip() or ("1" if backends() else "0")
    if not seconds.isascii() or not seconds.isdigit():
        raise SettingError("CDN_SECONDS must be a whole number of seconds, like 1, or 0.")
    if not int(seconds):
        return "public, no-cache"
    again = f"stale-while-revalidate={int(seconds)}, stale-if-error=300"
    return f"public, max-age=0, s-maxage={int(seconds)}, {again}"
