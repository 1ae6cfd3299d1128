"""A cache in Redis that may go away: pages are slower then, and never fail for it."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# A page may ask the cache many times; only the first waits for one that does not answer.
WAIT_SECONDS = 0.5
REST_SECONDS = 10.0


def patient(method: str, instead: Callable[..., Any]) -> Callable[..., Any]:
    """A method of Redis' cache with what it answers in place of an error."""
    inner: Callable[..., Any] = getattr(RedisCache, method)

    @wraps(inner)
    def outer(self: "PatientRedisCache", *args: Any, **kwargs: Any) -> object:
        if time.monotonic() < self.away_until:
            return instead(*args, **kwargs)
        try:
            return inner(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            self.rest(error)
            return instead(*args, **kwargs)

    return outer


def missing_key(key: str, *args: Any, **kwargs: Any) -> int:
    raise ValueError(f"Key '{key}' not found.")


class PatientRedisCache(RedisCache):
    away_until = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        times = {"socket_connect_timeout": WAIT_SECONDS, "socket_timeout": WAIT_SECONDS}
        super().__init__(server, {**params, "OPTIONS": {**times, **params.get("OPTIONS", {})}})

    def rest(self, error: Exception) -> None:
        # For all threads: each has an object of its own.
        type(self).away_until = time.monotonic() + REST_SECONDS
        logger.warning("The cache does not answer (%s).", type(error).__name__)

    add = patient("add", lambda *args, **kwargs: False)
    get = patient("get", lambda key, default=None, version=None: default)
    set = patient("set", lambda *args, **kwargs: None)
    touch = patient("touch", lambda *args, **kwargs: False)
    delete = patient("delete", lambda *args, **kwargs: False)
    get_many = patient("get_many", lambda *args, **kwargs: {})
    incr = patient("incr", missing_key)
    has_key = patient("has_key", lambda *args, **kwargs: False)
    set_many = patient("set_many", lambda data, *args, **kwargs: list(data))
    delete_many = patient("delete_many", lambda *args, **kwargs: None)
    clear = patient("clear", lambda *args, **kwargs: False)
