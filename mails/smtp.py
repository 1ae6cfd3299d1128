"""Mail by SMTP, to mailboxes in every script, many of them over one connection."""

import atexit
import os
import select
import smtplib
import time
from collections import deque
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import SMTPUTF8

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from mails.reaching import reach

# Before any server loses patience with whoever says nothing.
IDLE_SECONDS = 10.0
# For so long a server is taken to be there still, which saves a round trip of five.
FRESH_SECONDS = 1.0


@dataclass(frozen=True)
class Idle:
    """A connection that nobody uses just now."""

    connection: smtplib.SMTP
    # The process and the server.
    key: Hashable
    since: float

    @property
    def age(self) -> float:
        return time.monotonic() - self.since

    def is_alive(self) -> bool:
        """Asks the server, unless it was heard a moment ago and has not said goodbye since."""
        try:
            is_fresh = self.age < FRESH_SECONDS and not has_said_something(self.connection)
            return is_fresh or self.connection.noop()[0] == 250
        except OSError:
            return False

    def end(self) -> None:
        """Says goodbye, but not for another process whose connection a fork has copied."""
        if of_process(self.key):
            with suppress(OSError):
                self.connection.quit()
        self.connection.close()


class Kept:
    """The connections that threads used last, kept for the next mails of whichever thread.

    What one has taken is no other's until it is put back.
    """

    def __init__(self) -> None:
        # The one used last at the right; its own operations let no two threads have one.
        self.idle: deque[Idle] = deque()

    def keep(self, connection: smtplib.SMTP, key: Hashable) -> None:
        self.idle.append(Idle(connection, key, time.monotonic()))

    def take(self, key: Hashable) -> smtplib.SMTP | None:
        """A connection that leads to the same server, which still answers."""
        with suppress(IndexError):
            while True:
                idle = self.idle.pop()
                if idle.key == key and idle.is_alive():
                    return idle.connection
                idle.end()
        return None

    def end(self, older_than: float = -1) -> None:
        """Ends those that are idle for longer, in seconds."""
        with suppress(IndexError):
            while True:
                idle = self.idle.popleft()
                if idle.age <= older_than:
                    self.idle.appendleft(idle)
                    return
                idle.end()


kept = Kept()
atexit.register(kept.end)


def of_process(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] == os.getpid()


def has_said_something(connection: smtplib.SMTP) -> bool:
    """Without having been asked, as a server does that ends the connection."""
    if connection.sock is None:
        return True
    waiting = select.poll()
    waiting.register(connection.sock, select.POLLIN)
    return bool(waiting.poll(0))


def end_idle() -> None:
    """Ends the connections that have not been used for a while."""
    kept.end(older_than=IDLE_SECONDS)


def is_international(address: str) -> bool:
    """Whether the part before the @ needs the SMTPUTF8 extension (RFC 6531)."""
    return not address.rpartition("@")[0].isascii()


class EmailBackend(smtp.EmailBackend):
    """Django's, which opens a connection for each mail, that is for most of the time it takes.

    This one hands it on to the next mail, unless something went wrong with it.
    Django's writes a local part outside ASCII in a form that reaches nobody, too.
    """

    is_sound = False

    def key(self) -> Hashable:
        # The process first: two that share a connection would write into each other's mails.
        server = (self.host, self.port, self.use_tls, self.use_ssl)
        return (os.getpid(), *server, self.username, self.password)

    def open(self) -> bool | None:
        if self.connection is None:
            self.connection = kept.take(self.key())
            if self.connection is not None:
                return True
            reach.check()
        return self._open_anew()

    def _open_anew(self) -> bool | None:
        """Raises: AwayError, also where the server wants another log-in, or speaks no TLS.

        That is no fault of a mail: all of them wait until an operator has put it right.
        """
        try:
            opened = super().open()
        except OSError as error:
            with suppress(OSError):
                super().close()
            raise reach.note_lost(error) from error
        if opened:
            reach.note_found()
        return opened

    def close(self) -> None:
        if self.connection is None or not self.is_sound:
            super().close()
            return
        kept.keep(self.connection, self.key())
        self.connection, self.is_sound = None, False

    def _send(self, email_message: EmailMessage) -> bool:
        self.is_sound = False
        self.is_sound = self._send_one(email_message)
        return self.is_sound

    def _send_one(self, email_message: EmailMessage) -> bool:
        recipients = email_message.recipients()
        if not any(is_international(address) for address in recipients):
            return bool(super()._send(email_message))  # type: ignore[misc]
        message = message_from_bytes(email_message.message().as_bytes(), policy=SMTPUTF8)
        del message["To"]
        message["To"] = ", ".join(email_message.to)
        # Raises SMTPNotSupportedError where the server lacks the extension.
        assert self.connection is not None, "Django opens it before it calls this"  # noqa: S101
        self.connection.send_message(message, to_addrs=recipients)
        return True
