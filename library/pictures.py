"""The pictures on pages, served from our own address wherever they are stored.

Nothing else of the uploads is: originals may tell where a picture was taken, and documents pass
by the view that asks who may read their collection.
"""

import mimetypes

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.utils.cache import patch_cache_control
from django.utils.encoding import filepath_to_uri
from django.views.decorators.http import require_safe
from storages.backends.s3 import S3Storage

# Where Wagtail puts the sizes that pages show. A new upload has a new name.
FOLDER = "images"
# And the portraits of those who work here.
PORTRAITS = "avatar_images"
TYPES = ("image/jpeg", "image/png", "image/webp", "image/avif", "image/gif")
KEEP_SECONDS = 30 * 24 * 3600


class OwnAddressStorage(S3Storage):
    """Files in S3 that browsers ask us for: pages load nothing from anybody else."""

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"


@require_safe
def picture(request: HttpRequest, name: str, folder: str = FOLDER) -> FileResponse:
    kind, _encoding = mimetypes.guess_type(name)
    if kind not in TYPES:
        raise Http404
    try:
        file = default_storage.open(f"{folder}/{name}")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, content_type=kind)
    patch_cache_control(response, public=True, max_age=KEEP_SECONDS, immutable=True)
    return response
