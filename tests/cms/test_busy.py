"""What somebody is told who comes when there is no place."""

from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from cms.busy import environ_for

pytestmark = [pytest.mark.any_database, pytest.mark.django_db]
WORDS = {"en": "Please come back in a moment", "uk": "Поверніться за хвилину"}
SIGN = "/{}/petitions/374ebf04-8e28-4cff-a87c-cd481b62a928/sign/"


def told(language: str, **headers: str) -> tuple[str, dict[str, str], str]:
    started: list[Any] = []
    posted = RequestFactory().post(SIGN.format(language), {"name": "Olena"}, **headers)  # type: ignore[arg-type]
    application: Any = WSGIHandler()
    answer = application(environ_for(language, posted.environ), lambda *args: started.extend(args))
    return started[0], dict(started[1]), b"".join(answer).decode()


@pytest.mark.parametrize("language", WORDS)
def test_the_page_is_kind_in_the_language_of_the_form_and_asks_no_database(language: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        status, headers, html = told(language)
    assert status.startswith("503")
    assert WORDS[language] in html
    assert f'lang="{language}"' in html
    assert (headers["Retry-After"], headers["Cache-Control"]) == ("30", "no-store")
    assert "Content-Security-Policy" in headers
    assert headers["Content-Language"] == language
    assert not queries


def test_whoever_sends_too_much_is_told_how_much_there_may_be() -> None:
    started: list[Any] = []
    posted = RequestFactory().post("/uk/deliveries/code/check/", {"file": "x"})
    # The server asks before it has read anything.
    del posted.environ["wsgi.input"]
    application: Any = WSGIHandler()
    asked = environ_for("uk", posted.environ, 413)
    html = b"".join(application(asked, lambda *args: started.extend(args))).decode()
    assert started[0].startswith("413")
    assert "20\xa0МБ" in html
    assert "Retry-After" not in dict(started[1])


def test_it_is_made_of_nothing_of_whoever_comes_first() -> None:
    """It is told to everybody who comes after."""
    plain = told("uk")
    odd = told("uk", HTTP_COOKIE="messages=secret", HTTP_ACCEPT_LANGUAGE="en", QUERY_STRING="a=b")
    assert odd == plain
    assert "Set-Cookie" not in odd[1]


@pytest.mark.parametrize("name", ["HTTP_CMS_BUSY", "HTTP_CMS.BUSY", "HTTP_BUSY"])
def test_no_visitor_asks_for_it(name: str) -> None:
    assert Client().get("/robots.txt", **{name: "1"}).status_code == 200  # type: ignore[arg-type]
