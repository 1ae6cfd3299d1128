"""Where the invited come in, beside Wagtail's own log-in."""

from django.urls import path
from django.views.decorators.cache import never_cache

from staff.views import InvitationView

urlpatterns = [
    path(
        "invitation/<uidb64>/<token>/",
        never_cache(InvitationView.as_view()),
        name="staff_invitation",
    ),
]
