"""A cache in Redis serves the site, and takes no page with it when it goes."""

import os
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.base import BaseCache
from django.test import Client
from pytest_django import Settings

from cms.settings import environment
from security.cache import PatientRedisCache
from tests.support.kinds import SmallSite

DOORS = ["/en/", "/uk/", "/en/end-ties/", "/uk/end-ties/portland-oregon/", "/sitemap.xml"]


class Conversation(socketserver.StreamRequestHandler):
    """As much of Redis as a cache needs: values by their keys."""

    def handle(self) -> None:
        values: dict[bytes, bytes] = self.server.values  # type: ignore[attr-defined]
        while line := self.rfile.readline():
            words = []
            for _number in range(int(line[1:])):
                size = int(self.rfile.readline()[1:])
                words.append(self.rfile.read(size))
                self.rfile.read(2)
            command = words[0].upper()
            if command == b"SET":
                values[words[1]] = words[2]
                answer = b"+OK\r\n"
            elif command == b"GET":
                value = values.get(words[1])
                answer = b"_\r\n" if value is None else b"$%d\r\n%s\r\n" % (len(value), value)
            elif command == b"HELLO":
                answer = b"%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n$5\r\nproto\r\n:3\r\n"
            elif command == b"DEL":
                answer = b":%d\r\n" % sum(values.pop(key, None) is not None for key in words[1:])
            else:
                answer = b"+OK\r\n"
            self.wfile.write(answer)


class Redis(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.values: dict[bytes, bytes] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.server_address[1]}/0"


@pytest.fixture
def redis() -> Iterator[Redis]:
    server = Redis()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def silent() -> Iterator[str]:
    """Takes connections and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


def closed() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"redis://127.0.0.1:{free.getsockname()[1]}/0"


@pytest.fixture(autouse=True)
def awake() -> Iterator[None]:
    yield
    PatientRedisCache.away_until = 0.0


def use(settings: Settings, address: str) -> BaseCache:
    settings.CACHES = {"default": environment.cache(address)}
    PatientRedisCache.away_until = 0.0
    return caches["default"]


def test_what_is_kept_in_redis_is_found_again(settings: Settings, redis: Redis) -> None:
    kept = use(settings, redis.address)
    kept.set("words", {"uk": "слова"}, 60)
    assert caches["default"].get("words") == {"uk": "слова"}
    assert redis.values
    assert kept.delete("words")
    assert kept.get("words", "none") == "none"


def test_pages_are_served_with_redis_and_after_it_went_away(
    site: SmallSite, settings: Settings, redis: Redis
) -> None:
    use(settings, redis.address)
    for door in DOORS * 2:
        assert Client().get(door).status_code == 200
    assert any(b"wagtail_site_root_paths" in key for key in redis.values)
    redis.shutdown()
    redis.server_close()
    cache.close()
    for door in DOORS * 2:
        assert Client().get(door).status_code == 200


@pytest.mark.parametrize("name", ["closed", "silent"])
def test_no_method_of_the_cache_fails_without_redis(
    settings: Settings, name: str, silent: str
) -> None:
    kept = use(settings, closed() if name == "closed" else silent)
    for rests in (False, True):
        if not rests:
            PatientRedisCache.away_until = 0.0
        assert kept.get("a", 1) == 1
        kept.set("a", 1)
        assert not kept.add("a", 1)
        assert not kept.touch("a")
        assert not kept.delete("a")
        assert kept.get_many(["a"]) == {}
        assert kept.set_many({"a": 1}) == ["a"]
        kept.delete_many(["a"])
        assert not kept.has_key("a")
        assert kept.get_or_set("a", lambda: 2) == 2
        assert not kept.clear()  # type: ignore[func-returns-value]
        with pytest.raises(ValueError, match="not found"):
            kept.incr("a")


def test_one_page_waits_once_and_others_not_at_all(
    site: SmallSite, settings: Settings, silent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    use(settings, silent)
    monkeypatch.setattr(PatientRedisCache, "rest", _counting(PatientRedisCache.rest, asked))
    for door in DOORS:
        assert Client().get(door).status_code == 200
    assert len(asked) == 1


def _counting(
    rest: Callable[[PatientRedisCache, Exception], None], asked: list[Any]
) -> Callable[[PatientRedisCache, Exception], None]:
    def counted(self: PatientRedisCache, error: Exception) -> None:
        asked.append(error)
        rest(self, error)

    return counted


@pytest.mark.parametrize("address", ["redis://localhost:6379/0", "rediss://u:p@host:6380/1"])
def test_the_settings_take_an_address_of_redis(address: str) -> None:
    code = "from django.conf import settings; print(settings.CACHES['default']['LOCATION'])"
    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "CACHE_URL": address, "DJANGO_SETTINGS_MODULE": "cms.settings.demo"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == address


def test_an_address_of_no_cache_is_told_in_one_sentence() -> None:
    with pytest.raises(environment.SettingError, match="CACHE_URL must name a cache"):
        environment.cache("nonsense://host")
