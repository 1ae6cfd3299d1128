"""The site's own images and documents, as Wagtail's but for how their files are kept."""

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage

from library.fields import (
    CleanDocumentField,
    CleanImageField,
    RenditionField,
    original_address,
    shows_original,
)
from library.files import private_storage, random_name


def rendition_name(instance: models.Model, filename: str) -> str:
    """Wagtail's own would begin with the original's name."""
    return f"images/{random_name(PurePosixPath(filename).suffix)}"


def uploader() -> "models.ForeignKey[Any, Any]":
    """Wagtail's field, without the way back that Wagtail's own models of the same name have."""
    field: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by user"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    field.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]
    return field


class Image(AbstractImage):
    file = CleanImageField(
        verbose_name=_("file"),
        storage=private_storage,
        upload_to="originals",
        width_field="width",
        height_field="height",
    )
    uploaded_by_user = uploader()
    tags = TaggableManager(
        help_text=None, blank=True, verbose_name=_("tags"), related_name="library_images"
    )
    admin_form_fields = WagtailImage.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")
        permissions = [("choose_image", "Can choose image")]


class Rendition(AbstractRendition):
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")
    file = RenditionField(upload_to=rendition_name, width_field="width", height_field="height")

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter"
            )
        ]

    @property
    def url(self) -> str:
        if shows_original(self.filter_spec):
            return original_address(self.image)
        return str(super().url)


class Document(AbstractDocument):
    file = CleanDocumentField(
        verbose_name=_("file"), storage=private_storage, upload_to="documents"
    )
    uploaded_by_user = uploader()
    tags = TaggableManager(
        help_text=None, blank=True, verbose_name=_("tags"), related_name="library_documents"
    )
    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]

    def clean(self) -> None:
        """Asks for the suffix where there is a file: Wagtail has a form without one, too."""
        if self.file:
            super().clean()
