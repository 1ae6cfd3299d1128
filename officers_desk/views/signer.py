"""One signature: all that is kept of it, and what an officer does to it."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeAlias
from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker

from accounts.confirming import ask_who_it_is
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import Petition
from campaigns.pages.queries import named
from officers_desk import deeds
from officers_desk.forms import CorrectForm, EraseForm, HoldForm, ReasonForm
from officers_desk.history import lines
from security import audit
from signatures.form.facts import facts_for_officers
from signatures.keeping.downloads import all_kept
from signatures.keeping.retention import kept_until
from signatures.models import Hold, Signature, Submission
from signatures.permissions import signature_policy
from signatures.release import Release
from signatures.signing.legal_holds import active_hold
from signatures.views.responses import personal
from translations.languages.names import name_of

View: TypeAlias = Callable[[AuthenticatedHttpRequest, Signature], HttpResponse]
AddressedView: TypeAlias = Callable[..., HttpResponse]


def of_signature(right: str, *methods: str) -> Callable[[View], AddressedView]:
    """A view of the signature that its address names; one that is gone is told in a sentence."""

    def decorate(view: View) -> AddressedView:
        @PermissionPolicyChecker(signature_policy).require(right)
        @require_http_methods(methods)
        @wraps(view)
        def addressed(request: AuthenticatedHttpRequest, signature_id: UUID) -> HttpResponse:
            found = Signature.objects.select_related("petition__parent", "text")
            signature = found.filter(pk=signature_id).first()
            if signature is None:
                return not_there(request)
            return personal(view(request, signature))

        return addressed

    return decorate


def not_there(request: AuthenticatedHttpRequest) -> HttpResponse:
    context = {"page_title": _("Signers")}
    return personal(
        render(request, "officers_desk/admin/not_there.html", context, status=HTTPStatus.NOT_FOUND)
    )


def name_of_petition(signature: Signature) -> str:
    petitions = Petition.objects.filter(pk=signature.petition_id).with_names()
    return named(petitions)[signature.petition_id]


@of_signature("view", "GET", "HEAD")
def see(request: AuthenticatedHttpRequest, signature: Signature) -> HttpResponse:
    audit.record("signer.seen", request.user, [signature.pk])
    page = signature.petition.live_page(get_language())
    hold = active_hold(signature)
    waiting = Submission.objects.beside(signature).select_related("text", "signature__petition")
    context = {
        "page_title": name_of_petition(signature),
        "signature": signature,
        "facts": [] if signature.anonymised_at else facts_of(signature),
        "waiting": [
            (each, facts_for_officers(each.sent(), page), each.details["email"])
            for each in waiting.order_by("created_at", "id")
            if each.is_of(signature)
        ],
        "hold": hold,
        "is_locked": is_locked(signature),
        "kept_until": last_day(signature),
        "history": lines(audit.entries_of([signature.pk])),
        "may_change": signature_policy.user_has_permission(request.user, "change"),
        "may_erase": signature_policy.user_has_permission(request.user, "delete"),
    }
    return render(request, "officers_desk/admin/signer.html", context)


def is_locked(signature: Signature) -> bool:
    """Whether it is only kept for a legal hold: nothing is left to do but to lift that."""
    hold = active_hold(signature)
    return hold is not None and hold.erase_asked_at is not None


def last_day(signature: Signature) -> datetime | None:
    if is_locked(signature) and (hold := active_hold(signature)):
        return hold.until
    return kept_until(signature, timezone.now())


def locked(request: AuthenticatedHttpRequest, signature: Signature) -> HttpResponse:
    messages.error(
        request, _("It is locked: it is erased when its legal hold ends, and stays as it is.")
    )
    return redirect("signer", signature.pk)


def facts_of(signature: Signature) -> list[tuple[str, str]]:
    page = signature.petition.live_page(get_language())
    found = [(fact.label, fact.value) for fact in facts_for_officers(signature, page)]
    found.append((_("Email address"), signature.email))
    found.append((_("Language of emails"), name_of(signature.language)))
    # Of what nobody is to see, moderators say nothing.
    if signature.name_state != Release.NONE:
        told = str(signature.get_name_state_display())
        found.append((_("What moderators say of the name"), told))
    if signature.comment_state != Release.NONE:
        told = str(signature.get_comment_state_display())
        found.append((_("What moderators say of the comment"), told))
    return found


@of_signature("change", "GET", "HEAD", "POST")
def correct(request: AuthenticatedHttpRequest, signature: Signature) -> HttpResponse:
    if signature.anonymised_at:
        told = _("Nothing about the person is kept anymore, so there is nothing to correct.")
        messages.error(request, told)
        return redirect("signer", signature.pk)
    if is_locked(signature):
        return locked(request, signature)
    if signature.status == Signature.Status.PENDING:
        told = _("Nobody has confirmed it yet: erase it, and let the signer send the form again.")
        messages.error(request, told)
        return redirect("signer", signature.pk)
    now = {name: getattr(signature, name) for name in deeds.CORRECTABLE}
    form = CorrectForm(request.POST or None, initial=now, signature=signature)
    if request.method != "POST" or not form.is_valid():
        told = _(
            "The email address cannot be changed: by it the signature is found, counted once and "
            "confirmed. If the signer has a new one, erase this signature and let them sign again."
        )
        return asked(request, signature, _("Correct"), form, told=told)
    data = form.cleaned_data
    if deeds.correct(signature, request.user, data, data["reason"]):
        messages.success(
            request,
            _("Corrected. A changed name or comment waits for a moderator again."),
        )
    else:
        messages.warning(request, _("Nothing was changed: the form says what is stored already."))
    return redirect("signer", signature.pk)


@of_signature("delete", "GET", "HEAD", "POST")
def erase(request: AuthenticatedHttpRequest, signature: Signature) -> HttpResponse:
    if is_locked(signature):
        return locked(request, signature)
    form = EraseForm(request.POST or None, signature=signature)
    if request.method != "POST" or not form.is_valid():
        hold = active_hold(signature)
        told = _("It no longer counts, its links no longer work, and nothing brings it back.")
        if hold:
            told = _(
                "It is on legal hold until %(day)s: it will stop counting and showing at once, and "
                "is erased when the hold ends."
            ) % {"day": date_format(timezone.localtime(hold.until))}
        return asked(request, signature, _("Erase"), form, told=told, is_serious=True)
    kept = deeds.erase(signature, request.user, form.cleaned_data["reason"])
    if kept:
        told = _("It no longer counts, and is erased after %(day)s, when its legal hold ends.")
        messages.success(request, told % {"day": date_format(timezone.localtime(kept))})
        return redirect("signer", signature.pk)
    messages.success(request, _("Erased. It is gone from backups within 35 days."))
    return redirect("signers")


@of_signature("change", "GET", "HEAD", "POST")
def hold(request: AuthenticatedHttpRequest, signature: Signature) -> HttpResponse:
    if signature.anonymised_at:
        told = _("Nothing about the person is kept anymore, so there is nothing to hold.")
        messages.error(request, told)
        return redirect("signer", signature.pk)
    form = HoldForm(request.POST or None, signature=signature)
    if request.method != "POST" or not form.is_valid():
        told = _(
            "For a legal claim or an order of a court: what is kept of this signer stays through "
            "the day that you choose, even when all others are erased or the signer asks for it. "
            "After that, the usual schedule applies again."
        )
        return asked(request, signature, _("Place a legal hold"), form, told=told)
    data = form.cleaned_data
    deeds.hold(signature, request.user, data["reason"], data["until"])
    messages.success(request, _("On hold. The hold ends by itself."))
    return redirect("signer", signature.pk)


@of_signature("change", "GET", "HEAD", "POST")
def lift(request: AuthenticatedHttpRequest, signature: Signature) -> HttpResponse:
    held = Hold.objects.filter(signature=signature).select_related("signature").first()
    if held is None:
        messages.warning(request, _("There is no legal hold anymore."))
        return redirect("signer", signature.pk)
    form = ReasonForm(request.POST or None, signature=signature)
    if request.method != "POST" or not form.is_valid():
        told = _("From now on, the usual schedule applies to the signature again.")
        if held.erase_asked_at:
            told = _("It is to be erased, which is done as soon as you lift the hold.")
        return asked(request, signature, _("Lift the legal hold"), form, told=told)
    deeds.lift(held, request.user, form.cleaned_data["reason"])
    told = _("The legal hold is lifted.")
    if held.erase_asked_at:
        told = _("The legal hold is lifted, and the signature is erased.")
    messages.success(request, told)
    return redirect("signers" if held.erase_asked_at else "hold_list")


@of_signature("change", "GET", "HEAD", "POST")
def renew_links(request: AuthenticatedHttpRequest, signature: Signature) -> HttpResponse:
    if is_locked(signature):
        return locked(request, signature)
    if not Signature.objects.with_own_page().exclude(email="").filter(pk=signature.pk).exists():
        messages.error(request, _("It has no link yet, or no address is kept to send one to."))
        return redirect("signer", signature.pk)
    form = ReasonForm(request.POST or None, signature=signature)
    if request.method != "POST" or not form.is_valid():
        told = _(
            "If somebody else may have a link of this signer: every link that was mailed before "
            "stops working at once, and the signer is mailed a new one."
        )
        return asked(request, signature, _("Replace the links"), form, told=told)
    deeds.renew_links(signature, request.user, form.cleaned_data["reason"])
    messages.success(
        request, _("The old links no longer work. The email with the new one is on its way.")
    )
    return redirect("signer", signature.pk)


@of_signature("change", "POST")
def resend(request: AuthenticatedHttpRequest, signature: Signature) -> HttpResponse:
    if is_locked(signature):
        return locked(request, signature)
    if deeds.resend(signature, request.user):
        messages.success(
            request,
            _("The email is on its way; if today’s five have been sent, it comes tomorrow."),
        )
    else:
        messages.error(
            request,
            _("There is nothing to send: nothing waits, and no address is kept."),
        )
    return redirect("signer", signature.pk)


@of_signature("view", "POST")
def download(request: AuthenticatedHttpRequest, signature: Signature) -> HttpResponse:
    """All that is kept, as the signer's own page gives it; for whoever asked by letter."""
    form = ReasonForm(request.POST, signature=signature)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reason"])))
        return redirect("signer", signature.pk)
    if question := ask_who_it_is(request):
        return question
    audit.record("signer.downloaded", request.user, [signature.pk], form.cleaned_data["reason"])
    kept = all_kept(signature)
    response = JsonResponse(kept, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="signature.json"'
    return response


def asked(
    request: AuthenticatedHttpRequest,
    signature: Signature,
    title: str,
    form: forms.Form,
    **context: Any,
) -> HttpResponse:
    """The form of one act, with what it would do."""
    return render(
        request,
        "officers_desk/admin/act.html",
        {
            "page_title": title,
            "page_subtitle": name_of_petition(signature),
            "signature": signature,
            "form": form,
            **context,
        },
        status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
    )
