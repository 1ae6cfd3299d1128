"""The public part of what packs are signed with."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from deliveries.models import SigningKey

PEM = "application/x-pem-file"


@require_safe
def public_keys(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first, which is the one that OpenSSL reads."""
    SigningKey.newest()
    found = "".join(SigningKey.objects.values_list("public", flat=True))
    return HttpResponse(found, content_type=PEM)


@require_safe
def public_key(request: HttpRequest, number: int) -> HttpResponse:
    """The one that a pack names, however many came after it."""
    key = get_object_or_404(SigningKey, number=number)
    return HttpResponse(key.public, content_type=PEM)
