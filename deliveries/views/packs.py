"""Handing petitions over, in the admin: prepared, watched while files are made, handed out."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import PermissionPolicyChecker
from wagtail.admin.menu import MenuItem

from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import Delivery, Petition
from campaigns.pages.queries import named
from deliveries.forms import HandOverForm, PrepareForm, SureForm
from deliveries.models import Pack
from deliveries.packs import handing, making, sending
from deliveries.packs.recipients import recipients_of
from deliveries.permissions import delivery_policy
from signatures.views.responses import personal

SHOWN = 200
may_deliver = PermissionPolicyChecker(delivery_policy).require("add")


class DeliveriesMenuItem(MenuItem):
    def is_shown(self, request: AuthenticatedHttpRequest) -> bool:
        return bool(delivery_policy.user_has_permission(request.user, "add"))


@may_deliver
@require_http_methods(["GET", "HEAD", "POST"])
def delivery_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    form = PrepareForm(request.POST or None, user=request.user, initial=initial())
    if request.method == "POST" and form.is_valid():
        return prepared(request, form)
    rows = list(delivery_policy.own(request.user).select_related("pack")[:SHOWN])
    names = names_of(rows)
    context = {
        "page_title": _("Deliveries"),
        "form": form,
        "deliveries": [(each, names[each.petition_id]) for each in rows],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return personal(render(request, "deliveries/admin/list.html", context, status=status))


def initial() -> dict[str, str]:
    return {"way": Delivery.Way.PRINT}


def names_of(deliveries: Iterable[Delivery]) -> dict[Any, str]:
    keys = {each.petition_id for each in deliveries}
    return named(Petition.objects.filter(pk__in=keys).with_names())


def prepared(request: AuthenticatedHttpRequest, form: PrepareForm) -> HttpResponse:
    data, made = form.cleaned_data, []
    for petition in data["petitions"]:
        try:
            mailbox = form.mailboxes.get(petition.pk, "")
            made.append(
                handing.prepare(petition, request.user, data["way"], form.languages(), mailbox)
            )
        except IntegrityError:
            reason = _("A delivery of “%(petition)s” is being prepared already.")
            messages.error(request, reason % {"petition": form.names[petition.pk]})
    return redirect("delivery", made[0].pk) if len(made) == 1 else redirect("deliveries")


def own_delivery(request: AuthenticatedHttpRequest, key: UUID) -> Delivery:
    """Raises: Http404, also for what belongs to another campaign."""
    own = delivery_policy.own(request.user).select_related("petition__tie", "event", "pack")
    found: Delivery = get_object_or_404(own, pk=key)
    return found


def pack_of(delivery: Delivery) -> Pack | None:
    return getattr(delivery, "pack", None)


@may_deliver
@require_safe
def delivery_detail(request: AuthenticatedHttpRequest, delivery_id: UUID) -> HttpResponse:
    return shown(request, own_delivery(request, delivery_id))


def shown(
    request: AuthenticatedHttpRequest, delivery: Delivery, form: SureForm | None = None
) -> HttpResponse:
    pack = pack_of(delivery)
    can_send = pack is not None and can_be_sent(pack)
    if form is None and delivery.ready_at and not delivery.handed_at:
        form = new_form(delivery, can_send)
    context = {
        "page_title": _("Delivery %(code)s") % {"code": delivery.code_told},
        "page_subtitle": names_of([delivery])[delivery.petition_id],
        "delivery": delivery,
        "pack": pack,
        "recipients": recipients_of(delivery.petition),
        "form": form,
        "can_send": can_send,
        "by_hand": form if isinstance(form, HandOverForm) or not can_send else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return personal(render(request, "deliveries/admin/delivery.html", context, status=status))


def can_be_sent(pack: Pack) -> bool:
    """What came back once would come back again."""
    delivery = pack.delivery
    return delivery.way == Delivery.Way.EMAIL and bool(pack.email) and not delivery.bounced_at


def new_form(delivery: Delivery, can_send: bool) -> SureForm:
    if can_send:
        return SureForm(delivery=delivery)
    return HandOverForm(delivery=delivery, initial={"day": handing.today(delivery.petition)})


@may_deliver
@require_POST
def delivery_act(request: AuthenticatedHttpRequest, delivery_id: UUID, act: str) -> HttpResponse:
    """One of the buttons of its page."""
    delivery = own_delivery(request, delivery_id)
    return ACTS[act](request, delivery)


def take(request: AuthenticatedHttpRequest, delivery: Delivery) -> HttpResponse:
    pack = pack_of(delivery)
    try:
        found = handing.take(pack, request.user) if pack else b""
    except handing.NotReadyError:
        return not_ready(request, delivery)
    response = HttpResponse(found, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{delivery.code_told}.zip"'
    return personal(response)


def not_ready(request: AuthenticatedHttpRequest, delivery: Delivery) -> HttpResponse:
    told = _(
        "The files are not ready. Where somebody who is named or quoted in them has taken that "
        "back, they are made anew now."
    )
    if delivery.handed_at:
        told = _(
            "These files are no longer handed out: they are gone, or somebody who is named or "
            "quoted in them has taken that back."
        )
    messages.error(request, told)
    return redirect("delivery", delivery.pk)


def send(request: AuthenticatedHttpRequest, delivery: Delivery) -> HttpResponse:
    pack, form = pack_of(delivery), SureForm(request.POST, delivery=delivery)
    is_ready = pack is not None and pack.state == Pack.State.READY and can_be_sent(pack)
    if not (pack and is_ready) or delivery.handed_at:
        return not_ready(request, delivery)
    if not form.is_valid():
        return shown(request, delivery, form)
    if sending.is_too_large(pack):
        reason = _(
            "These files are too large for an email. Hand them over on paper or a USB drive."
        )
        messages.error(request, reason)
        return redirect("delivery", delivery.pk)
    sending.ask(pack, request.user)
    messages.success(request, _("It is emailed during office hours where it goes."))
    return redirect("delivery", delivery.pk)


def hand_over(request: AuthenticatedHttpRequest, delivery: Delivery) -> HttpResponse:
    form = HandOverForm(request.POST, delivery=delivery)
    if not form.is_valid():
        return shown(request, delivery, form)
    data = form.cleaned_data
    if handing.hand_over(delivery, request.user, data["day"], data["receipt"]):
        messages.success(request, _("The petition’s timeline now says that it was delivered."))
        return redirect("delivery", delivery.pk)
    return not_ready(request, delivery)


def note_bounce(request: AuthenticatedHttpRequest, delivery: Delivery) -> HttpResponse:
    if delivery.handed_at and not handing.note_bounce(delivery, request.user):
        messages.error(request, why_arrived(delivery))
    return redirect("delivery", delivery.pk)


def why_arrived(delivery: Delivery) -> str:
    if delivery.answers.exists():
        return _("It was answered, so it arrived.")
    return _("Another delivery of this petition is being prepared.")


def make_anew(request: AuthenticatedHttpRequest, delivery: Delivery) -> HttpResponse:
    making.begin(delivery)
    return redirect("delivery", delivery.pk)


def drop(request: AuthenticatedHttpRequest, delivery: Delivery) -> HttpResponse:
    if not handing.drop(delivery, request.user):
        messages.error(request, _("It was handed over or answered already."))
        return redirect("delivery", delivery.pk)
    messages.success(request, _("The delivery and its files are deleted."))
    return redirect("deliveries")


ACTS: dict[str, Callable[[AuthenticatedHttpRequest, Delivery], HttpResponse]] = {
    "take": take,
    "send": send,
    "hand-over": hand_over,
    "bounce": note_bounce,
    "make-anew": make_anew,
    "delete": drop,
}


def act_addresses() -> list[URLPattern]:
    return [
        path(
            f"deliveries/<uuid:delivery_id>/{act}/",
            delivery_act,
            {"act": act},
            name=f"delivery_{act.replace('-', '_')}",
        )
        for act in ACTS
    ]
