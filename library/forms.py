"""The forms that upload say beside the file why it was refused."""

from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from library.cleaning import clean_document, clean_image
from library.files import CleanedFile


class ImageForm(BaseImageForm):
    def clean_file(self) -> CleanedFile:
        return clean_image(self.cleaned_data["file"])


class DocumentForm(BaseDocumentForm):
    def clean_file(self) -> CleanedFile:
        return clean_document(self.cleaned_data["file"])
