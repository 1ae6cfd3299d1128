"""Asks as a crowd does: at moments of its own, whether or not others have been answered.

Reads a plan as JSON and writes what came of it. A request's time counts from the moment at which it
was due, so that a site that stands still is not spared. Within one thread, since it is pinned.
"""

import asyncio
import contextlib
import json
import os
import random
import resource
import statistics
import sys
from collections import Counter, deque
from typing import Any

# More sockets than any site answers at once; what is due beyond them waits, and its time runs on.
MOST_LINES = 1000
PATIENCE = 60.0
# An edit itself takes up to one of them.
EDITED_SECONDS = 3.0


class Line(asyncio.Protocol):
    """One kept connection, with one request on it at a time."""

    transport: asyncio.Transport

    def __init__(self, crowd: "Crowd") -> None:
        self.crowd = crowd
        self.kind, self.due = "", 0.0
        self.seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def ask(self, kind: str, due: float, request: bytes) -> None:
        self.kind, self.due, self.seen = kind, due, b""
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.seen += data
        head, found, body = self.seen.partition(b"\r\n\r\n")
        if found and len(body) >= length(head):
            kind, self.kind = self.kind, ""
            self.crowd.answered(kind, self.due, int(head[9:12]))
            if b"connection: close" in head.lower():
                self.transport.close()
            else:
                self.crowd.free(self)

    def connection_lost(self, error: Exception | None) -> None:
        self.crowd.lines -= 1
        if self in self.crowd.idle:
            self.crowd.idle.remove(self)
        if self.kind:
            self.crowd.answered(self.kind, self.due, 0)


def length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


class Crowd:
    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.loop = asyncio.get_running_loop()
        self.idle: list[Line] = []
        self.waiting: deque[tuple[str, float, bytes]] = deque()
        self.lines = self.open = 0
        self.times: dict[str, list[float]] = {"view": [], "sign": []}
        # Of views that were due in the seconds after each edit.
        self.after: dict[str, list[float]] = {name: [] for name in plan["edits"]}
        self.statuses: Counter[str] = Counter()
        self.late: list[float] = []
        self.opening: set[asyncio.Task[None]] = set()

    async def come(self) -> None:
        began = self.began = self.loop.time() + 0.5
        # By the clock that all processes share.
        print(began, flush=True)
        for after, kind, request in moments(self.plan):
            due = began + after
            wait = due - self.loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            elif len(self.late) % 50 == 0:
                # However much is due, answers are read meanwhile.
                await asyncio.sleep(0)
            self.late.append(self.loop.time() - due)
            self.open += 1
            self.ask(kind, due, request)
        end = self.loop.time() + PATIENCE
        while self.open and self.loop.time() < end:
            await asyncio.sleep(0.01)

    def ask(self, kind: str, due: float, request: bytes) -> None:
        if self.idle:
            self.idle.pop().ask(kind, due, request)
            return
        self.waiting.append((kind, due, request))
        if self.lines < MOST_LINES:
            self.lines += 1
            task = self.loop.create_task(self.connect())
            self.opening.add(task)
            task.add_done_callback(self.opening.discard)

    async def connect(self) -> None:
        try:
            _transport, line = await self.loop.create_connection(
                lambda: Line(self), "127.0.0.1", self.plan["port"]
            )
        except OSError:
            self.lines -= 1
            if self.waiting:
                kind, due, _request = self.waiting.popleft()
                self.answered(kind, due, 0)
            return
        self.free(line)

    def free(self, line: Line) -> None:
        if self.waiting:
            line.ask(*self.waiting.popleft())
        else:
            self.idle.append(line)

    def answered(self, kind: str, due: float, status: int) -> None:
        self.open -= 1
        took = (self.loop.time() - due) * 1000
        self.times[kind].append(took)
        if kind == "view":
            for name, moment in self.plan["edits"].items():
                if moment <= due - self.began < moment + EDITED_SECONDS:
                    self.after[name].append(took)
        self.statuses[f"{kind} {status}"] += 1

    def told(self) -> dict[str, Any]:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "statuses": self.statuses,
            "unanswered": self.open,
            "late": percentiles(self.late)[1] * 1000,
            "processor": (used.ru_utime + used.ru_stime) / self.plan["seconds"],
            **{kind: percentiles(times) for kind, times in self.times.items() if times},
            "after": {name: percentiles(times) for name, times in self.after.items()},
        }


def moments(plan: dict[str, Any]) -> list[tuple[float, str, bytes]]:
    """When somebody comes, and for what: nobody waits for somebody else, so that they cluster."""
    chance = random.Random(plan["seed"])
    found = []
    for kind in ("view", "sign"):
        number = round(plan[f"{kind}s"] * plan["seconds"])
        for each in range(number):
            after = chance.uniform(0, plan["seconds"])
            found.append((after, kind, request_of(plan, kind, each, chance)))
    return sorted(found)


def request_of(plan: dict[str, Any], kind: str, number: int, chance: random.Random) -> bytes:
    network = ".".join(str(chance.randint(1, 220)) for _part in range(4))
    head = f"Host: {plan['host']}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: {network}\r\n"
    head += "Accept-Encoding: gzip, deflate, br\r\n"
    if kind == "view":
        return f"GET {chance.choice(plan['pages'])} HTTP/1.1\r\n{head}\r\n".encode()
    path, form = chance.choice(plan["forms"])
    body = f"{form}&email={plan['prefix']}-{number}%40example.org"
    head += "Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"POST {path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def percentiles(times: list[float]) -> tuple[float, float, float]:
    """The median, the 99th of a hundred, and the slowest."""
    if len(times) < 2:
        return (times[0],) * 3 if times else (0.0, 0.0, 0.0)
    return statistics.median(times), statistics.quantiles(times, n=100)[-1], max(times)


async def main() -> None:
    # It stands for people elsewhere, who do not share this machine's time.
    with contextlib.suppress(PermissionError):
        os.nice(-5)
    crowd = Crowd(json.load(sys.stdin))
    await crowd.come()
    json.dump(crowd.told(), sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
