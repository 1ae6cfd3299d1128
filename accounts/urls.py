"""Addresses of Wagtail's that are answered by our own views, under Wagtail's names."""

from django.urls import path
from django.views.decorators.cache import never_cache

from accounts import views

urlpatterns = [
    path("login/", never_cache(views.LogInView.as_view()), name="wagtailadmin_login"),
    path(
        "password_reset/",
        never_cache(views.PasswordResetView.as_view()),
        name="wagtailadmin_password_reset",
    ),
    path(
        "password_reset/confirm/<uidb64>/<token>/",
        never_cache(views.PasswordResetConfirmView.as_view()),
        name="wagtailadmin_password_reset_confirm",
    ),
]
