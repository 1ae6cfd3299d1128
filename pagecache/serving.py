"""In front of Django: answers what everybody may read from memory, before all else is asked."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings

from pagecache.declaring import Declared
from pagecache.encodings import chosen
from pagecache.entries import Entry, Form, Headers, Rendered
from pagecache.middleware import WANTED
from pagecache.store import Store
from pagecache.versions import Reader, reader
from pagecache.watching import Known, Watch

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Place = tuple[str, str, str]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

# How long somebody waits for a page that is being rendered for somebody else.
WAIT_SECONDS = 5.0
# Addresses of which it is known what they read. They are forgotten together.
MOST_LEARNED = 4096


class Asked(NamedTuple):
    """What makes a difference in a request that may be answered from memory."""

    place: Place
    query: str


class Ready(NamedTuple):
    """An answer that nothing is left to do for."""

    status: str
    headers: Headers
    body: bytes
    # The headers as they are sent.
    head: bytes


class Flights:
    """One rendering of a page at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.flying: dict[object, tuple[threading.Lock, int]] = {}

    @contextmanager
    def one(self, key: object) -> Iterator[bool]:
        """False where another has taken too long."""
        with self.lock:
            flight, waiting = self.flying.get(key, (threading.Lock(), 0))
            self.flying[key] = (flight, waiting + 1)
        is_mine = flight.acquire(timeout=WAIT_SECONDS)
        try:
            yield is_mine
        finally:
            if is_mine:
                flight.release()
            with self.lock:
                flight, waiting = self.flying.pop(key)
                if waiting > 1:
                    self.flying[key] = (flight, waiting - 1)


