"""What a signer sees and is sent, for editors to look at: with a made-up person, never stored."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import TextVersion
from campaigns.previews import pretend, preview
from jobs.models import Job
from signatures import mail
from signatures.forms import CodeForm
from signatures.models import Signature
from signatures.tokens import token_for
from signatures.views.own import context_of, share_links
from signatures.views.sign import form_for

EXAMPLE_ADDRESS = "olena@example.org"


def example(page: Any, status: Signature.Status) -> Signature:
    """A signature of the page as it stands in the draft."""
    words = page.words
    return Signature(
        petition=page.petition,
        text=TextVersion(
            petition=page.petition,
            language=words.language,
            title=words.title,
            ask=words.ask,
            consent=words.consent,
        ),
        language=page.language,
        name=gettext("Olena Kovalenko"),
        email=EXAMPLE_ADDRESS,
        country="UA",
        status=status,
        confirmed_at=timezone.now(),
    )


@preview("errors", _("Form with errors"))
def errors(page: Any, request: HttpRequest) -> HttpResponse:
    pretend(page)
    form = form_for(page, {"name": "", "email": "olena@", "version": page.words.checksum})
    return page.render_with(request, sign_form=form)


@preview("check", _("Check your mail"))
def check(page: Any, request: HttpRequest) -> HttpResponse:
    context = {"email": EXAMPLE_ADDRESS, "form": CodeForm(), "notice": "", "page": page}
    return render(request, "signatures/check.html", context)


@preview("thanks", _("Thank you"))
def thanks(page: Any, request: HttpRequest) -> HttpResponse:
    signature = example(page, Signature.Status.CONFIRMED)
    shared = share_links(settings.BASE_URL + (page.url or ""), page.share_words)
    context = {**context_of(signature, token_for(signature)), "page": page, "share": shared}
    return render(request, "signatures/own.html", context)


@preview("mail_confirm", _("Mail: please confirm"))
def mail_confirm(page: Any, request: HttpRequest) -> HttpResponse:
    return html_part(page, Signature.Status.PENDING, "confirm")


@preview("mail_confirm_text", _("Mail: please confirm, as text"))
def mail_confirm_text(page: Any, request: HttpRequest) -> HttpResponse:
    return text_part(page, Signature.Status.PENDING, "confirm")


@preview("mail_already", _("Mail: signed already"))
def mail_already(page: Any, request: HttpRequest) -> HttpResponse:
    return html_part(page, Signature.Status.CONFIRMED, "already")


@preview("mail_already_text", _("Mail: signed already, as text"))
def mail_already_text(page: Any, request: HttpRequest) -> HttpResponse:
    return text_part(page, Signature.Status.CONFIRMED, "already")


def html_part(page: Any, status: Signature.Status, template: str) -> HttpResponse:
    message = mail.render(example(page, status), template, Job())
    return HttpResponse(message.alternatives[0][0])


def text_part(page: Any, status: Signature.Status, template: str) -> HttpResponse:
    message = mail.render(example(page, status), template, Job())
    words = f"{message.subject}\n\n{message.body}"
    return HttpResponse(words, content_type="text/plain; charset=utf-8")
