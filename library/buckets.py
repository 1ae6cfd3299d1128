"""Where uploads are kept in a bucket. The library for that is large: no other module imports it."""

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class OwnAddressStorage(S3Storage):
    """Files in S3 that browsers ask us for: pages load nothing from anybody else."""

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
