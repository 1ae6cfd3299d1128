"""A mail server that is a round trip away. Usage: far.py PORT SECONDS.

Prints a line with the time for each mail to a signer that it takes, on the clock that all processes
share. Signers have a number in their addresses; staff, who are told of waves, have none.
"""

import asyncio
import logging
import sys
import time
from typing import AnyStr

from aiosmtpd.smtp import SMTP, Envelope, Session


class Far(SMTP):
    """Answers every command as late as the way there and back takes."""

    seconds = 0.0

    async def push(self, status: AnyStr) -> None:
        await asyncio.sleep(self.seconds)
        await super().push(status)


class Told:
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if any(map(str.isdigit, envelope.rcpt_tos[0].partition("@")[0])):
            print(time.monotonic(), flush=True)
        return "250 OK"


async def serve(port: int, seconds: float) -> None:
    Far.seconds = seconds
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Far(Told(), loop=loop), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
