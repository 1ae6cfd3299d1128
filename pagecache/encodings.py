"""In which form an answer is sent: as the reader's browser can read it (RFC 9110, 12.5.3)."""

import gzip

import brotli

IDENTITY = ""
# The first of those that are liked as much is taken.
COMPRESS = {
    # Near to what the best takes off, in a twentieth of its time: pages are filled often.
    "br": lambda body: brotli.compress(body, quality=5),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
    IDENTITY: lambda body: body,
}
MOST_KNOWN = 1000

_known: dict[str, str] = {}


def chosen(accepted: str) -> str:
    """The best of what an `Accept-Encoding` allows. Browsers send few different ones."""
    found = _known.get(accepted)
    if found is None:
        found = best(accepted)
        if len(_known) < MOST_KNOWN:
            _known[accepted] = found
    return found


def best(accepted: str) -> str:
    weights = dict(weight(part) for part in accepted.lower().split(","))
    liked = {
        "br": weights.get("br", weights.get("*", 0.0)),
        "gzip": weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))),
        # Always readable unless it is refused, and liked the least where nothing is said of it.
        IDENTITY: weights.get("identity", 0.0),
    }
    name = max(liked, key=lambda each: liked[each])
    return name if liked[name] > 0 else IDENTITY


def weight(part: str) -> tuple[str, float]:
    name, _sign, rest = part.partition(";")
    label, _sign, number = rest.replace(" ", "").partition("=")
    try:
        return name.strip(), float(number) if label == "q" else 1.0
    except ValueError:
        return name.strip(), 0.0
