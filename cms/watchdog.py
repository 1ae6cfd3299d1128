"""Ends a process of the server that stands still or has grown; the server starts another."""

import asyncio
import faulthandler
import os
import signal
from pathlib import Path

SECONDS = 30.0
# In bytes of memory. Where a system does not tell them so, nothing is known of it.
LARGEST = 512 * 2**20
RESIDENT = Path("/proc/self/statm")


async def watch() -> None:
    """As long as this goes on, the process does.

    What ends it needs no turn of Python's, and tells where each thread stood, by names alone.
    """
    while True:
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        if resident() > LARGEST:
            # It answers first what was begun.
            os.kill(os.getpid(), signal.SIGTERM)
            return
        await asyncio.sleep(SECONDS / 10)


def resident() -> int:
    if not RESIDENT.exists():
        return 0
    return int(RESIDENT.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def leave() -> None:
    faulthandler.cancel_dump_traceback_later()
