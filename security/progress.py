"""How far a command has come, in one line that is written over; in a log, now and then a line."""

import time
from typing import TextIO

WIDTH = 30


class Progress:
    def __init__(self, total: int, out: TextIO) -> None:
        self.total, self.out = total, out
        self.done = 0
        self.told_at = 0.0
        self.pause = 0.2 if out.isatty() else 10.0

    def step(self, number: int) -> None:
        self.done += number
        if time.monotonic() - self.told_at >= self.pause:
            self.tell()

    def tell(self) -> None:
        self.told_at = time.monotonic()
        # More than were counted may have come meanwhile.
        share = min(1.0, self.done / self.total) if self.total else 1.0
        bar = ("#" * round(share * WIDTH)).ljust(WIDTH)
        line = f"[{bar}] {share:4.0%}  {self.done} of {max(self.total, self.done)}"
        self.out.write(f"\r{line}" if self.out.isatty() else f"{line}\n")
        self.out.flush()

    def end(self) -> None:
        self.tell()
        if self.out.isatty():
            self.out.write("\n")