class PageCache:
    """A WSGI application around Django's."""

    def __init__(
        self, application: Application, reader: Reader | None = None, is_threaded: bool = False
    ) -> None:
        self.application = application
        self.store = Store(settings.PAGECACHE["BYTES"])
        self.watch = Watch(reader or Reader(), is_threaded)
        self.flights = Flights()
        self.hosts = canonical_hosts()
        self.personal = personal_cookies()
        self.forwarded = settings.SECURE_PROXY_SSL_HEADER
        # What Django's answers said of themselves, and as of which versions; None of those that
        # are nobody's to keep.
        self.learned: dict[Place, tuple[tuple[int, int], int, Declared | None]] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        found = self.found(environ)
        if found is None:
            return self.application(environ, start_response)
        asked, known = found
        if entry := self.fresh(asked, known):
            return self.answer(environ, start_response, entry, known)
        if known.is_away or environ["REQUEST_METHOD"] != "GET" or "HTTP_RANGE" in environ:
            return self.application(environ, start_response)
        return self.render(environ, start_response, asked)

    def at_once(self, environ: Environ) -> Ready | None:
        """What is kept in just the form that is wanted, as long as nobody is waited for."""
        if not self.watch.is_looking or (found := self.found(environ)) is None:
            return None
        asked, known = found
        entry, encoding = self.fresh(asked, known), chosen(environ.get("HTTP_ACCEPT_ENCODING", ""))
        form = entry.ready(known, encoding) if entry else None
        return ready(environ, form) if form else None

    def found(self, environ: Environ) -> tuple[Asked, Known] | None:
        """None where Django is asked, whatever is kept."""
        asked = self.asked(environ)
        known = self.watch.current() if asked else None
        if asked is None or known is None:
            return None
        label, pages, declared = self.learned.get(asked.place, (None, None, None))
        if label != known.label or (declared is None and pages != known.pages):
            return asked, known
        if declared is None:
            return None
        query = declared.clean(asked.query)
        return None if query is None else (Asked(asked.place, query), known)

    def asked(self, environ: Environ) -> Asked | None:
        """None for what only Django answers: what is written, personal, or oddly spelled."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
            return None
        host, path = environ.get("HTTP_HOST", ""), environ["PATH_INFO"]
        cookies = environ.get("HTTP_COOKIE")
        if (
            host not in self.hosts
            or environ.get("HTTP_X_FORWARDED_HOST", host) != host
            or (cookies and self.personal.search(cookies))
            or "//" in path
            or environ.get("SCRIPT_NAME")
        ):
            return None
        return Asked((self.scheme(environ), host, path), environ.get("QUERY_STRING", ""))

    def scheme(self, environ: Environ) -> str:
        """As Django reads it."""
        if self.forwarded:
            name, secure = self.forwarded
            told = environ.get(name)
            if told is not None:
                return "https" if told.split(",", 1)[0].strip() == secure else "http"
        return str(environ["wsgi.url_scheme"])

    def fresh(self, asked: Asked, known: Known) -> Entry | None:
        entry = self.store.get(asked)
        return entry if entry and entry.may_be_shown(known) else None

    def render(
        self, environ: Environ, start_response: StartResponse, asked: Asked
    ) -> Iterable[bytes]:
        with self.flights.one(asked) as is_mine:
            known = self.watch.current()
            if known is None or not is_mine:
                return self.application(environ, start_response)
            entry = self.fresh(asked, known)
            if entry is None:
                wanted: list[Rendered] = []
                answer = Answer(self.application, for_everybody(environ, asked, wanted))
                self.learn(asked, known, wanted)
                if not wanted:
                    return answer.pass_on(start_response)
                answer.close()
                entry = Entry(known, wanted[0])
                # Not what nobody knew yet how to spell.
                if entry.declared.clean(asked.query) == asked.query:
                    self.store.put(asked, entry)
        return self.answer(environ, start_response, entry, known)

    def learn(self, asked: Asked, known: Known, wanted: list[Rendered]) -> None:
        if len(self.learned) >= MOST_LEARNED:
            self.learned.clear()
        declared = wanted[0].declared if wanted else None
        self.learned[asked.place] = (known.label, known.pages, declared)

    def answer(
        self, environ: Environ, start_response: StartResponse, entry: Entry, known: Known
    ) -> Iterable[bytes]:
        form = entry.form(known, chosen(environ.get("HTTP_ACCEPT_ENCODING", "")))
        if entry.is_heavier:
            self.store.weigh(entry)
        answer = ready(environ, form)
        start_response(answer.status, answer.headers)
        return [answer.body] if answer.body else []


def ready(environ: Environ, form: Form) -> Ready:
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags and (form.etag in tags or tags.strip() == "*"):
        return Ready("304 Not Modified", list(form.told), b"", form.head_alone)
    body = b"" if environ["REQUEST_METHOD"] == "HEAD" else form.body
    return Ready("200 OK", [*form.told, *form.of_body], body, form.head)


class Answer:
    """What Django answered, before anybody is told."""

    def __init__(self, application: Application, environ: Environ) -> None:
        self.started: tuple[Any, ...] = ()
        self.body = application(environ, self._start)

    def _start(self, *started: Any) -> None:
        self.started = started

    def pass_on(self, start_response: StartResponse) -> Iterable[bytes]:
        start_response(*self.started)
        return self.body

    def close(self) -> None:
        if hasattr(self.body, "close"):
            self.body.close()


def in_front_of(application: Application) -> Application:
    """The site's one cache in this process; none where there is no room for it."""
    if not settings.PAGECACHE["BYTES"]:
        return application
    return PageCache(application, reader, is_threaded=True)


def for_everybody(environ: Environ, asked: Asked, wanted: list[Rendered]) -> Environ:
    """The request without what is only this reader's, and with what takes the answer."""
    mine = {"HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}
    shared = {name: value for name, value in environ.items() if name not in mine}
    return {**shared, "QUERY_STRING": asked.query, WANTED: wanted}


def canonical_hosts() -> frozenset[str]:
    """The site's names as its own links spell them, so that other spellings make no entry."""
    address = urlsplit(settings.BASE_URL)
    port = f":{address.port}" if address.port else ""
    names = {name for name in settings.ALLOWED_HOSTS if not name.startswith((".", "*"))}
    return frozenset({address.netloc, *(name.lower() + port for name in names)})


def personal_cookies() -> re.Pattern[str]:
    """Of whoever is logged in or has been told something."""
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages")
    return re.compile(rf"(?:^|[;\s])(?:{'|'.join(map(re.escape, names))})=")
