"""How the public JSON answers, whatever it says."""

import io
import re

import pytest
from django.core.management import call_command
from django.test import Client

from home.sitemap import AllLanguagesSitemap
from signatures.views import api
from tests.support.kinds import CityPages, SmallSite


@pytest.fixture(params=["list", "one"])
def address(request: pytest.FixtureRequest, portland: CityPages) -> str:
    return {"list": "/api/petitions/", "one": f"/api/petitions/{portland['en'].petition_id}/"}[
        request.param
    ]


def test_head_tells_what_get_would(address: str) -> None:
    told, whole = Client().head(address), Client().get(address)
    assert (told.status_code, told.content) == (200, b"")
    assert told.headers["ETag"]
    assert dict(told.headers) == dict(whole.headers)
    assert told.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["get", "head"])
def test_who_keeps_the_newest_is_told_so(address: str, method: str) -> None:
    etag = Client().get(address).headers["ETag"]
    answer = getattr(Client(), method)(address, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_are_refused_in_a_sentence(address: str, method: str) -> None:
    answer = getattr(Client(), method)(address)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json() == {"error": "This can only be read: use GET or HEAD."}


def test_the_list_comes_in_pages_each_of_which_leads_to_the_next(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("generate_load", cities=6, stdout=io.StringIO())
    whole = Client().get("/api/petitions/").json()
    assert (len(whole["petitions"]), whole["next"]) == (7, None)
    monkeypatch.setattr(api, "PER_PAGE", 3)
    address, listed = "/api/petitions/", []
    while address:
        page = Client().get(address).json()
        assert 0 < len(page["petitions"]) <= 3
        listed += page["petitions"]
        address = page["next"]
    assert listed == whole["petitions"]


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "", "٢", "9" * 30])
def test_a_page_that_there_is_not_is_told_so(site: SmallSite, page: str) -> None:
    answer = Client().get("/api/petitions/", {"page": page})
    assert (answer.status_code, answer.json()) == (404, {"error": "There is no such page."})


def test_a_large_sitemap_is_an_index_of_its_parts(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = re.compile("<loc>([^<]*)</loc>").findall
    whole = find(Client().get("/sitemap.xml").content.decode())
    monkeypatch.setattr(AllLanguagesSitemap, "limit", 2)
    parts = find(Client().get("/sitemap.xml").content.decode())
    assert len(parts) == 3
    assert whole == [url for part in parts for url in find(Client().get(part).content.decode())]
