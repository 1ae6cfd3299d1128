"""Nothing of anybody's own, nothing wrong and nothing unpublished is ever kept for all."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from wagtail.models import Page, PageViewRestriction

from home.models import HomePage
from pagecache import holes
from pagecache.declaring import declare, may_be_kept
from pagecache.middleware import WANTED, KeepingMiddleware
from signatures.models import Submission
from signatures.signing.tokens import confirm_token, own_token
from tests.pagecache.browser import CITY, Answer, Process, commit
from tests.pagecache.ways import WHEN
from tests.support.factories import make_submission, make_user, shown
from tests.support.kinds import SmallSite
from tests.support.logins import logged_in

MARK = "hunter2"
ADDRESSES = [CITY, "/en/", "/uk/", "/en/end-ties/cities/", "/en/end-ties/feed/"]
ADDRESSES += ["/en/end-ties/news/", "/sitemap.xml", "/api/petitions/"]

# What somebody sends in the hope that others are answered with it.
HEADERS: list[dict[str, Any]] = [
    *(
        {"HTTP_HOST": host}
        for host in (
            *(f"{MARK}.example", f"testserver.{MARK}.example", f"testserver:{MARK}"),
            *("TESTSERVER", "testserver.", "testserver:80", "testserver:8080", "localhost:1"),
            *(f"testserver/{MARK}", f"testserver@{MARK}.example", f"{MARK}@testserver", "[::1]"),
            *("", " testserver", "testserver,evil"),
        )
    ),
    {"HTTP_HOST": None},
    {"HTTP_X_FORWARDED_HOST": f"{MARK}.example"},
    {"HTTP_X_FORWARDED_HOST": "TESTSERVER"},
    {"HTTP_X_HOST": f"{MARK}.example"},
    {"HTTP_X_ORIGINAL_URL": f"/{MARK}/"},
    {"HTTP_X_REWRITE_URL": f"/{MARK}/"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_X_FORWARDED_PROTO": MARK},
    {"HTTP_X_FORWARDED_PORT": "8443"},
    {"HTTP_X_FORWARDED_PREFIX": f"/{MARK}"},
    {"HTTP_X_FORWARDED_FOR": MARK},
    {"HTTP_FORWARDED": f"host={MARK}.example"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
    {"HTTP_ACCEPT_LANGUAGE": f"uk,{MARK}"},
    {"HTTP_ACCEPT": f"application/{MARK}"},
    {"HTTP_ACCEPT_ENCODING": f"{MARK};q=1, br;q={MARK}"},
    {"HTTP_USER_AGENT": MARK},
    {"HTTP_REFERER": f"http://testserver/{MARK}/"},
    {"HTTP_ORIGIN": f"http://{MARK}.example"},
    {"HTTP_AUTHORIZATION": f"Basic {MARK}"},
    {"HTTP_COOKIE": f"tracking={MARK}; django_language=uk"},
    {"HTTP_COOKIE": f"session={MARK}; csrf={MARK}"},
    {"HTTP_COOKIE": f"messages={MARK}"},
    {"HTTP_IF_NONE_MATCH": f'"{MARK}"'},
    {"HTTP_RANGE": "bytes=0-0"},
    {"SCRIPT_NAME": f"/{MARK}"},
    {"CONTENT_LENGTH": "10", "CONTENT_TYPE": f"text/{MARK}"},
]
# A feed without news says when it was made.
QUERIES = [
    f"?{MARK}",
    f"?q={MARK}",
    f"?page={MARK}&p={MARK}&sort={MARK}&status={MARK}&state={MARK}&language={MARK}",
    f"?utm_source={MARK}",
    f"?{MARK}=1&status=won",
    f"?status=won&status={MARK}",
    f"?status=won;{MARK}",
    f"?next=//{MARK}.example/",
    f"?__proto__={MARK}&%00={MARK}&\xff={MARK}",
    f"?p=1&p={MARK}",
    f"?p=1#{MARK}",
    "?" + "&".join(f"x{number}={MARK}" for number in range(200)),
]


@pytest.fixture(params=["nobody", "somebody logged in"])
def identity(request: pytest.FixtureRequest, kept_site: SmallSite) -> dict[str, str]:
    if request.param == "nobody":
        return {}
    client = logged_in(make_user("boss", is_staff=True, is_superuser=True))
    return {"HTTP_COOKIE": f"session={client.cookies['session'].value}"}


@pytest.fixture
def truth(kept_site: SmallSite) -> dict[str, str]:
    """What Django answers whoever sends nothing of the kind."""
    return {
        address: Client().get(address, HTTP_HOST="testserver").content.decode()
        for address in ADDRESSES
    }


def test_nothing_hostile_is_in_what_others_are_answered(
    here: Process, identity: dict[str, str], truth: dict[str, str]
) -> None:
    """Asked first with all of it, when nothing is kept yet, and then again when it is."""
    # Each request of somebody logged in has its page rendered.
    attacked = [CITY] if identity else [CITY, "/en/end-ties/cities/", "/api/petitions/"]
    for _round in range(2):
        for address in attacked:
            for headers in HEADERS:
                attempt(here, address, {**identity, **headers})
            for query in QUERIES:
                attempt(here, address + query, identity)
        for address in ADDRESSES:
            answer = here.get(address)
            assert WHEN.sub("", answer.text) == WHEN.sub("", truth[address])
            assert MARK not in str(answer.headers)
            assert "Set-Cookie" not in answer.headers
    for key, entry in here.cache.store.entries.items():
        assert MARK not in str(key)
        assert MARK not in str(entry.parts) + str(entry.headers)
    assert {key[0][1] for key in here.cache.store.entries} == {"testserver"}  # type: ignore[index]


def attempt(process: Process, address: str, environ: dict[str, Any]) -> Answer:
    answer = process.get(address, **environ)
    assert answer.status < 500, (address, environ)
    return answer


def test_whoever_is_logged_in_is_answered_by_django(here: Process, kept_site: SmallSite) -> None:
    here.get(CITY)
    client = logged_in(make_user("boss", is_staff=True, is_superuser=True))
    cookie = f"a=b; session={client.cookies['session'].value}"
    assert not here.is_kept(CITY, HTTP_COOKIE=cookie)
    assert not here.is_kept(CITY, HTTP_AUTHORIZATION="Basic x")
    assert here.is_kept(CITY, HTTP_COOKIE="a=b; no_session=c")


def personal(site: SmallSite) -> Iterator[str]:
    row = shown(site["portland"]["en"])
    waiting = make_submission(site["portland"]["en"], "taras@example.org", name="Taras")
    yield f"/en/signatures/{own_token(row)}/"
    yield f"/en/signatures/{own_token(row)}/download/"
    yield f"/en/signatures/{confirm_token(waiting)}/confirm/"
    yield f"/en/petitions/{row.petition_id}/sign/"
    yield from ("/en/my-signatures/", "/", "/en/nothing/", "/nothing/", "/en/end-ties/nothing/")
    yield from ("/admin/login/", "/robots.txt", "/healthz", "/readyz", "/static/css/site.css")
    yield from ("/en/end-ties/portland-oregon", "//en/", "/en//end-ties/", "/en/end-ties//")


def test_what_is_nobody_elses_is_not_kept(here: Process, kept_site: SmallSite) -> None:
    addresses = list(personal(kept_site))
    commit()
    for address in [*addresses, *addresses]:
        assert here.get(address).status in (200, 301, 302, 303, 404), address
    assert not here.cache.store.entries
    assert Submission.objects.exists()


def test_a_draft_a_preview_and_a_page_for_some_are_not_kept(
    here: Process, kept_site: SmallSite
) -> None:
    page = HomePage.objects.get(pk=kept_site["home"]["en"].pk)
    page.lead = "A draft of a lead."
    page.save_revision()
    admin = logged_in(make_user("boss", is_staff=True, is_superuser=True))
    cookie = f"session={admin.cookies['session'].value}"
    assert (
        "A draft of a lead."
        in here.get(f"/admin/pages/{page.pk}/view_draft/", HTTP_COOKIE=cookie).text
    )
    assert "A draft of a lead." not in here.get("/en/").text
    restricted = Page.objects.get(pk=kept_site["portland"]["en"].pk)
    PageViewRestriction.objects.create(page=restricted, restriction_type="login")
    commit()
    for _time in range(2):
        assert here.get(CITY, HTTP_COOKIE=cookie).status == 200
        assert here.get(CITY).status == 302
    assert CITY not in str(here.cache.store.entries.keys())


def answer_with(**changes: Any) -> HttpResponse:
    response = HttpResponse("x")
    for name, value in changes.items():
        if name == "cookie":
            response.set_cookie("a", value)
        elif name == "status":
            response.status_code = value
        else:
            response[name.replace("_", "-")] = value
    declare(response)
    return response


@pytest.mark.parametrize(
    "changes",
    [
        {"cookie": "b"},
        *({"status": status} for status in (201, 204, 206, 301, 302, 304, 403, 404, 422, 500, 503)),
        *({"Cache_Control": told} for told in ("private", "no-store", "max-age=0, private")),
        *({"Vary": names} for names in ("Cookie", "Accept-Language", "Origin", "*")),
        {"Content_Encoding": "gzip"},
    ],
)
def test_whatever_a_view_declares_an_answer_like_this_is_not_kept(changes: dict[str, Any]) -> None:
    request = RequestFactory().get("/")
    assert may_be_kept(request, answer_with())
    assert may_be_kept(request, answer_with(Vary="Accept-Encoding"))
    assert not may_be_kept(request, answer_with(**changes))


def test_a_stream_a_preview_and_what_no_view_declared_are_not_kept() -> None:
    request = RequestFactory().get("/")
    assert not may_be_kept(request, HttpResponse("x"))
    streamed = StreamingHttpResponse([b"x"])
    declare(streamed)
    assert not may_be_kept(request, streamed)
    request.is_preview = True  # type: ignore[attr-defined]
    assert not may_be_kept(request, answer_with())


FORGED = [
    "<!--{secret}:0-->",
    "<!--{secret}:1--><!--{secret}:0-->",
    "<!--" + "0" * 32 + ":0-->",
    "</p><script>alert(1)</script>",
    "{% progress %}{{ 1 }}",
    r"\g<0> \1 %s %(number)s {0}",
]


@pytest.mark.parametrize("text", FORGED)
def test_no_comment_and_no_heading_can_be_a_hole(
    here: Process, kept_site: SmallSite, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even with the secret of the rendering before."""
    secrets: list[str] = []
    real = holes.Marks

    def noting() -> holes.Marks:
        marks = real()
        secrets.append(marks.secret)
        return marks

    monkeypatch.setattr(holes, "Marks", noting)
    here.get(CITY)
    forged = text.replace("{secret}", secrets[-1])
    shown(kept_site["portland"]["en"], comment=forged)
    page = kept_site["portland"]["en"]
    type(page).objects.filter(pk=page.pk).update(own_heading=forged)
    commit()
    for _time in range(2):
        answer = here.get(CITY)
        plain = Client().get(CITY, HTTP_HOST="testserver").content.decode()
        assert answer.text == plain
        assert "<script>alert" not in answer.text
    assert len(set(secrets)) == len(secrets)
    assert not re.search(secrets[-1], here.get(CITY).text)


def test_a_mark_is_filled_once_and_what_fills_it_is_not_looked_through() -> None:
    marks = holes.Marks()
    hole = holes.Hole("unless_away", "en", (f"<!--{marks.secret}:0-->", ""))
    text = f"a{marks.mark(hole)}b"
    assert holes.filled(marks.split(text)) == f"a<!--{marks.secret}:0-->b"


def test_an_answer_that_is_not_kept_has_its_holes_filled(
    here: Process, kept_site: SmallSite
) -> None:
    """As a page's does for which a cookie is set."""

    def with_cookie(get: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def answer(request: HttpRequest) -> HttpResponse:
            response = get(request)
            response.set_cookie("a", "b")
            return response

        return answer

    page = kept_site["portland"]["en"]
    request = RequestFactory().get(CITY, HTTP_HOST="testserver")
    wanted: list[object] = []
    request.META[WANTED] = wanted
    found: Any = type(page).objects.get(pk=page.pk)
    get = with_cookie(lambda request: found.serve(request).render())
    answer = KeepingMiddleware(get)(request)
    assert wanted == []
    assert "Nobody has signed yet." in answer.text
    assert "<!--" not in answer.text
