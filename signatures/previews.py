"""What a signer sees and is sent, for editors to look at: with a made-up person, never stored."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.models import TextVersion
from campaigns.pages.petition_base import PetitionPageBase
from campaigns.previews import pretend, preview
from signatures.form.facts import facts
from signatures.form.mailbox_form import ChangeForm
from signatures.form.sign_form import CodeForm
from signatures.mailboxes import parse
from signatures.models import Signature, Submission
from signatures.shown.own_page import own_context, share_links
from signatures.signing import emails, figures
from signatures.signing.confirming import Standing, State
from signatures.signing.tokens import own_token
from signatures.views.sign import check_context, form_for

EXAMPLE_ADDRESS = "olena@example.org"


def example(page: PetitionPageBase, status: Signature.Status) -> Signature:
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
def errors(page: PetitionPageBase, request: HttpRequest) -> HttpResponse:
    pretend(page)
    form = form_for(page, {"name": "", "email": "olena@", "version": page.words.checksum})
    return page.render_with(request, sign_form=form)


@preview("check", _("Check your email"))
def preview_check(page: PetitionPageBase, request: HttpRequest) -> HttpResponse:
    masked = parse(EXAMPLE_ADDRESS).masked
    context = {**check_context(masked, page, ChangeForm()), "form": CodeForm()}
    return render(request, "signatures/check.html", context)


@preview("confirm", _("Confirm your signature"))
def preview_confirm(page: PetitionPageBase, request: HttpRequest) -> HttpResponse:
    proposed = example(page, Signature.Status.PENDING)
    context = {
        "state": "waiting",
        "proposed": proposed,
        "facts": facts(proposed, page),
        "token": "x",
        "page": page,
    }
    return render(request, "signatures/confirm.html", context)


@preview("thanks", _("Thank you"))
def thanks(page: PetitionPageBase, request: HttpRequest) -> HttpResponse:
    signature = example(page, Signature.Status.CONFIRMED)
    shared = share_links(settings.BASE_URL + (page.url or ""), page.share_words)
    context = {**own_context(signature, own_token(signature)), "page": page, "share": shared}
    return render(request, "signatures/own.html", context)


@preview("mail_confirm", _("Email: please confirm"))
def mail_confirm(page: PetitionPageBase, request: HttpRequest) -> HttpResponse:
    return html_part(page, Signature.Status.PENDING)


@preview("mail_confirm_text", _("Email: please confirm, as text"))
def mail_confirm_text(page: PetitionPageBase, request: HttpRequest) -> HttpResponse:
    return text_part(page, Signature.Status.PENDING)


@preview("mail_already", _("Email: signed already"))
def mail_already(page: PetitionPageBase, request: HttpRequest) -> HttpResponse:
    return html_part(page, Signature.Status.CONFIRMED)


@preview("mail_already_text", _("Email: signed already, as text"))
def mail_already_text(page: PetitionPageBase, request: HttpRequest) -> HttpResponse:
    return text_part(page, Signature.Status.CONFIRMED)


def html_part(page: PetitionPageBase, status: Signature.Status) -> HttpResponse:
    return HttpResponse(example_mail(page, status).alternatives[0][0])


def text_part(page: PetitionPageBase, status: Signature.Status) -> HttpResponse:
    message = example_mail(page, status)
    words = f"{message.subject}\n\n{message.body}"
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


def example_mail(page: PetitionPageBase, status: Signature.Status) -> EmailMultiAlternatives:
    signature = example(page, status)
    submission = Submission(
        signature=signature,
        text=signature.text,
        language=signature.language,
        details={"email": EXAMPLE_ADDRESS},
    )
    counts = Standing(State.SAME, signature, signature) if signature.is_confirmed else None
    tie = figures.of_petition(page.petition, page.language)
    said = emails.letter(submission, counts, tie)
    return emails.composed([said], job="example", campaign=page.campaign.title)
