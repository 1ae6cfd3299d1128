"""Email addresses: which are valid, which are the same, which look mistyped."""

import difflib
from dataclasses import dataclass
from functools import cache, cached_property

from disposable_email_domains import blocklist
from email_validator import validate_email
from publicsuffixlist import PublicSuffixList

from signatures.models import HashKey, site_key

# As long whatever it hides.
MASK = "•••••"
# Domains that so many people use that they tell nobody from another.
LARGE_PROVIDERS = (
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
)
# What slips of the finger are measured against.
COMMON_DOMAINS = (*LARGE_PROVIDERS, "example.com", "example.org", "example.net")
GMAIL = ("gmail.com", "googlemail.com")


@dataclass(frozen=True)
class Mailbox:
    """What an address was read as, once for the row, the mail and the ticket."""

    # What is written to: the local part as it was typed, at the very domain that is hashed.
    address: str
    # Enough for whoever typed it to notice a slip.
    masked: str

    @cached_property
    def canonical(self) -> str:
        return canonical_of(self.address)

    def key(self, keys: HashKey) -> str:
        """By which it is known to a campaign, or to the site, and to nobody else."""
        return keys.hash(self.canonical)


def campaign_keys(canonical: str) -> list[str]:
    """By which each of the campaigns knows a mailbox."""
    return [keys.hash(canonical) for keys in HashKey.objects.of_campaigns().order_by("pk")]


def parse(text: str) -> Mailbox:
    """Reads an address, as anybody may have typed it.

    Its domain is taken in the ASCII form of today's standard (RFC 5891, UTS 46), in which ß and ς
    are letters of their own. Of the local part only case does not matter, where a letter has one
    other case that leads back to it: ß is not ss, nor ς σ. Dots and `+tags` do matter: which
    servers ignore them is not for us to guess.

    Raises:
        EmailNotValidError: RFC 5321, 5322 and 6531 don't allow it.
    """
    parts = validate_email(text, check_deliverability=False, test_environment=True)
    domain = parts.ascii_domain.lower()
    return Mailbox(
        address=f"{parts.local_part}@{domain}",
        masked=f"{parts.local_part[0]}{MASK}@{parts.domain}",
    )


def canonical_of(address: str) -> str:
    """The form by which two spellings of one mailbox are known. `address` is a Mailbox's."""
    local, _, domain = address.rpartition("@")
    return f"{lowered(local)}@{domain}"


@cache
def public_suffixes() -> PublicSuffixList:
    """Where domains are registered, as the library brings it along: nothing is asked for it.

    Only what registries own: "github.io" is a domain like any other.
    """
    return PublicSuffixList(accept_unknown=False, only_icann=True)


def registered(domain: str) -> str:
    """What somebody registered of a domain: whoever has that has all below it, too."""
    return public_suffixes().privatesuffix(domain) or domain


def is_disposable(domain: str) -> bool:
    """Whether its mailboxes are made for one email and thrown away, by a list of such domains."""
    return domain in blocklist or registered(domain) in blocklist


def likely_mailbox(address: str) -> str:
    """Where mails to a Mailbox's address most likely arrive, to count them by.

    Most servers put `name+tag` into the mailbox of `name`, and Gmail knows no dots. A wrong guess
    puts a mail off and merges no signatures.
    """
    local, _, domain = canonical_of(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in GMAIL:
        local, domain = local.replace(".", ""), GMAIL[0]
    return f"{local}@{domain}"


def reader_of(address: str) -> str:
    """The hash with the site's key of who probably reads what is sent to an address."""
    return site_key().hash(likely_mailbox(address))


def lowered(local_part: str) -> str:
    if local_part.isascii():
        return local_part.lower()
    lower = ((letter, letter.lower()) for letter in local_part)
    return "".join(small if small.upper() == letter else letter for letter, small in lower)


def likely_meant(address: str) -> str | None:
    """The address that was probably meant, when its domain looks like a slip."""
    local, _, domain = address.rpartition("@")
    domain = domain.lower()
    if domain in COMMON_DOMAINS:
        return None
    close = difflib.get_close_matches(domain, COMMON_DOMAINS, n=1, cutoff=0.88)
    return f"{local}@{close[0]}" if close else None
