"""Alive, and able to serve; how the work behind goes. None of it says what runs here."""

from collections.abc import Callable
from functools import cache

from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from jobs import state


class ProbeMiddleware:
    """Answers probes, which ask by an address that is none of the site's names, before all else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probes = {"/healthz": alive, "/readyz": ready}
        return probes.get(request.path_info, self.get_response)(request)


@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """503 where pages cannot be served. Of a worker that is away only the text tells."""
    try:
        if not is_migrated():
            return HttpResponse("migrations missing\n", status=503, content_type="text/plain")
        lines = ["ready", state.worker_told(), state.queue_told()]
    except Error:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


def is_migrated() -> bool:
    return newest_migrations() <= MigrationRecorder(connection).applied_migrations().keys()


@cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """Of each app, as the code has them. Reading them takes long, and they don't change."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
