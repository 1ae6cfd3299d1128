"""Inviting somebody, saying what they do here, and letting them go."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin.utils import get_user_display_name
from wagtail.permissions import policy_registry
from wagtail.users.views import users

from accounts.confirming import ask_who_it_is, asks_once_valid
from accounts.models import User
from accounts.requests import AuthenticatedHttpRequest
from accounts.views.entering import PasswordResetConfirmView
from staff.assigning import assignments_of, other_groups, unassign
from staff.forms import AssignmentForm, InvitationForm, assignment_in_words
from staff.invitations import invitation_tokens, invite, is_invited, language_of
from staff.leaving import Holdings, let_go, reason_to_stay, take_on_again

PersonView = Callable[[AuthenticatedHttpRequest, User], HttpResponse]
AddressView = Callable[[AuthenticatedHttpRequest, int], HttpResponse]


def about_somebody(view: PersonView) -> AddressView:
    """For those who may change users. A superuser is changed by superusers alone."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def with_user(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
        user = get_object_or_404(get_user_model(), pk=pk)
        policy = policy_registry.get_by_type(User)
        if not policy.user_has_permission(request.user, "change"):
            raise PermissionDenied
        if user.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return view(request, user)

    return with_user


@method_decorator(asks_once_valid, name="dispatch")
class InviteView(users.CreateView):
    page_title = gettext_lazy("Invite somebody")
    submit_button_label = gettext_lazy("Send the invitation")
    submit_button_active_label = gettext_lazy("Sending…")
    page_subtitle = page_title
    error_message = gettext_lazy("Nobody was invited: please correct what is marked below.")

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items()[:-1], {"url": "", "label": self.page_title}]

    def get_success_message(self, instance: User) -> str:
        return invited_in_words(instance)

    def form_valid(self, form: InvitationForm) -> HttpResponse:
        return ask_who_it_is(self.request) or super().form_valid(form)

    def save_instance(self) -> User:
        form: InvitationForm = self.form
        return form.send(self.request.user)


@asks_once_valid
@about_somebody
def roles(request: AuthenticatedHttpRequest, user: User) -> HttpResponse:
    form = AssignmentForm(request.POST or None)
    if request.method == "POST" and ("remove" in request.POST or form.is_valid()):
        return ask_who_it_is(request) or changed(request, user, form)
    return render_about(
        request,
        user,
        "staff/admin/roles.html",
        _("Roles"),
        form=form,
        assignments=[(each.key, assignment_in_words(each)) for each in assignments_of(user)],
        groups=other_groups(user),
    )


def changed(request: AuthenticatedHttpRequest, user: User, form: AssignmentForm) -> HttpResponse:
    """A role is taken where the post names one, and given where it does not."""
    if "remove" not in request.POST:
        form.assign(user, request.user)
        messages.success(request, _("%(name)s has the role now.") % {"name": name_of(user)})
    elif removed := unassign(user, request.POST["remove"], request.user):
        words = {"name": name_of(user), "role": assignment_in_words(removed)}
        messages.success(request, _("Taken from %(name)s: %(role)s.") % words)
    return redirect("wagtailusers_users:roles", user.pk)


@about_somebody
def invite_again(request: AuthenticatedHttpRequest, user: User) -> HttpResponse:
    if user.is_active and not is_invited(user):
        messages.info(request, _("%s works here already.") % name_of(user))
        return redirect("wagtailusers_users:roles", user.pk)
    if request.method == "POST":
        if not user.is_active:
            take_on_again(user, request.user)
        invite(user, language_of(user))
        messages.success(request, invited_in_words(user))
        return redirect("wagtailusers_users:roles", user.pk)
    return render_about(request, user, "staff/admin/invite_again.html", _("Invite again"))


@about_somebody
def let_somebody_go(request: AuthenticatedHttpRequest, user: User) -> HttpResponse:
    reason = reason_to_stay(user, request.user)
    if request.method == "POST" and not reason:
        let_go(user, request.user)
        told = _("Access ended for %s: they can no longer log in, and have no role here.")
        messages.success(request, told % name_of(user))
        return redirect("wagtailusers_users:index")
    held = Holdings.of(user)
    return render_about(
        request,
        user,
        "staff/admin/let_go.html",
        _("End access"),
        reason=reason,
        assignments=[assignment_in_words(each) for each in held.assignments],
        groups=held.groups,
        locked=held.locked,
    )


def render_about(
    request: AuthenticatedHttpRequest, user: User, template: str, page_title: str, **context: Any
) -> HttpResponse:
    crumbs = [
        {"url": reverse("wagtailusers_users:index"), "label": _("Users")},
        {"url": reverse("wagtailusers_users:edit", args=[user.pk]), "label": name_of(user)},
        {"url": "", "label": page_title},
    ]
    known = {
        "person": user,
        "name": name_of(user),
        "page_title": page_title,
        "page_subtitle": name_of(user),
        "breadcrumbs_items": crumbs,
        "header_icon": "user",
    }
    return render(request, template, {**known, **context})


def invited_in_words(user: User) -> str:
    return _("The invitation is on its way to %s.") % user.email


def name_of(user: User) -> str:
    return str(get_user_display_name(user))


class InvitationView(PasswordResetConfirmView):
    """Where the invited choose their password."""

    template_name = "staff/invitation.html"
    token_generator = invitation_tokens

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """In the language of the invitation, whose it is the link alone says."""
        user = self.get_user(kwargs["uidb64"])
        language = language_of(user) if user else get_language()
        with override(language):
            response: HttpResponse = super().dispatch(*args, **kwargs)
            # Still in that language.
            return response.render() if isinstance(response, TemplateResponse) else response
