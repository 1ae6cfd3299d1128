"""Which spellings are one mailbox, and that mail goes to the very one that was hashed."""

import itertools
import unicodedata
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from email_validator import EmailNotValidError, ValidatedEmail, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.models import Petition
from jobs.worker import drain
from signatures import mailboxes
from signatures.mailboxes import MASK, parse
from signatures.models import HashKey, Signature
from tests.signatures.posting import post
from tests.support.kinds import CityPages

# Each domain, and spellings of it that are no other domain.
DOMAINS = {
    "xn--strae-oqa.example": ["straße.example", "STRAßE.example", "STRAẞE.example"],
    "strasse.example": ["strasse.example", "STRASSE.EXAMPLE", "ｓｔｒａｓｓｅ．example"],
    "xn--fa-tbc.example": ["faς.example"],
    "xn--fa-wbc.example": ["faσ.example", "FAΣ.example"],
    "xn--bcher-kva.example": ["bücher.example", "bu\u0308cher.example", "BÜCHER.example"],
    "xn--80aikifvh.xn--j1amh": ["приклад.укр", "ПРИКЛАД.УКР", "приклад。укр", "приклад｡укр"],
}
# Local parts of different mailboxes, however alike they look.
OTHERS = [
    "ss",
    "ß",
    "ẞ",
    "σ",
    "ς",
    "i",
    "ı",
    "İ",
    "ﬁ",
    "fi",
    "ａ",
    "a",
    "s",
    "ſ",
    "θ",
    "ϴ",
    "к",
    "k",
]
FORBIDDEN = ["fa\u200dss.example", "fa\u200css.example", "क्\u200dष.example", "fa\u00adss.example"]


@pytest.mark.parametrize("domain", DOMAINS)
def test_spellings_of_a_domain_are_one_mailbox_and_written_to_alike(domain: str) -> None:
    spellings = [*DOMAINS[domain], domain, domain.upper()]
    found = [parse(f"olena@{spelling}") for spelling in spellings]
    assert {(each.canonical, each.address) for each in found} == {(f"olena@{domain}",) * 2}


@pytest.mark.parametrize("spelling", list(itertools.chain(*DOMAINS.values())))
def test_the_mail_as_it_is_sent_names_the_domain_that_was_hashed(
    portland: CityPages, spelling: str
) -> None:
    assert post(portland["en"], email=f"olena@{spelling}").status_code == 303
    drain()
    [message] = mail.outbox
    domain = parse(f"olena@{spelling}").canonical.rpartition("@")[2]
    assert message.recipients() == [f"olena@{domain}"]
    assert message.message()["To"] == f"olena@{domain}"


def test_four_spellings_of_one_domain_are_one_signature(portland: CityPages) -> None:
    for spelling in DOMAINS["xn--strae-oqa.example"]:
        post(portland["en"], email=f"olena@{spelling}")
        drain()
    assert Signature.objects.count() == 1


@pytest.mark.parametrize(("one", "other"), itertools.combinations(OTHERS, 2))
def test_letters_that_are_folded_elsewhere_make_mailboxes_of_their_own(
    one: str, other: str
) -> None:
    found = {parse(f"{each}@example.org").canonical for each in (one, other)}
    assert len(found) == 2


@pytest.mark.parametrize("domain", FORBIDDEN)
def test_letters_that_nobody_sees_are_refused(portland: CityPages, domain: str) -> None:
    with pytest.raises(EmailNotValidError):
        parse(f"olena@{domain}")
    assert post(portland["en"], email=f"olena@{domain}").status_code == 422


@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20))
@settings(max_examples=300, deadline=None)
def test_an_address_that_is_read_again_stays_what_it_is(word: str) -> None:
    word = unicodedata.normalize("NFC", word)
    for text in (f"{word}@example.org", f"a@{word}.example", f"{word}@{word}.example"):
        try:
            first = parse(text)
        except EmailNotValidError:
            continue
        again = parse(first.address)
        assert (again.address, again.canonical) == (first.address, first.canonical)
        assert first.address.rpartition("@")[2] == first.canonical.rpartition("@")[2]
        assert first.address.rpartition("@")[2].isascii()
        assert parse(first.canonical).canonical == first.canonical


@pytest.mark.parametrize("local_part", ["o", "olena", "olena.kovalenko+petitions"])
def test_the_page_shows_one_letter_of_the_address_whatever_its_length(
    portland: CityPages, local_part: str
) -> None:
    address = f"{local_part}@example.org"
    html = Client().get(post(portland["en"], email=address)["Location"]).content.decode()
    assert f"<strong>o{MASK}@example.org</strong>" in html
    assert address not in html


def test_one_post_reads_its_address_once_and_makes_each_key_once(
    portland: CityPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    keyed: list[object] = []
    of, hash_text = HashKey.of, HashKey.hash

    def validated(text: str, **options: Any) -> ValidatedEmail:
        read.append(text)
        return validate_email(text, **options)

    def fetched(campaign: Petition) -> HashKey:
        keyed.append(campaign)
        return of(campaign)

    def hashed(keys: HashKey, text: str) -> str:
        keyed.append((keys.campaign, text))
        return hash_text(keys, text)

    monkeypatch.setattr(mailboxes, "validate_email", validated)
    monkeypatch.setattr(HashKey, "of", fetched)
    monkeypatch.setattr(HashKey, "hash", hashed)
    campaign = portland["en"].petition.campaign
    assert post(portland["en"], email="Olena+1@Example.org").status_code == 303
    assert read == ["Olena+1@Example.org"]
    assert [each for each in keyed if each in (campaign, None)] == [campaign, None]
    canonical = "olena+1@example.org"
    assert [each for each in keyed if isinstance(each, tuple) and each[1] == canonical] == [
        (campaign, canonical),
        (None, canonical),
    ]
    keyed.clear()
    drain()
    assert len(mail.outbox) == 1
    assert read == ["Olena+1@Example.org"], "the mail goes by what the row holds"
    # Whose mail it is; then whether any signature of the mailbox's asks for safety mode.
    assert keyed == [None, (None, "olena@example.org"), (campaign, canonical)]
