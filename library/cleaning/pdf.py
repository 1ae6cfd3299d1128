"""A PDF keeps its pages: not who made it, when and where, nor what it runs or carries along."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pikepdf import Array, Dictionary, Name, Object, Stream

from library.cleaning.jpeg import strip_jpeg, strip_jpeg_2000

# Wherever they stand. Measures and points say where on Earth a map or a scan lies.
METADATA = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/CreatorInfo", "/OPI", "/LGIDict"),
    *("/Measure", "/PtData", "/AF", "/AA", "/Alternates"),
)
OF_THE_DOCUMENT = (
    *("/OpenAction", "/Collection", "/AcroForm", "/DSS", "/Legal", "/SpiderInfo", "/Threads"),
    *("/Requirements", "/Extensions"),
)
OF_A_PAGE = ("/Thumb", "/VP", "/B", "/ID", "/PZ")
NAME_TREES = ("/EmbeddedFiles", "/JavaScript", "/AlternatePresentations", "/Renditions", "/IDS")
# What a link may do: lead somewhere. The rest runs something or names the author's own files.
ACTIONS = ("/GoTo", "/URI", "/Named")
OF_A_LINK = ("/M", "/NM", "/T", "/CreationDate", "/Contents")
ENCODED_IMAGES = {"/DCTDecode": strip_jpeg, "/DCT": strip_jpeg, "/JPXDecode": strip_jpeg_2000}


def clean_pdf(content: bytes) -> bytes:
    """Raises: ValidationError, if it cannot be cleaned."""
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise _encrypted()
            if any(_is_signature(item) for thing in pdf.objects for item in _parts(thing)):
                raise ValidationError(
                    _("This PDF is signed, which cleaning would break: save a copy unsigned."),
                    code="signed_pdf",
                )
            return _cleaned(pdf)
    except pikepdf.PasswordError as error:
        raise _encrypted() from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValidationError(
            _("This file cannot be read as a PDF."), code="invalid_pdf"
        ) from error


def _encrypted() -> ValidationError:
    return ValidationError(
        _("This PDF is encrypted: save a copy without a password."), code="encrypted_pdf"
    )


def _cleaned(pdf: pikepdf.Pdf) -> bytes:
    if not len(pdf.pages):
        raise ValueError("no pages")
    # What forms and notes look like becomes a part of the page.
    pdf.generate_appearance_streams()
    pdf.flatten_annotations()
    _drop(pdf.Root, OF_THE_DOCUMENT)
    _drop(pdf.Root.get("/Names", Dictionary()), NAME_TREES)
    for page in pdf.pages:
        _drop(page.obj, OF_A_PAGE)
        _keep_links(page.obj)
    for thing in pdf.objects:
        for item in _parts(thing):
            _drop(item, METADATA)
            _drop_actions(item)
        if isinstance(thing, Stream):
            _clean_image(pdf, thing)
    for name in ("/Info", "/ID"):
        if name in pdf.trailer:
            del pdf.trailer[name]
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _parts(thing: Object) -> Iterator[Any]:
    """The dictionaries within an object; what it refers to is an object of its own."""
    if isinstance(thing, Array):
        children = list(thing)
    elif isinstance(thing, Dictionary | Stream):
        yield thing
        children = [child for _key, child in thing.items()]
    else:
        return
    for child in children:
        if isinstance(child, Array | Dictionary) and not child.is_indirect:
            yield from _parts(child)


def _is_signature(item: Object) -> bool:
    return "/ByteRange" in item or item.get("/Type") == Name.Sig


def _drop(item: Object, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in item:
            del item[key]


def _drop_actions(item: Object) -> None:
    if isinstance(item, Dictionary) and item.get("/S") in ACTIONS:
        _drop(item, ("/Next",))
    action = item.get("/A")
    if isinstance(action, Dictionary) and "/S" in action and action.S not in ACTIONS:
        del item["/A"]


def _keep_links(page: Object) -> None:
    """Notes, attachments, films and the like carry names and times, and go."""
    notes = page.get("/Annots")
    if notes is None:
        return
    links = [note for note in notes if note.get("/Subtype") == Name.Link]
    for link in links:
        _drop(link, OF_A_LINK)
    page["/Annots"] = Array(links)


def _clean_image(pdf: pikepdf.Pdf, stream: Object) -> None:
    filters, parameters = _listed(stream.get("/Filter")), _listed(stream.get("/DecodeParms"))
    if not filters or str(filters[-1]) not in ENCODED_IMAGES:
        return
    encoded = stream.read_raw_bytes()
    if len(filters) > 1:
        # Packed once more: unpacked by a stream of its own, since the image is not to be decoded.
        packed = Stream(pdf, encoded)
        packed.Filter = Array(filters[:-1])
        if parameters:
            packed.DecodeParms = Array(parameters[:-1])
        encoded = packed.read_bytes()
    image_filter = filters[-1]
    # The image's own parameters stand last.
    own = parameters[-1] if len(parameters) == len(filters) else None
    stream.write(ENCODED_IMAGES[str(image_filter)](encoded), filter=image_filter, decode_parms=own)


def _listed(value: Object | None) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, Array) else [value]
