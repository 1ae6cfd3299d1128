"""The public part of what packs are signed with."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from deliveries.models import SigningKey


@require_safe
def public_keys(request: HttpRequest) -> HttpResponse:
    """The newest first, which is the one that OpenSSL reads."""
    SigningKey.newest()
    found = "".join(SigningKey.objects.values_list("public", flat=True))
    return HttpResponse(found, content_type="application/x-pem-file")
