"""Mail by SMTP, to mailboxes in every script, many of them over one connection."""

import atexit
import os
import smtplib
import time
from collections.abc import Hashable
from contextlib import suppress
from email import message_from_bytes
from email.policy import SMTPUTF8
from threading import local

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from mails.reaching import reach

# Before any server loses patience with whoever says nothing.
IDLE_SECONDS = 10.0


class Kept(local):
    """The connection that a thread used last, kept for its next mail."""

    connection: smtplib.SMTP | None = None
    key: Hashable = None
    used_at = 0.0

    def keep(self, connection: smtplib.SMTP, key: Hashable) -> None:
        self.connection, self.key, self.used_at = connection, key, time.monotonic()

    def take(self, key: Hashable) -> smtplib.SMTP | None:
        """The connection, where it leads to the same server and that one still answers."""
        connection = self.connection
        if connection is None or self.key != key or not is_alive(connection):
            self.end()
            return None
        self.connection = None
        return connection

    def end(self) -> None:
        """Says goodbye, but not for another process whose connection a fork has copied."""
        connection, self.connection = self.connection, None
        if connection is None:
            return
        if of_process(self.key):
            with suppress(OSError):
                connection.quit()
        connection.close()


kept = Kept()
atexit.register(kept.end)


def of_process(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] == os.getpid()


def is_alive(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except OSError:
        return False


def end_idle() -> None:
    """Ends this thread's connection where it has not been used for a while."""
    if time.monotonic() - kept.used_at > IDLE_SECONDS:
        kept.end()


def is_international(address: str) -> bool:
    """Whether the part before the @ needs the SMTPUTF8 extension (RFC 6531)."""
    return not address.rpartition("@")[0].isascii()


class EmailBackend(smtp.EmailBackend):
    """Django's, which opens a connection for each mail, that is for most of the time it takes.

    This one hands it on to the next mail of its thread, unless something went wrong with it.
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
