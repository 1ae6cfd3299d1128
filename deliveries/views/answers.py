"""What recipients answered, in the admin: read, published or not, and translated."""

from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from campaigns.models import Answer, Delivery, Petition
from campaigns.pages.queries import named
from deliveries.answering import deciding, links
from deliveries.answering.forms import LinkForm, PublishForm, RefuseForm, TranslationForm
from deliveries.answering.rights import answers_for, decides, translates_into, works_here
from deliveries.models import AnswerLink
from deliveries.packs.recipients import mailbox_of
from deliveries.views.recipient import as_file
from signatures.views.responses import personal

PER_PAGE = 50
JOINED = ("delivery__petition__parent", "event", "decided_by")


@require_safe
def answer_list(request: AuthenticatedHttpRequest) -> HttpResponse:
    if not works_here(request.user):
        raise PermissionDenied
    found = answers_for(request.user).select_related(*JOINED).prefetch_related("translations")
    page = Paginator(found.order_by("-state", "-received_at"), PER_PAGE).get_page(
        request.GET.get("p")
    )
    keys = {each.delivery.petition_id for each in page}
    names = named(Petition.objects.filter(pk__in=keys).with_names())
    context = {
        "page_title": _("Answers of recipients"),
        "answers": [(each, names[each.delivery.petition_id]) for each in page],
        "page": page,
    }
    return personal(render(request, "deliveries/admin/answers.html", context))


def find_answer(request: AuthenticatedHttpRequest, key: UUID) -> Answer:
    """Raises: Http404, where there is none or it is nobody's work who asks."""
    if not works_here(request.user):
        raise PermissionDenied
    found: Answer = get_object_or_404(answers_for(request.user).select_related(*JOINED), pk=key)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def answer_detail(request: AuthenticatedHttpRequest, answer_id: UUID) -> HttpResponse:
    answer = find_answer(request, answer_id)
    may_decide = decides(request.user, answer.delivery)
    action = request.POST.get("action", "")
    sent = request.POST if request.method == "POST" else None
    publish = PublishForm(sent if action == "publish" else None, answer=answer)
    refuse = RefuseForm(sent if action == "refuse" else None)
    languages = translates_into(request.user, answer)
    forms = [translation_form(answer, code, sent if action == code else None) for code in languages]
    try:
        done = may_decide and decided(request.user, answer, action, publish, refuse)
        done = done or translated(request.user, answer, action, forms)
    except Answer.DoesNotExist:
        messages.error(request, _("Somebody else has decided about this answer meanwhile."))
        return redirect("answer_detail", answer.pk)
    if done:
        messages.success(request, done)
        return redirect("answers" if action == "refuse" else request.path)
    context = {
        "page_title": _("Answer of a recipient"),
        "answer": answer,
        "petition": str(answer.petition),
        "may_decide": may_decide,
        "publish": publish,
        "refuse": refuse,
        "translations": forms,
    }
    is_wrong = any(form.errors for form in (publish, refuse, *forms))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return personal(render(request, "deliveries/admin/answer.html", context, status=status))


def translation_form(answer: Answer, language: str, sent: object) -> TranslationForm:
    initial = {"text": answer.texts.get(language, "")}
    return TranslationForm(sent, language=language, initial=initial)


def decided(
    user: User, answer: Answer, action: str, publish: PublishForm, refuse: RefuseForm
) -> str:
    """What was done, in a sentence. Raises: Answer.DoesNotExist."""
    if action == "publish" and publish.is_valid():
        deciding.publish(answer, user, publish.cleaned_data)
        return _("The answer is published.")
    if action == "refuse" and refuse.is_valid():
        deciding.refuse(answer, user, refuse.cleaned_data["reason"])
        return _("The answer is not published, and is deleted.")
    if action == "take_down":
        deciding.take_down(answer, user)
        return _("The answer is taken down, and waits again.")
    return ""


def translated(user: User, answer: Answer, action: str, forms: list[TranslationForm]) -> str:
    for form in forms:
        if action == form.language and answer.text and form.is_valid():
            deciding.translate(answer, user, form.language, form.cleaned_data["text"])
            return _("The translation is saved.")
    return ""


@require_safe
def answer_scan(request: AuthenticatedHttpRequest, answer_id: UUID) -> HttpResponseBase:
    return personal(as_file(find_answer(request, answer_id)))


@require_http_methods(["GET", "HEAD", "POST"])
def answer_link(request: AuthenticatedHttpRequest, delivery_id: UUID) -> HttpResponse:
    """Gives a recipient the link to answer by, or takes it back."""
    delivery = get_object_or_404(Delivery.objects.ready(), pk=delivery_id)
    if not decides(request.user, delivery):
        raise PermissionDenied
    initial = {
        "email": mailbox_of(delivery.petition),
        "language": next(iter(delivery.languages), ""),
    }
    form = LinkForm(request.POST if request.POST.get("action") == "give" else None, initial=initial)
    if request.POST.get("action") == "revoke":
        links.revoke(delivery, request.user)
        messages.success(request, _("The link no longer works."))
        return redirect(request.path)
    if form.is_valid():
        data = form.cleaned_data
        links.give(delivery, data["email"], data["language"], request.user)
        messages.success(request, _("The link is on its way."))
        return redirect(request.path)
    context = {
        "page_title": _("Link to answer by"),
        "delivery": delivery,
        "petition": str(delivery.petition),
        "link": AnswerLink.objects.filter(delivery=delivery).first(),
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return personal(render(request, "deliveries/admin/answer_link.html", context, status=status))


class AnswersMenuItem(MenuItem):
    def is_shown(self, request: AuthenticatedHttpRequest) -> bool:
        return works_here(request.user)
