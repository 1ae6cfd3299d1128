"""The pictures on pages, served from our own address wherever they are stored.

Nothing else of the uploads is: originals may tell where a picture was taken, and documents pass
by the view that asks who may read their collection.
"""

import mimetypes

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

# Where Wagtail puts the sizes that pages show. A new upload has a new name.
FOLDER = "images"
# And the portraits of those who work here.
PORTRAITS = "avatar_images"
TYPES = ("image/jpeg", "image/png", "image/webp", "image/avif", "image/gif")
KEEP_SECONDS = 30 * 24 * 3600


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
