"""The forms of the library say beside the field why something was refused."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from library.cleaning import clean_document, clean_image
from library.cleaning.pictures import UNREADABLE
from library.files import CleanedFile
from library.rights import FIELDS, lacking

if TYPE_CHECKING:
    BaseForm = forms.ModelForm[Any]
else:
    BaseForm = forms.ModelForm
RIGHTS_WIDGETS = {"permission": AdminAutoHeightTextInput}


class ImageFileField(WagtailImageField):
    """Wagtail's own crashes on some files that end early, and tells of others in two sentences."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages["invalid_image"] = UNREADABLE

    def to_python(self, data: UploadedFile | None) -> UploadedFile | None:
        try:
            return super().to_python(data)
        except ValidationError:
            raise
        except Exception as error:  # Each of Pillow's decoders has errors of its own.
            raise ValidationError(UNREADABLE, "invalid_image") from error


class RightsForm(BaseForm):
    """What a license demands. A form of some fields knows the others from what is stored."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if any(name in self.errors for name in FIELDS):
            return data
        rights = {name: data.get(name, getattr(self.instance, name)) for name in FIELDS}
        for name, reason in lacking(rights):
            self.add_error(name if name in self.fields else None, reason)
        return data


class ImageForm(RightsForm, BaseImageForm):
    class Meta(BaseImageForm.Meta):
        widgets = {**BaseImageForm.Meta.widgets, **RIGHTS_WIDGETS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = ImageFileField(
                label=field.label, widget=field.widget, required=field.required
            )

    def clean_file(self) -> CleanedFile:
        return clean_image(self.cleaned_data["file"])


class DocumentForm(RightsForm, BaseDocumentForm):
    class Meta(BaseDocumentForm.Meta):
        widgets = {**BaseDocumentForm.Meta.widgets, **RIGHTS_WIDGETS}

    def clean_file(self) -> CleanedFile:
        return clean_document(self.cleaned_data["file"])
