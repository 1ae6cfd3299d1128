"""A text's words without its markup."""

import re
from html import unescape

MARKUP = re.compile(r"<[^<>]*>")
BREAK = re.compile(r"<br[^<>]*>")


def plain_text(html: str) -> str:
    """A text without the markup of a fragment of HTML, which it may be."""
    return unescape(MARKUP.sub("", BREAK.sub("\n", html)))
