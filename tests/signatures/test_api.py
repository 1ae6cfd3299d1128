"""How the public JSON answers, whatever it says."""

import pytest
from django.test import Client

from tests.support.kinds import CityPages


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
