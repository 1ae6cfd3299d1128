"""Every address of the admin, walked once for each role, in Ukrainian.

Neither who gets in nor what is told of signers depends on a language, so one walk tells all: where
a role gets in, whether a word is left in English there, and whether a signer shows who is for data
officers alone.
"""

import io
import re
import zipfile

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils.translation import trans_real
from django.utils.translation.trans_real import DjangoTranslation
from wagtail.admin.menu import Menu
from wagtail.admin.ui.sidebar import MenuItem
from wagtail.users.models import UserProfile

from accounts.models import User
from staff.assigning import NAMES
from tests.accounts.addresses import ExampleObjects
from tests.accounts.roles import is_refused, login, open_address, table, tried
from tests.support.factories import add_content, confirmed, make_signature
from tests.support.kinds import Response, SmallSite
from tests.support.signer import ADDRESS, COMMENT, NAME

pytestmark = [
    pytest.mark.any_database,
    # wagtail-localize's report of translations is not ordered.
    pytest.mark.filterwarnings("ignore:Pagination may yield"),
]
# They see between them all that there is to see.
READERS = ("editor", "translator", "administrator")
# Looked up by django-filter to make labels of, and what a program is told that asks amiss.
NEVER_SHOWN = {"exact", 'Method "{method}" not allowed.'}
# To these nobody is known who signed.
STRANGERS = ("editor", "moderator", "translator")
FOR_EVERYBODY = "Read-by-everybody-7f4"
# What a page offers, and what is asked then.
QUERIES = {"export=xlsx": "?export=xlsx", 'name="q"': f"?q={ADDRESS}"}


@pytest.fixture
def signed(site: SmallSite) -> SmallSite:
    """A campaign with somebody who wants to be shown to nobody, and somebody who wants to be."""
    add_content(site)
    for page in (site["portland"]["en"], site["campaign"]["uk"]):
        confirmed(page, ADDRESS, name=NAME, comment=COMMENT, postcode="7f3")
        make_signature(page, "second." + ADDRESS, name=NAME, comment=COMMENT)
    everybodys = {"comment": FOR_EVERYBODY, "show_name": True}
    confirmed(site["portland"]["en"], "third@example.org", name="Third Signer", **everybodys)
    return site


@pytest.fixture
def missed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What is looked up in Ukrainian and not found, and so shows in English."""
    found: set[str] = set()
    catalogue = trans_real.DjangoTranslation
    gettext, ngettext = catalogue.gettext, catalogue.ngettext

    def noting(self: DjangoTranslation, message: str) -> str:
        is_english = bool(re.search("[A-Za-z]", message))
        if self.language() == "uk" and is_english and message not in self._catalog:  # type: ignore[attr-defined]
            found.add(message)
        return str(gettext(self, message))

    def noting_plural(self: DjangoTranslation, one: str, many: str, number: int) -> str:
        shown = str(ngettext(self, one, many, number))
        if self.language() == "uk" and shown in (one, many):
            found.add(one)
        return shown

    monkeypatch.setattr(catalogue, "gettext", noting)
    monkeypatch.setattr(catalogue, "ngettext", noting_plural)
    return found


@pytest.fixture
def one_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    """The menu, which is the same beside every page that one person opens, is made once."""
    make = Menu.render_component
    made: dict[int, list[MenuItem]] = {}

    def made_once(self: Menu, request: HttpRequest) -> list[MenuItem]:
        if id(self) not in made:
            made[id(self)] = make(self, request)
        return made[id(self)]

    monkeypatch.setattr(Menu, "render_component", made_once)


@pytest.mark.usefixtures("one_menu")
@pytest.mark.parametrize("name", NAMES)
def test_a_role_gets_in_where_it_may_reads_ukrainian_there_and_meets_no_signer(
    signed: SmallSite, missed: set[str], name: str
) -> None:
    things = ExampleObjects(signed)
    client = login(name)
    profile = UserProfile.get_for_user(User.objects.get(username=name))
    profile.preferred_language = "uk"
    profile.save()
    wrong = []
    in_english: set[str] = set()
    read: dict[str, str] = {}
    for pattern, letters in table().items():
        missed.clear()
        address = things.fill(pattern)
        response = open_address(client, address)
        if is_refused(response) == (name[0] in letters):
            wrong.append(f"{pattern}: {response.status_code}")
        # What programs ask speaks English to them.
        if name in READERS and name[0] in letters and not pattern.startswith("api/"):
            in_english |= missed
        read[address] = text_of(response)
    assert wrong == []
    assert in_english - NEVER_SHOWN == set()
    if name in STRANGERS:
        # A page of the other kind that is signed, and what the site's own scripts ask.
        for address in (f"/admin/pages/{things.campaign.pk}/edit/", "/api/petitions/"):
            read[address] = text_of(client.get(address))
        assert_no_signer_shows({**read, **read_on(client, read)}, name)


def text_of(response: Response) -> str:
    """What a response says, unpacked where it is a spreadsheet."""
    content = response.getvalue() if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return str(content.decode(errors="replace"))


def read_on(client: Client, walked: dict[str, str]) -> dict[str, str]:
    """What the walk leads to: lists as spreadsheets, searches, further links."""
    read: dict[str, str] = {}
    for address, text in walked.items():
        # By these addresses a list fills itself, with the rows that the whole page has.
        if not address.endswith("results/"):
            offers = [QUERIES[offered] for offered in QUERIES if offered in text]
            read |= {address + query: text_of(client.get(address + query)) for query in offers}
    known = {kind_of(address) for address in walked}
    waiting = [link for text in walked.values() for link in links(text)]
    while waiting:
        address = waiting.pop()
        if kind_of(address) not in known and tried(address.removeprefix("/admin/")):
            known.add(kind_of(address))
            read[address] = text_of(client.get(address))
            waiting += links(read[address])
    return read


def kind_of(address: str) -> str:
    return re.sub(r"[0-9a-f-]{36}|\d+", "*", address)


def links(text: str) -> set[str]:
    """Addresses in links and forms, and in the data that the admin's scripts read."""
    return set(re.findall(r"""(?<=["';])/admin/[^"'\\\s<>#?&]*""", text))


def assert_no_signer_shows(read: dict[str, str], name: str) -> None:
    # The question itself is repeated in the search field.
    asked = {address: text for address, text in read.items() if ADDRESS not in address}
    assert [address for address, text in asked.items() if ADDRESS in text] == []
    assert [address for address, text in read.items() if NAME in text] == []
    assert [address for address, text in read.items() if COMMENT in text] == []
    # That the moderators' desk does show what is to be shown proves that what shows is found.
    told = {address.split("?")[0] for address, text in read.items() if FOR_EVERYBODY in text}
    assert told == ({"/admin/moderation/"} if name == "moderator" else set())
