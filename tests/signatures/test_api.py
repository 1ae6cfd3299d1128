"""How the public JSON answers, whatever it says."""

import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from home.sitemap import AllLanguagesSitemap
from signatures.views import api
from tests.support.factories import confirmed
from tests.support.kinds import CityPages, SmallSite


@pytest.fixture(params=["", "{id}/", "{id}/count/"])
def address(request: pytest.FixtureRequest, portland: CityPages) -> str:
    return f"/api/petitions/{request.param}".format(id=portland["en"].petition_id)


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
    monkeypatch.setattr(api, "LISTED", 3)
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


def test_the_count_is_told_in_the_words_of_each_page(site: SmallSite) -> None:
    """In both languages, like the page itself, and never of anything that is not public."""
    petition = site["portland"]["en"].petition
    address = f"/api/petitions/{petition.pk}/count/"
    confirmed(site["portland"]["en"])
    for language, told in (("en", "1</strong> signature."), ("uk", "1</strong> підпис.")):
        found = Client().get(f"{address}?language={language}").json()
        assert told in found["words"]
        assert found["words"] in Client().get(f"/{language}/end-ties/portland-oregon/").text
        numbers = {name: found[name] for name in ("signatures", "goal", "percent")}
        assert numbers == {"signatures": 1, "goal": 200, "percent": 0}
    assert "signature." in Client().get(f"{address}?language=nonsense").json()["words"]
    for page in site["portland"].values():
        type(page).objects.get(pk=page.pk).unpublish()
    assert Client().get(address).status_code == 404


def test_the_script_that_keeps_a_number_is_small_and_on_no_other_page(site: SmallSite) -> None:
    assert Path("cms/static/js/live.js").stat().st_size <= 2048
    for address in ("/en/end-ties/", "/uk/end-ties/portland-oregon/"):
        html = Client().get(address).text
        assert html.count("js/live.js") == html.count("data-live=") == 1
    assert "js/live.js" not in Client().get("/en/").text
