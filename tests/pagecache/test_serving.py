"""Who is answered from memory, in which form, and how often a page is rendered for it."""

import os
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from campaigns.models import Petition
from pagecache import encodings
from pagecache.declaring import Declared
from pagecache.entries import Entry, Rendered
from pagecache.store import Store
from pagecache.watching import Known
from tests.pagecache.browser import CITY, Process, commit
from tests.support.factories import confirmed, shown
from tests.support.kinds import SmallSite

TRACKER = "/en/end-ties/cities/"


def test_the_first_reader_has_it_rendered_and_all_others_get_the_same(here: Process) -> None:
    first, second = here.get(CITY), here.get(CITY)
    assert here.rendered == [CITY]
    assert first == second
    assert first.text == Client().get(CITY).content.decode()


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("*", "br"),
        ("*;q=0", ""),
        ("identity, br;q=0.1", ""),
        ("GZIP", "gzip"),
        ("br;q=nonsense, gzip;q=0.1", "gzip"),
        ("", ""),
    ],
)
def test_an_answer_is_packed_as_its_reader_can_unpack_it(accepted: str, encoding: str) -> None:
    assert encodings.chosen(accepted) == encoding


def test_every_form_says_the_same_and_has_its_own_tag(here: Process) -> None:
    answers = [here.get(CITY, HTTP_ACCEPT_ENCODING=each) for each in ("br", "gzip", "")]
    assert len({answer.text for answer in answers}) == 1
    assert len({answer.headers["ETag"] for answer in answers}) == 3
    for answer in answers:
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert int(answer.headers["Content-Length"]) == len(answer.body)
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert "Content-Security-Policy" in answer.headers
    assert len(answers[0].body) * 3 < len(answers[2].body)
    assert here.rendered == [CITY]


@pytest.mark.parametrize("written", ["{}", "W/{}", '"other", {}', "*"])
def test_whoever_has_it_is_told_so(here: Process, written: str) -> None:
    tag = here.get(CITY).headers["ETag"]
    answer = here.get(CITY, HTTP_IF_NONE_MATCH=written.format(tag))
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert not {"Content-Length", "Content-Encoding"} & set(answer.headers)
    assert here.get(CITY, HTTP_IF_NONE_MATCH=tag, HTTP_ACCEPT_ENCODING="br").status == 200


def test_head_and_ranges_leave_nothing_and_are_answered_from_what_is_there(here: Process) -> None:
    for _time in range(2):
        assert here.get(CITY, "HEAD").status == 200
        assert here.get(CITY, HTTP_RANGE="bytes=0-9").status == 200
    assert not here.cache.store.entries
    whole = here.get(CITY)
    head = here.get(CITY, "HEAD")
    assert head.headers == whole.headers
    assert head.body == b""
    assert here.get(CITY, HTTP_RANGE="bytes=0-9").body == whole.body


@pytest.mark.parametrize(
    "query",
    [
        "?utm_source=news&fbclid=1",
        "?q=",
        "?status=&state=&q=&utm_medium=x",
        "?%F0%9F%98%80=1&x[]=2",
    ],
)
def test_what_nobody_reads_makes_no_page_of_its_own_and_is_not_told(
    here: Process, query: str
) -> None:
    plain = here.get(TRACKER)
    assert here.get(TRACKER + query) == plain
    assert len(here.rendered) == 1
    assert len(here.cache.store.entries) == 1


def test_a_page_first_asked_for_with_more_than_it_reads_is_kept_without(here: Process) -> None:
    here.get(CITY + "?secret=hunter2")
    assert not here.cache.store.entries
    here.get(CITY + "?secret=other")
    assert "secret" not in here.get(CITY).text
    assert len(here.rendered) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("?status=won&sort=date", "?sort=date&status=won&utm=1", True),
        ("?status=won", "?status=ended", False),
        ("?sort=city", "?sort=-city", False),
    ],
)
def test_what_can_be_chosen_is_kept_once_for_each_choice(
    here: Process, one: str, other: str, same: bool
) -> None:
    here.get(TRACKER)
    first = here.get(TRACKER + one)
    rendered = len(here.rendered)
    second = here.get(TRACKER + other)
    assert (first == second) == same
    assert (len(here.rendered) == rendered) == same
    assert here.is_kept(TRACKER + one)


