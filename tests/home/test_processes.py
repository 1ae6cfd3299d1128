"""What one process changes, the others know: each has a memory of its own."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as all_settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Model
from django.db.models.deletion import Collector
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings
from wagtail.coreutils import get_locales_display_names
from wagtail.models import Locale, Site

from campaigns.models import CampaignPage
from cms.settings import environment
from home.models import HomePage
from pagecache import versions
from pagecache.models import Change
from security.models import Bucket
from signatures.models import Allowance, Submission
from tests.support.factories import publish
from tests.support.kinds import SmallSite

ELSEWHERE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "cms.settings.test"
import django
django.setup()
from django.conf import settings
from django.db import connections
settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = sys.argv[1]
from django.test import Client
client = Client()
for line in sys.stdin:
    answer = client.get(line.strip())
    found = answer.content.decode().replace("\\n", " ")
    print(answer.status_code, found, flush=True)
"""


class OtherProcess:
    """Answers requests with a memory of its own, on the same database."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", ELSEWHERE, str(connection.settings_dict["NAME"])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(all_settings.ROOT_URLCONF).absolute().parent,
        )

    def get(self, address: str) -> tuple[int, str]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{address}\n")
        self.process.stdin.flush()
        status, _blank, html = self.process.stdout.readline().partition(" ")
        return int(status), html


@pytest.fixture
def other(transactional_site: SmallSite) -> Iterator[OtherProcess]:
    process = OtherProcess()
    yield process
    process.process.kill()
    process.process.wait()


def test_a_language_and_a_site_changed_in_one_process_are_known_in_another(
    transactional_site: SmallSite, other: OtherProcess
) -> None:
    home = transactional_site["home"]
    for address in ("/en/", "/en/end-ties/", "/uk/"):
        assert other.get(address)[0] == 200
    HomePage.objects.get(pk=home["uk"].pk).delete()
    assert "noindex" not in other.get("/en/")[1]
    again = HomePage.objects.get(pk=home["en"].pk).copy_for_translation(home["uk"].locale)
    again.title = "Головна"
    publish(again)
    for address in ("/en/", "/en/end-ties/", "/uk/", "/sitemap.xml"):
        assert other.get(address)[0] == 200, address
    assert 'hreflang="uk" href="http://localhost/uk/"' in other.get("/en/")[1]
    site = Site.objects.get()
    site.port = 8443
    site.save()
    assert 'href="http://localhost:8443/en/end-ties/"' in other.get("/en/end-ties/")[1]


def crawl(addresses: list[str]) -> None:
    for address in addresses:
        answer = Client().get(address)
        assert answer.status_code == 200, address
        assert "Nonecities" not in answer.content.decode()


ADDRESSES = [
    f"/{language}/{rest}"
    for language in ("en", "uk")
    for rest in ("", "?q=port", "end-ties/", "end-ties/cities/", "end-ties/portland-oregon/")
]
ADDRESSES += ["/en/end-ties/feed/", "/en/end-ties/news/", "/sitemap.xml", "/api/petitions/"]


@pytest.mark.parametrize("kept", ["none", "english"])
def test_no_page_breaks_where_a_home_page_is_new_to_the_process(
    site: SmallSite, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wagtail's memory as it is before a version is looked at."""
    known = Site.get_site_root_paths()
    monkeypatch.setattr(versions.reader, "look", lambda: None)
    for address in ADDRESSES:
        old = [path for path in known if kept == "english" and path.language_code == "en"]
        cache.set("wagtail_site_root_paths", old, 3600, version=2)
        crawl([address])


@pytest.mark.parametrize("is_shared", [False, True])
def test_what_wagtail_has_looked_up_is_forgotten_in_a_memory_of_ones_own(
    db: None, settings: Settings, tmp_path: Path, is_shared: bool
) -> None:
    if is_shared:
        address = f"filecache://{tmp_path}"
        settings.CACHES = {"default": environment.cache(address)}
    for topic in (versions.ADDRESSES, versions.PAGES):
        versions.reader.look()
        cache.set("wagtail_locales_display_name", {})
        versions.reader.look()
        assert get_locales_display_names() == {}
        # As somebody else who added a language, or deleted sizes of a picture.
        versions.touch(topic)
        versions.reader.look()
        known = get_locales_display_names()
        assert set(known.values()) == (set() if is_shared else {"English", "Ukrainian"})


def test_a_page_of_no_site_has_no_address_and_breaks_nothing(site: SmallSite) -> None:
    Site.objects.all().delete()
    page = CampaignPage.objects.get(pk=site["campaign"]["en"].pk)
    assert page.full_url is None
    assert page.language_links == {}
    assert page.get_sitemap_urls() == []


def test_views_of_pages_write_nothing(site: SmallSite) -> None:
    crawl(ADDRESSES)
    with CaptureQueriesContext(connection) as asked:
        crawl(ADDRESSES)
    # Many rows are read through a cursor; totals are put together first.
    reading = ("SELECT", "(SELECT", "WITH", "DECLARE", "FETCH", "CLOSE")
    writing = re.compile(r"\b(INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b")
    written = [
        each["sql"]
        for each in asked
        if not each["sql"].startswith(reading) or writing.search(each["sql"])
    ]
    assert [sql for sql in written if "SAVEPOINT" not in sql] == []


def test_versions_are_looked_at_twice_a_second_at_most(
    site: SmallSite, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.VERSION_SECONDS = 60.0
    reader = versions.Reader()
    with django_assert_num_queries(1):
        for _number in range(50):
            reader.look()
    assert "VERSION_SECONDS = 0.5" in Path("cms/settings/base.py").read_text()


def test_each_change_counts_the_version_up(site: SmallSite) -> None:
    def number() -> int:
        return versions.numbers()[versions.ADDRESSES]

    publish(HomePage.objects.get(pk=site["home"]["en"].pk))
    before = number()
    publish(CampaignPage.objects.get(pk=site["campaign"]["en"].pk))
    assert number() == before, "its address is its own"
    Site.objects.get().save()
    Locale.objects.create(language_code="pl")
    HomePage.objects.get(pk=site["home"]["uk"].pk).unpublish()
    assert number() >= before + 3


@pytest.mark.parametrize("model", [Bucket, Change, Allowance, Submission])
def test_what_is_deleted_in_bulk_is_not_read(model: type[Model]) -> None:
    """A listener to all models would have each row brought here: 80,000 after ten busy minutes."""
    assert Collector("default").can_fast_delete(model._default_manager.all())
