"""The doors of the admin. Some answer at addresses of Wagtail's, under Wagtail's names."""

from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin.views.account import LogoutView

from accounts.views import entering, second_step, setting_up

urlpatterns = [
    path("login/", never_cache(entering.LogInView.as_view()), name="wagtailadmin_login"),
    # Wagtail's own lets out only whom it let in.
    path("logout/", never_cache(LogoutView.as_view()), name="wagtailadmin_logout"),
    path("login/code/", never_cache(second_step.enter_code), name="enter_code"),
    path("login/passkey/", never_cache(second_step.enter_by_passkey), name="enter_by_passkey"),
    path("login/passkey/ask/", never_cache(second_step.ask_for_passkey), name="ask_for_passkey"),
    path("login/again/", never_cache(second_step.confirm_again), name="confirm_again"),
    path("login/set-up/", never_cache(setting_up.set_up), name="set_up"),
    path("login/set-up/app/", never_cache(setting_up.add_app), name="add_app"),
    path("login/set-up/passkey/", never_cache(setting_up.add_passkey), name="add_passkey"),
    path("login/set-up/passkey/make/", never_cache(setting_up.make_passkey), name="make_passkey"),
    path(
        "password_reset/",
        never_cache(entering.PasswordResetView.as_view()),
        name="wagtailadmin_password_reset",
    ),
    path(
        "password_reset/confirm/<uidb64>/<token>/",
        never_cache(entering.PasswordResetConfirmView.as_view()),
        name="wagtailadmin_password_reset_confirm",
    ),
]