@pytest.mark.parametrize(
    "query",
    ["?q=port", "?q=%00", "?status=nonsense", "?status=won&status=ended", "?sort=1&sort=city"],
)
def test_free_text_and_what_is_odd_is_never_kept(here: Process, query: str) -> None:
    here.get(TRACKER)
    kept = dict(here.cache.store.entries)
    for _time in range(2):
        assert here.get(TRACKER + query).status == 200
    assert here.rendered == [TRACKER] * 3
    assert dict(here.cache.store.entries) == kept


def test_a_search_on_the_home_page_finds_what_it_is_for(here: Process) -> None:
    for query, found in (("port", "1 city found"), ("x", "No city matches")):
        assert found not in here.get("/en/").text
        assert found in here.get(f"/en/?q={query}").text


def test_twenty_readers_of_a_page_that_is_missing_have_it_rendered_once() -> None:
    rendered: list[str] = []

    def slow(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        rendered.append(environ["PATH_INFO"])
        time.sleep(0.2)
        environ["pagecache.wanted"].append(Rendered(Declared(), [], ["a page"]))
        start("200 OK", [])
        return [b""]

    process = Process(slow)
    process.cache.store.limit = 100_000
    process.cache.watch.current = lambda: Known(label=(1, 1), turns_at=1e12)  # type: ignore[method-assign]
    answers: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: answers.append(process.get("/x/").body))
        for _number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rendered == ["/x/"]
    assert answers == [b"a page"] * 20
    assert not process.cache.flights.flying


def entry(text: str) -> Entry:
    return Entry(Known(), Rendered(Declared(), [], [text]))


def test_no_more_is_kept_than_there_is_room_for_and_what_is_read_stays() -> None:
    store = Store(100_000)
    for number in range(200):
        store.put(number, entry("x" * 1000))
        store.get(0)
        assert store.bytes <= store.limit
        assert store.bytes == sum(each.size for each in store.entries.values())
    assert 0 in store.entries
    assert 199 in store.entries
    assert 1 not in store.entries
    store.put("huge", entry("x" * 100_000))
    assert store.bytes <= store.limit


def test_a_page_weighs_more_in_more_forms() -> None:
    store = Store(10**6)
    found = entry("x" * 1000)
    store.put("a", found)
    before = store.bytes
    found.form(Known(), "")
    assert found.is_heavier
    store.weigh(found)
    assert store.bytes == before + 1000
    store.put("a", entry("x" * 1000))
    assert store.bytes == before
    store.weigh(found)
    assert store.bytes == before, "it is kept no more"


@pytest.mark.both_databases
def test_while_the_database_is_away_pages_are_served_and_nobody_is_asked_to_sign(
    kept_site: SmallSite, here: Process
) -> None:
    row = shown(kept_site["portland"]["en"])
    commit()
    usual = here.get(CITY)
    assert row.name in usual.text.replace("&#x27;", "’")
    assert '<form class="sign-form"' in usual.text

    def refuse(execute: Callable[..., object], *arguments: Any) -> NoReturn:
        raise OperationalError("the database is away")

    with connection.execute_wrapper(refuse):
        for _time in range(3):
            away = here.get(CITY)
            assert away.status == 200
            assert "sign-form" not in away.text
            assert "Signatures cannot be taken just now" in away.text
            assert row.name in away.text
        assert away.headers["ETag"] != usual.headers["ETag"]
        assert here.get("/uk/").status == 503, "nobody has read it yet"
    assert here.get(CITY) == usual
    assert here.get("/uk/").status == 200


