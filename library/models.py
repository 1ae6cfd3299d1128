"""The site's own images and documents: how their files are kept, and whose they are."""

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition

from library.fields import (
    CleanDocumentField,
    CleanImageField,
    RenditionField,
    original_address,
    shows_original,
)
from library.files import private_storage, random_name
from library.rights import FIELDS, Rights


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


class Image(Rights, AbstractImage):
    # Wagtail's own, by what it is for.
    description = models.CharField(
        _("suggested alternative text"),
        max_length=255,
        blank=True,
        default="",
        help_text=_(
            "What is to be seen, for those who do not see it. Offered wherever the picture is put."
        ),
    )
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
    admin_form_fields = (
        "title",
        "file",
        "description",
        *FIELDS,
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )

    @property
    def default_alt_text(self) -> str:
        """Wagtail would offer the title, which mostly is the name of a file."""
        return self.description

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


class Document(Rights, AbstractDocument):
    file = CleanDocumentField(
        verbose_name=_("file"), storage=private_storage, upload_to="documents"
    )
    uploaded_by_user = uploader()
    tags = TaggableManager(
        help_text=None, blank=True, verbose_name=_("tags"), related_name="library_documents"
    )
    admin_form_fields = ("title", "file", *FIELDS, "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions = [("choose_document", "Can choose document")]

    def clean(self) -> None:
        """Asks for the suffix where there is a file: Wagtail has a form without one, too."""
        if self.file:
            super().clean()
