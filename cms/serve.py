"""The production server: python -m cms.serve. Nothing of a visitor is logged.

Gunicorn looks after the processes, uvicorn speaks with visitors in each of them.
"""

import contextlib
import os
import resource
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app
from uvicorn_worker import UvicornWorker

from cms.protocol import CONNECTIONS, KEEP_ALIVE, Protocol
from security import log_lines

# Its own loggers too, from its first line on, before the site is loaded.
log_lines.install()

# What is being answered when the server is told to end has so long.
ENDS_WITHIN = 15


class Worker(UvicornWorker):
    CONFIG_KWARGS = {
        "http": Protocol,
        "loop": "uvloop",
        "ws": "none",
        "lifespan": "on",
        # The site decides itself whom it believes, and whom it answers.
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
        "timeout_keep_alive": KEEP_ALIVE,
        "timeout_graceful_shutdown": ENDS_WITHIN,
    }


class Server(BaseApplication):
    def __init__(self, target: str, options: dict[str, Any]) -> None:
        self.target = target
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401
        return import_app(self.target)


def serve(target: str, **more: Any) -> None:
    """Until it is told to end."""
    allow_connections()
    address, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    usual: dict[str, Any] = {
        "bind": f"{address}:{port}",
        "workers": int(os.environ.get("WEB_WORKERS", "2")),
        "worker_class": "cms.serve.Worker",
        # A wrong setting stops the server at once, and what is loaded is shared by all processes.
        "preload_app": True,
        "backlog": 2048,
        # `cms/watchdog.py` ends a process that stands still sooner, and says where it stood.
        "timeout": 90,
        "graceful_timeout": ENDS_WITHIN + 2,
        # What it says beside errors is of no use to anybody.
        "loglevel": "error",
        "control_socket_disable": True,
    }
    Server(target, usual | more).run()


def main(**more: Any) -> None:
    serve("cms.asgi:site", **more)


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
