"""The admin's door: logging in, and a new password by mail."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm, SetPasswordForm
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from wagtail.admin.views import account
from wagtail.models import Site
from wagtail.views import authenticate_with_password

from accounts.factors.marks import confirm, has_factor, let_in
from accounts.forms import too_many_mails, wait_of
from accounts.models import User
from accounts.password_reset import ask_for_link
from accounts.requests import session_user
from accounts.sessions.lasting import begin
from accounts.sessions.new_browser import greet
from security import limits


def refused(response: HttpResponse, seconds: float) -> HttpResponse:
    response.status_code = 429
    response["Retry-After"] = str(int(seconds) + 1)
    return response


def name_of_site(request: HttpRequest) -> str:
    site = Site.find_for_request(request)
    return (site and site.site_name) or settings.WAGTAIL_SITE_NAME


def next_step(user: User, onwards: str) -> HttpResponse:
    """What is needed beside the password: a code or a passkey, or to set one of them up."""
    step = "enter_code" if has_factor(user) else "set_up"
    return redirect(f"{reverse(step)}?{urlencode({'next': onwards})}")


class LogInView(account.LoginView):
    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        user = session_user(self.request)
        if not isinstance(user, AnonymousUser) and not self.request.user.is_authenticated:
            return next_step(user, self.get_success_url())
        return self.shown(*args, **kwargs)

    def shown(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().get(*args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = name_of_site(self.request)
        return {**super().get_context_data(**kwargs), "login_site_name": name}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        user = form.get_user()
        self.request.session_user = user
        begin(self.request)
        if not let_in(self.request).is_authenticated:
            response = next_step(user, self.get_success_url())
            if not has_factor(user):
                # Whoever sets up their first one has just said who they are.
                confirm(self.request)
        greet(self.request, response, user)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        wait = wait_of(self.request)
        return refused(response, wait) if wait else response


class PageLogInView(LogInView):
    """For a private page, in the site's own dress. A code or a passkey is asked for after it.

    Whoever is logged in and may not see the page is asked for another account.
    """

    template_name = "wagtailcore/login.html"

    def shown(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_success_url(self) -> str:
        return str(self.get_redirect_url() or "/")


def enter_page_password(request: HttpRequest, **place: int) -> HttpResponse:
    """Wagtail's own way into a page that has a password, which could be guessed without end."""
    if request.method == "POST" and not limits.allows(request, "page password"):
        return refused(render(request, "429.html"), float(limits.RETRY_AFTER_SECONDS))
    response: HttpResponse = authenticate_with_password(request, **place)
    return response


class PasswordResetView(account.PasswordResetView):
    """The same answer, after the same work, whether or not anybody has this mailbox."""

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        if wait := ask_for_link(self.request, form.cleaned_data["email"]):
            form.add_error(None, too_many_mails(wait))
            return refused(self.form_invalid(form), wait)
        return HttpResponseRedirect(str(self.success_url))


class PasswordResetConfirmView(account.PasswordResetConfirmView):
    """Whoever holds the mailbox gets in from this browser, whatever strangers are trying."""

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        response = super().form_valid(form)
        greet(self.request, response, self.user)
        return response
