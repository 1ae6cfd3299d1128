"""Mails to signers, rendered when they are sent, so that no address waits in the queue."""

import smtplib
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from jobs.models import Job
from jobs.registry import PermanentError
from signatures.addresses import canonical
from signatures.models import CODE_TRIES, Signature, Suppression
from signatures.tokens import RESEND_AFTER, code_for, token_for

MAILS_PER_DAY = 5
DAY = timedelta(days=1)


def send(job: Job) -> None:
    """Sends the mail that a signature now needs: to confirm, or that it is confirmed already.

    Nothing is sent to a mailbox that asked for silence, to one that got a mail in the last
    minute, or to one that got five in a day.
    """
    signature = Signature.objects.filter(pk=job.payload["signature"], anonymised_at=None).first()
    if signature is None or not may_be_written_to(signature):
        return
    if signature.code_tries >= CODE_TRIES:
        renew_code(signature)
    template = "already" if signature.is_confirmed else "confirm"
    message = render(signature, template, job)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _ in error.recipients.values()):
            raise PermanentError("the mailbox does not exist") from error
        raise
    except smtplib.SMTPNotSupportedError as error:
        raise PermanentError("the mail server knows ASCII addresses only") from error
    note_sent(signature)


def may_be_written_to(signature: Signature) -> bool:
    if signature.status not in (Signature.Status.PENDING, Signature.Status.CONFIRMED):
        return False
    now = timezone.now()
    if signature.mailed_at and now - signature.mailed_at < RESEND_AFTER:
        return False
    # All unconfirmed signatures of the mailbox share the limit: twenty cities are no way round.
    recent = Signature.objects.filter(
        mailbox_key=signature.mailbox_key,
        mailed_at__gt=now - DAY,
        status=Signature.Status.PENDING,
    ).values_list("mail_count", flat=True)
    known = Signature.objects.confirmed().filter(mailbox_key=signature.mailbox_key).exists()
    sent = signature.mail_count if known and is_recent(signature) else sum(recent)
    return sent < MAILS_PER_DAY and not Suppression.covers(canonical(signature.email))


def is_recent(signature: Signature) -> bool:
    return bool(signature.mailed_at and signature.mailed_at > timezone.now() - DAY)


def renew_code(signature: Signature) -> None:
    """A new code, with five new tries."""
    Signature.objects.filter(pk=signature.pk).update(
        code_tries=0, code_generation=F("code_generation") + 1
    )
    signature.refresh_from_db()


def note_sent(signature: Signature) -> None:
    count = signature.mail_count + 1 if is_recent(signature) else 1
    Signature.objects.filter(pk=signature.pk).update(mailed_at=timezone.now(), mail_count=count)


def render(signature: Signature, template: str, job: Job) -> EmailMultiAlternatives:
    """The mail in the signer's language; its Message-ID is the same at every try."""
    token = token_for(signature)
    with translation.override(signature.language):
        context = {
            "signature": signature,
            "title": signature.text.title,
            "code": code_for(signature),
            "confirm_url": settings.BASE_URL + reverse("signatures:confirm", args=[token]),
            "own_url": settings.BASE_URL + reverse("signatures:own", args=[token]),
            "stop_url": settings.BASE_URL + reverse("signatures:stop", args=[token]),
            "site": urlsplit(settings.BASE_URL).netloc,
            "language": signature.language,
        }
        subject = render_to_string(f"emails/{template}_subject.txt", context)
        text = render_to_string(f"emails/{template}.txt", context)
        html = render_to_string(f"emails/{template}.html", context)
    host = urlsplit(settings.BASE_URL).hostname
    headers = {"Message-ID": f"<{job.id}@{host}>", "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(
        " ".join(subject.split()), text, to=[signature.email], headers=headers
    )
    message.attach_alternative(html, "text/html")
    return message
