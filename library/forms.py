"""The forms that upload say beside the file why it was refused."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from library.cleaning import clean_document, clean_image
from library.cleaning.pictures import UNREADABLE
from library.files import CleanedFile


class ImageFileField(WagtailImageField):
    """Wagtail's own crashes on some files that end early, and tells of others in two sentences."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages["invalid_image"] = UNREADABLE

    def to_python(self, data: Any) -> Any:
        try:
            return super().to_python(data)
        except ValidationError:
            raise
        except Exception as error:  # Each of Pillow's decoders has errors of its own.
            raise ValidationError(UNREADABLE, "invalid_image") from error


class ImageForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = ImageFileField(
                label=field.label, widget=field.widget, required=field.required
            )

    def clean_file(self) -> CleanedFile:
        return clean_image(self.cleaned_data["file"])


class DocumentForm(BaseDocumentForm):
    def clean_file(self) -> CleanedFile:
        return clean_document(self.cleaned_data["file"])
