"""A signer's address is for data officers alone: editors meet it nowhere, nor does a log."""

import html as html_text
import io
import logging
import re
import zipfile
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings
from wagtail.models import ReferenceIndex

from home.assigning import EVERYWHERE, NAMES, assign
from jobs.models import Job
from jobs.worker import drain
from signatures.models import Signature
from tests.accounts.addresses import ExampleObjects
from tests.accounts.test_roles import table
from tests.signatures.test_sign import address as sign_address
from tests.signatures.test_sign import fields, post
from tests.support.factories import add_content, confirmed, make_signature, make_user
from tests.support.kinds import CityPages, Response, SmallSite

pytestmark = [pytest.mark.filterwarnings("ignore:Pagination may yield")]
ADDRESS = "nightingale.7f3@example.org"
NAME = "Florence Nightingale-7f3"
COMMENT = "A comment of hers 7f3"
# How many variants of one address are followed: sorted, filtered, of another thing.
VARIANTS = 2
ENDLESS = ("/admin/logout/", "/admin/failwhale/", "/admin/test404/")


@pytest.fixture
def signed(site: SmallSite) -> SmallSite:
    """A campaign with somebody who wants to be shown to nobody."""
    add_content(site)
    for page in (site["portland"]["en"], site["campaign"]["uk"]):
        confirmed(page, ADDRESS, name=NAME, comment=COMMENT, postcode="7f3")
        make_signature(page, "second." + ADDRESS, name=NAME, comment=COMMENT)
    return site


def text_of(response: Response) -> str:
    """What a response says, unpacked where it is a spreadsheet."""
    content = response.getvalue() if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return str(content.decode(errors="replace"))


def links(html: str, base: str) -> list[str]:
    """Addresses in links and forms, and in the data that the admin's scripts read."""
    found = re.findall(r"""["'](/admin/[^"'\\\s<>#]*)|href=["'](\?[^"']*)""", html)
    return [urljoin(base, html_text.unescape(own or asked)) for own, asked in found]


def crawl(client: Client, starts: list[str]) -> dict[str, str]:
    """What somebody can read in the admin, by address; from lists also their exports."""
    waiting, read = list(starts), {}
    seen: dict[str, set[str]] = {}
    while waiting:
        address = waiting.pop()
        path = re.sub(r"\d+|[0-9a-f-]{36}", "*", urlsplit(address).path)
        known = seen.setdefault(path, set())
        if address in known or len(known) >= VARIANTS or path in ENDLESS:
            continue
        known.add(address)
        response = client.get(address)
        read[address] = text_of(response)
        waiting += links(read[address], address)
        if "listing" in read[address] and "?" not in address:
            queries = ("?export=xlsx", f"?q={ADDRESS}")
            read |= {address + query: text_of(client.get(address + query)) for query in queries}
    return read


@pytest.mark.any_database
@pytest.mark.parametrize("name", ["editor", "moderator", "translator"])
def test_no_page_list_search_or_export_shows_a_signer(
    signed: SmallSite, name: str, client: Client
) -> None:
    things = ExampleObjects(signed)
    user = make_user(name)
    place = {"editor": EVERYWHERE, "translator": "uk"}.get(name, "")
    assign(user, NAMES[name], place, publish=bool(place))
    client.force_login(user)
    client.raise_request_exception = False
    starts = ["/admin/", "/api/petitions/"]
    starts += [things.fill(each) for each in table() if not each.startswith(("log", "password"))]
    read = crawl(client, starts)
    # The question itself is repeated in the search field.
    asked = {address: text for address, text in read.items() if ADDRESS not in address}
    assert len(asked) > 150
    assert [address for address, text in asked.items() if ADDRESS in text] == []
    named = {address.split("?")[0] for address, text in read.items() if NAME in text}
    assert named == set()
    # That the moderators' desk does show comments proves that the crawl would notice.
    told = {address.split("?")[0] for address, text in read.items() if COMMENT in text}
    assert told == ({"/admin/moderation/"} if name == "moderator" else set())


def test_no_log_names_a_signer(
    portland: CityPages, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    caplog.set_level(logging.DEBUG)
    page = portland["en"]
    person: dict[str, Any] = {"name": NAME, "email": ADDRESS, "comment": COMMENT}
    assert post(page, **person).status_code == 303
    assert post(page, **{**person, "country": ""}).status_code == 422
    stranger = Client().post(sign_address(page), fields(page, **person))
    assert stranger.status_code == 403
    settings.EMAIL_BACKEND = "tests.jobs.test_worker.DownBackend"
    drain()
    assert Job.objects.get().error == "smtplib.SMTPServerDisconnected"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.update(run_at=Signature.objects.get().asked_at)
    drain()
    assert mail.outbox[0].to == [ADDRESS]
    assert caplog.text, "something is logged"
    for secret in (ADDRESS, NAME, COMMENT):
        assert secret not in caplog.text


def test_signers_are_in_no_index_of_what_is_used_where(portland: CityPages) -> None:
    confirmed(portland["en"]).save()
    call_command("rebuild_references_index", verbosity=0)
    kinds = ReferenceIndex.objects.values_list("content_type__model", flat=True)
    assert "petitionpage" in kinds
    assert "signature" not in kinds
