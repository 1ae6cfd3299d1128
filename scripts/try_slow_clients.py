"""Keeps many slow requests open, and asks the site meanwhile, with nginx in front and without.

Usage: try_slow_clients.py PORT [CLIENTS ...]. The site runs on that port of this machine under
production settings, as petitions.example. Prints how many of ten questions were answered within
five seconds, and how long they took.
"""

import contextlib
import socket
import ssl
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import try_nginx

HEAD = b"GET /healthz HTTP/1.1\r\nHost: petitions.example\r\nX-Forwarded-Proto: https\r\n"
QUESTIONS = 10
PATIENCE = 5.0


def connect(port: int, tls: bool) -> socket.socket:
    plain = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    if not tls:
        return plain
    context = ssl._create_unverified_context()
    return context.wrap_socket(plain, server_hostname="petitions.example")


def drip(port: int, tls: bool, stop: threading.Event) -> None:
    """A client whose request never ends: one byte a second, and again when it is hung up on."""
    while not stop.is_set():
        with contextlib.suppress(OSError), connect(port, tls) as client:
            client.sendall(HEAD + b"X-Slow: ")
            while not stop.wait(1):
                client.sendall(b"x")


@contextlib.contextmanager
def slow_clients(number: int, port: int, tls: bool) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=drip, args=(port, tls, stop)) for _ in range(number)]
    for thread in threads:
        thread.start()
    time.sleep(3)
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def answer_seconds(port: int, tls: bool) -> float | None:
    """How long the answer took, or None where none came in time."""
    started = time.monotonic()
    try:
        with connect(port, tls) as client:
            client.sendall(HEAD + b"Connection: close\r\n\r\n")
            answered = client.recv(100).startswith(b"HTTP/1.1 200")
    except OSError:
        return None
    return time.monotonic() - started if answered else None


def measure(number: int, port: int, tls: bool) -> str:
    with slow_clients(number, port, tls):
        all_times = [answer_seconds(port, tls) for _question in range(QUESTIONS)]
    times = [each for each in all_times if each is not None]
    median = f", {statistics.median(times) * 1000:.0f} ms each" if times else ""
    return f"{len(times)} of {QUESTIONS} answered{median}"


def main() -> None:
    site, *numbers = [int(argument) for argument in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as name:
        port = try_nginx.free_port()
        with try_nginx.running(try_nginx.find_nginx(), Path(name), port, site):
            for number in numbers or [0, 20, 400]:
                print(f"{number} slow clients, nginx in front: {measure(number, port, True)}.")
                print(f"{number} slow clients, the site alone: {measure(number, site, False)}.")


if __name__ == "__main__":
    main()
