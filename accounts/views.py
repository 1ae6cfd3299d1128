"""The admin's door: logging in, and a new password by mail."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordResetForm, SetPasswordForm
from django.http import HttpResponse, HttpResponseRedirect
from wagtail.admin.views import account
from wagtail.models import Site

from accounts.forms import too_many_mails, wait_of
from accounts.known_browsers import remember_browser
from accounts.log_in import normalized
from accounts.password_reset import ask_for_link
from accounts.sessions import LOGGED_IN_AT


def refused(response: HttpResponse, seconds: float) -> HttpResponse:
    response.status_code = 429
    response["Retry-After"] = str(int(seconds) + 1)
    return response


class LogInView(account.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = Site.find_for_request(self.request)
        name = (site and site.site_name) or settings.WAGTAIL_SITE_NAME
        return {**super().get_context_data(**kwargs), "login_site_name": name}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        self.request.session[LOGGED_IN_AT] = time.time()
        remember_browser(response, normalized(form.get_user().get_username()))
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        wait = wait_of(self.request)
        return refused(response, wait) if wait else response


class PageLogInView(LogInView):
    """For a private page. Whoever is logged in and may not see it is asked for another account."""

    template_name = "wagtailcore/login.html"

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_success_url(self) -> str:
        return str(self.get_redirect_url() or "/")


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
        remember_browser(response, normalized(self.user.get_username()))
        return response
