"""Mail by SMTP, to mailboxes in every script."""

from email import message_from_bytes
from email.policy import SMTPUTF8

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp


def is_international(address: str) -> bool:
    """Whether the part before the @ needs the SMTPUTF8 extension (RFC 6531)."""
    return not address.rpartition("@")[0].isascii()


class EmailBackend(smtp.EmailBackend):
    """Django's, which writes a local part outside ASCII in a form that reaches nobody."""

    def _send(self, email_message: EmailMessage) -> bool:
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
