"""A bucket on loopback that speaks as much of S3's protocol as keeping files takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit


class Handler(BaseHTTPRequestHandler):
    # S3's clients ask whether they may send.
    protocol_version = "HTTP/1.1"
    files: dict[str, bytes]

    def key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/")

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"etag"')
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_PUT(self) -> None:
        self.files[self.key()] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200)

    def do_GET(self) -> None:
        body = self.files.get(self.key())
        self.answer(404) if body is None else self.answer(200, body)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.files.pop(self.key(), None)
        self.answer(204)

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def bucket() -> Iterator[tuple[str, dict[str, bytes]]]:
    """The server's address, and its files by bucket and key."""
    files: dict[str, bytes] = {}
    handler = type("Handler", (Handler,), {"files": files})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", files
        server.shutdown()
