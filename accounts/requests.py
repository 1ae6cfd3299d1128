"""What a view behind the log-in is asked with."""

from django.http import HttpRequest

from accounts.models import User


class AuthenticatedHttpRequest(HttpRequest):
    """For annotations alone: Django's own request, after the log-in made sure who asks."""

    user: User
