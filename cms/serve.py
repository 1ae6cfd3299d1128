"""The production server: python -m cms.serve. Nothing of a visitor is logged."""

import contextlib
import os
import resource
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from security import log_lines

# Its own loggers too, from its first line on, before the site is loaded.
log_lines.install()

# A request's line and headers together, in bytes; more than a hundred of them are refused as well.
LONGEST_HEAD = 2**14
# By then a head must be whole, in milliseconds.
HEAD_WITHIN = 20_000
# So many connections each process keeps open: one that waits costs a few kilobytes.
CONNECTIONS = 10_000
# What is being answered when the server is told to end has so long.
ENDS_WITHIN = 15
# A process that grew so large, in megabytes, is followed by a new one.
LARGEST_PROCESS = 512


def serve(target: str, **more: Any) -> None:
    """Until it is told to end."""
    from django.conf import settings
    from granian import Granian

    allow_connections()
    usual: dict[str, Any] = {
        "address": os.environ.get("HOST", "127.0.0.1"),
        "port": int(os.environ.get("PORT", "8000")),
        "interface": Interfaces.RSGI,
        "workers": int(os.environ.get("WEB_WORKERS", "2")),
        "backlog": 2048,
        "backpressure": CONNECTIONS,
        "loop": Loops.uvloop,
        "http": HTTPModes.http1,
        "websockets": False,
        "http1_settings": HTTP1Settings(
            header_read_timeout=HEAD_WITHIN, max_buffer_size=LONGEST_HEAD
        ),
        # What it says beside errors is of no use to anybody.
        "log_level": LogLevels.error,
        "log_dictconfig": settings.LOGGING,
        "respawn_failed_workers": True,
        "workers_kill_timeout": ENDS_WITHIN,
        "workers_max_rss": LARGEST_PROCESS,
    }
    Granian(target, **(usual | more)).serve()


def main(**more: Any) -> None:
    # Before there are other processes: a wrong setting stops the server at once, and what is
    # loaded here is shared by all of them.
    import cms.rsgi  # noqa: F401

    serve("cms.rsgi:site", **more)


def allow_connections() -> None:
    """Each of them is a file to the system, whose usual bound is lower than what it allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    main()
