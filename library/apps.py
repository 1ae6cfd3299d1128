from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "library"
    verbose_name = _("Images and documents")

    def ready(self) -> None:
        """Cleans what Wagtail keeps in models of its own, too, for which it has no setting.

        Nor has it one for where an import is kept.
        """
        from wagtail.models import UploadedFile
        from wagtail.users.models import UserProfile

        from library import imported
        from library.cleaning import clean_image
        from library.fields import AvatarFile, ImageDescriptor, UnfinishedUpload

        UploadedFile._meta.get_field("file").attr_class = UnfinishedUpload
        avatar = UserProfile._meta.get_field("avatar")
        avatar.attr_class, avatar.cleaner = AvatarFile, clean_image
        UserProfile.avatar = ImageDescriptor(avatar)
        imported.register()
