"""Mail addresses: which are valid, which are the same, which look mistyped."""

import difflib

from email_validator import EmailNotValidError, validate_email

# Domains that many people use, and that slips of the finger are measured against.
COMMON_DOMAINS = (
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "mail.com",
    "email.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "comcast.net",
    "verizon.net",
    "att.net",
    "sbcglobal.net",
    "ukr.net",
    "i.ua",
    "meta.ua",
    "yahoo.co.uk",
    "hotmail.co.uk",
    "hotmail.fr",
    "orange.fr",
    "wp.pl",
    "onet.pl",
    "fastmail.com",
    "zoho.com",
    "example.com",
    "example.org",
    "example.net",
)


def canonical(address: str) -> str:
    """The form by which two spellings of one mailbox are recognised.

    Case and Unicode form don't matter, a domain is taken in its ASCII form (RFC 5890). Dots and
    `+tags` do matter: which servers ignore them is not for us to guess.

    Raises:
        EmailNotValidError: RFC 5321, 5322 and 6531 don't allow it.
    """
    parts = validate_email(address, check_deliverability=False, test_environment=True)
    return f"{parts.local_part.casefold()}@{parts.ascii_domain.lower()}"


def is_valid(address: str) -> bool:
    try:
        canonical(address)
    except EmailNotValidError:
        return False
    return True


def likely_meant(address: str) -> str | None:
    """The address that was probably meant, when its domain looks like a slip."""
    local, _, domain = address.rpartition("@")
    domain = domain.lower()
    if domain in COMMON_DOMAINS:
        return None
    close = difflib.get_close_matches(domain, COMMON_DOMAINS, n=1, cutoff=0.88)
    return f"{local}@{close[0]}" if close else None
