"""Whatever list is downloaded: Excel reads its letters, and no cell of it is a formula."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.models import Page
from wagtail.users.models import UserProfile
from wagtail_localize.models import Translation

from campaigns.models import CityName, Petition, TieEvent
from campaigns.tables.writing import BYTE_ORDER_MARK, FORMULA_STARTS, NUMBER, neutral
from tests.accounts.addresses import ExampleObjects
from tests.support.factories import add_content
from tests.support.kinds import SmallSite
from translations.models import TranslationState
from translations.submission import submit

FORMULA = '=HYPERLINK("https://evil.example")'
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Lists that Wagtail or we export. Found among all addresses, so that none is forgotten.
FEWEST = 12
# To the second or finer, or with the distance of its zone.
MACHINE_TIME = re.compile(r"\d{2}:\d{2}(:\d{2}|[+-]\d{2}:?\d{2})|\d{4}-\d{2}-\d{2}")


@pytest.fixture
def hostile(site: SmallSite) -> SmallSite:
    """A site whose every name begins like a formula and holds what XML cannot."""
    add_content(site)
    CityName.objects.update(name=FORMULA, region=f"@{FORMULA}")
    TieEvent.objects.update(source_title=f"{FORMULA}\x0b", source_publisher="-1+1")
    Page.objects.filter(depth__gt=2).update(title=FORMULA, draft_title=FORMULA)
    return site


def lists(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """The addresses below /admin/ of everything that can be exported."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from lists(entry, address)
        elif issubclass(getattr(entry.callback, "view_class", object), SpreadsheetExportMixin):
            yield address.removeprefix("admin/")


def exports(client: Client, site: SmallSite, kind: str) -> dict[str, bytes]:
    things = ExampleObjects(site)
    found = {}
    for address in map(things.fill, lists()):
        response = client.get(f"{address}?export={kind}")
        if f'.{kind}"' in response.get("Content-Disposition", ""):
            found[address] = response.getvalue()
    return found


def test_every_list_as_csv(hostile: SmallSite, admin: Client) -> None:
    files = exports(admin, hostile, "csv")
    assert len(files) >= FEWEST, sorted(files)
    whole = b"".join(files.values()).decode()
    assert f"'{FORMULA}".replace('"', '""') in whole, "the names are there"
    for address, content in files.items():
        text = content.decode()
        assert text.startswith(BYTE_ORDER_MARK), address
        for row in csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK))):
            for cell in row:
                assert not cell.startswith(FORMULA_STARTS) or NUMBER.fullmatch(cell), address
                # Wagtail's log names the thing beside its id.
                assert "site-history" in address or not UUID.search(cell), address


def test_every_list_as_a_workbook(hostile: SmallSite, admin: Client) -> None:
    files = exports(admin, hostile, "xlsx")
    assert len(files) >= FEWEST - 2, sorted(files)
    for address, content in files.items():
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
        assert "f" not in kinds, address


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_times_are_told_in_the_readers_language_and_zone(
    site: SmallSite, admin: Client, kind: str
) -> None:
    profile = UserProfile.get_for_user(get_user_model().objects.get(username="boss"))
    profile.preferred_language, profile.current_time_zone = "uk", "Asia/Tokyo"
    profile.save()
    submit(site["campaign"]["en"], site["campaign"]["uk"].locale)
    TranslationState.objects.update_or_create(
        translation=Translation.objects.get(), defaults={"stale_since": timezone.now()}
    )
    Petition.objects.update(closes_at=timezone.now() + timedelta(days=400))
    told = 0
    for address, content in exports(admin, site, kind).items():
        for cell in cells_of(content, kind):
            assert not MACHINE_TIME.search(cell), (address, cell)
            told += bool(re.search(r"20\d\d\sр\., \d{2}:\d{2} UTC\+9$", cell))
    assert told > 1, "the log and the report of languages have times"


def cells_of(content: bytes, kind: str) -> list[str]:
    if kind == "csv":
        return [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [str(cell.value) for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("number", ["-122.6784", "+1", "0", "-1,5", "44.05"])
def test_a_number_stays_a_number(number: str) -> None:
    assert neutral(number) == number


@pytest.mark.parametrize("cell", ["-1+1", "=1", "@a", "+a", "-", "--1", "\t=1", "-1 "])
def test_what_is_no_number_does_not(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@pytest.mark.django_db
def test_lists_are_exported_as_they_show(site: SmallSite, admin: Client) -> None:
    petitions = admin.get("/admin/petitions/?export=csv").getvalue().decode()
    campaign = next(line for line in petitions.splitlines() if "End" in line)
    assert ",–,open," in campaign, "the whole campaign has no tie"
    TieEvent.objects.update(date=None)
    events = admin.get("/admin/snippets/campaigns/tieevent/?export=csv").getvalue().decode()
    assert "Portland, Oregon – Khabarovsk" in events
    assert ",–,reported as still in force," in events