@pytest.mark.both_databases
def test_a_lost_connection_takes_nobodys_name_off_a_page(
    kept_site: SmallSite, here: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No request of Django's looks after the connection of a thread that answers from memory."""
    here.get(CITY)
    row = shown(kept_site["portland"]["en"])
    commit()
    here.cache.watch.look()
    monkeypatch.setattr(here.cache.watch, "_look_if_due", lambda: None)
    lost = [OperationalError("server closed the connection")]

    def lose(execute: Callable[..., object], *arguments: Any) -> object:
        if lost:
            raise lost.pop()
        return execute(*arguments)

    with connection.execute_wrapper(lose):
        assert row.name in here.get(CITY).text.replace("&#x27;", "’")
    assert not lost


def test_what_is_not_known_to_hold_is_asked_of_django(here: Process) -> None:
    """As where the thread that looks does not come to it."""
    here.get(CITY)
    watch = here.cache.watch
    watch.is_threaded, watch.process = True, os.getpid()
    assert here.is_kept(CITY)
    watch.seen_at -= 1.1
    assert not here.is_kept(CITY)
    # Only after a while is a question without an answer one that will have none.
    watch.asking_since = time.monotonic() - 1.1
    assert not here.is_kept(CITY)
    watch.asking_since = time.monotonic() - 2.1
    assert "Signatures cannot be taken just now" in here.get(CITY).text
    assert here.is_kept(CITY)


def test_numbers_are_read_once_for_all_pages(
    kept_site: SmallSite, here: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many pages are read while people sign."""
    addresses = ["/en/", "/uk/", "/en/end-ties/", "/uk/end-ties/", TRACKER, CITY]
    for address in addresses:
        here.get(address)
    confirmed(kept_site["portland"]["en"])
    commit()
    watch = here.cache.watch
    watch.look()
    watch.count()
    monkeypatch.setattr(watch, "_look_if_due", lambda: None)
    rendered = len(here.rendered)
    with CaptureQueriesContext(connection) as asked:
        for address in addresses:
            here.get(address)
            here.get(address)
    assert asked.captured_queries == []
    assert len(here.rendered) == rendered
    assert Petition.objects.count() == 2


def test_no_page_says_that_nobody_signed_before_it_was_counted(
    kept_site: SmallSite, here: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmed(kept_site["portland"]["en"])
    commit()

    def too_slow() -> NoReturn:
        raise OperationalError("canceling statement due to statement timeout")

    with monkeypatch.context() as patch:
        patch.setattr("signatures.counts.shown_numbers", too_slow)
        for _time in range(2):
            assert "<strong>1</strong> signature." in here.get(CITY).text
        assert not here.is_kept(CITY)
    assert "<strong>1</strong> signature." in here.get(CITY).text
    assert here.is_kept(CITY)


def environ_of(address: str, method: str = "GET", **environ: str) -> dict[str, Any]:
    request = RequestFactory().generic(method, address, HTTP_HOST="testserver")
    return {**request.environ, **environ}


@pytest.fixture
def looking(here: Process) -> Process:
    """As in a server, where a thread looks; here it has just done so."""
    here.get(CITY)
    here.cache.watch.is_threaded, here.cache.watch.process = True, os.getpid()
    return here


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("tag", [None, "*", '"another"'])
@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_what_is_ready_is_answered_at_once_and_in_the_same_words(
    looking: Process, method: str, tag: str | None, encoding: str
) -> None:
    headers = {"HTTP_ACCEPT_ENCODING": encoding, **({"HTTP_IF_NONE_MATCH": tag} if tag else {})}
    asked = environ_of(CITY, method, **headers)
    looking.get(CITY, HTTP_ACCEPT_ENCODING=encoding)
    told = looking.get(CITY, method, **headers)
    with CaptureQueriesContext(connection) as queries:
        answer = looking.cache.at_once(asked)
    assert answer is not None
    assert (int(answer.status[:3]), dict(answer.headers), answer.body) == (
        told.status,
        told.headers,
        told.body,
    )
    assert not queries


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_ACCEPT_ENCODING": "gzip"},
        {"PATH_INFO": TRACKER},
        {"REQUEST_METHOD": "POST"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_COOKIE": "messages=x"},
        {"HTTP_AUTHORIZATION": "x"},
        {"QUERY_STRING": "q=free"},
    ],
    ids=str,
)
def test_all_else_waits_for_a_thread(looking: Process, environ: dict[str, str]) -> None:
    address = TRACKER if "QUERY_STRING" in environ else CITY
    looking.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert looking.cache.at_once(environ_of(address, **environ)) is None
    assert not queries


def test_and_so_does_what_moved_and_whoever_comes_before_the_first_look(looking: Process) -> None:
    watch = looking.cache.watch
    watch._replace(numbers={"moved": 1})
    assert looking.cache.at_once(environ_of(CITY)) is None
    looking.get(CITY)
    assert looking.cache.at_once(environ_of(CITY)) is not None
    watch.process = 0
    assert looking.cache.at_once(environ_of(CITY)) is None
