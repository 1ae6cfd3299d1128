"""A service on loopback that translates by machine, as LibreTranslate and DeepL answer."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

KEY = "right-key"


class Service(ThreadingHTTPServer):
    """Answers in capitals. `mood` says how it fails; `asked` keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mood = ""
        self.asked: list[list[str]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Service

    def log_request(self, *args: Any) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        is_deepl = self.path != "/translate"
        if is_deepl:
            texts, key = parse_qs(body)["text"], self.headers["Authorization"].split()[-1]
        else:
            question = json.loads(body)
            texts, key = question["q"], question["api_key"]
        self.server.asked.append(texts)
        self.answer(texts, key, is_deepl)

    def answer(self, texts: list[str], key: str, is_deepl: bool) -> None:
        mood = self.server.mood
        if key != KEY:
            return self.send(403, b'{"error": "Invalid API key"}')
        if mood == "slow":
            time.sleep(1)
        if mood.isdigit():
            return self.send(int(mood), b"out of order")
        if mood == "garbage":
            return self.send(200, b"<html>Welcome to our hotel</html>")
        if mood == "second" and len(self.server.asked) > 1:
            return self.send(500, b"tired")
        words: list[Any] = [text.upper() if "<" not in text else text for text in texts]
        if mood == "short":
            words = words[1:]
        if mood == "odd":
            words = [None, {"a": 1}, "", "a\0b", *words[4:]]
        if mood == "markup":
            words = [f"<script>alert(1)</script>{word}" for word in words]
        texts_of = [{"text": word} for word in words]
        answer = {"translations": texts_of} if is_deepl else {"translatedText": words}
        return self.send(200, json.dumps(answer).encode())

    def send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except BrokenPipeError:
            """Whoever asked has stopped waiting."""


@contextmanager
def serving() -> Iterator[Service]:
    service = Service()
    Thread(target=service.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        service.shutdown()
        service.server_close()
