"""Ends a process of the server that stands still, whatever holds it; the server starts another."""

import asyncio
import faulthandler

SECONDS = 30.0


async def watch() -> None:
    """As long as this goes on, the process does.

    What ends it needs no turn of Python's, and tells where each thread stood, by names alone.
    """
    while True:
        faulthandler.dump_traceback_later(SECONDS, exit=True)
        await asyncio.sleep(SECONDS / 10)


def leave() -> None:
    faulthandler.cancel_dump_traceback_later()
