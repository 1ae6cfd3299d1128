from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = _("Images and documents")

    def ready(self) -> None:
        from wagtail.models import UploadedFile

        from library.fields import UnfinishedUpload

        # Wagtail keeps an upload whose form is not filled in yet in a model of its own.
        UploadedFile._meta.get_field("file").attr_class = UnfinishedUpload
