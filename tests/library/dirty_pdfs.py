"""PDFs with a secret in everything but their pages, one for each kind of it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from tests.library.dirty_pictures import BYTES, KINDS, SECRET, XMP, drawing, encoded

Change = Callable[[Pdf], object]
TEXT = b"BT /F1 24 Tf 20 60 Td (Seen by everybody) Tj ET"


def pdf(*changes: Change, **options: Any) -> bytes:
    """A page with a text and a link, changed."""
    document = Pdf.new()
    page = document.add_blank_page(page_size=(300, 100))
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(font)))
    page.obj.Contents = Stream(document, TEXT)
    annotate(
        document, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String("https://example.org"))
    )
    for change in changes:
        change(document)
    out = BytesIO()
    document.save(out, fix_metadata_version=False, **options)
    return out.getvalue()


def annotate(document: Pdf, **fields: Any) -> None:
    page = document.pages[0].obj
    note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 20, 20]), **fields)
    if "/Annots" not in page:
        page.Annots = Array()
    page.Annots.append(document.make_indirect(note))


def image(document: Pdf, content: bytes, **fields: Any) -> None:
    stream = Stream(document, content)
    wanted = {
        "Type": Name.XObject,
        "Subtype": Name.Image,
        "Width": 64,
        "Height": 40,
        "ColorSpace": Name.DeviceRGB,
        "BitsPerComponent": 8,
        **fields,
    }
    for key, value in wanted.items():
        stream["/" + key] = value
    document.pages[0].obj.Resources.XObject = Dictionary(Im0=stream)


def packed_image(document: Pdf) -> None:
    packed = Stream(document, KINDS["JPEG"]["comment"]())
    # In two layers: JPEG within hexadecimal digits.
    digits = packed.read_raw_bytes().hex().encode() + b">"
    image(document, digits, Filter=Array([Name.ASCIIHexDecode, Name.DCTDecode]))


def attached(document: Pdf) -> None:
    document.attachments[SECRET] = pikepdf.AttachedFileSpec(document, BYTES, filename=SECRET)


def script(document: Pdf) -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String(SECRET))


def on_opening(document: Pdf) -> None:
    document.Root.OpenAction = script(document)


def set_in(place: Callable[[Pdf], Any], **fields: Any) -> Change:
    def change(document: Pdf) -> None:
        for key, value in fields.items():
            place(document)["/" + key] = value

    return change


def root(document: Pdf) -> Object:
    return document.Root


def page(document: Pdf) -> Object:
    return document.pages[0].obj


def field(document: Pdf) -> None:
    """A form with a filled-in field, which shows on the page."""
    look = Stream(document, b"q Q")
    look.Type, look.Subtype, look.BBox = Name.XObject, Name.Form, Array([0, 0, 20, 20])
    annotate(
        document,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String(SECRET),
        V=String(SECRET),
        F=4,
        AP=Dictionary(N=look),
    )
    document.Root.AcroForm = Dictionary(Fields=Array([page(document).Annots[-1]]))


def jpeg_2000(*boxes: bytes) -> bytes:
    content = encoded(drawing(), "JPEG2000")
    start = content.index(b"jp2c") - 4
    return content[:start] + b"".join(boxes) + content[start:]


def box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4) + kind + body


def jp2_image(*boxes: bytes) -> Change:
    return lambda document: image(document, jpeg_2000(*boxes), Filter=Name.JPXDecode)


def commented_codestream(document: Pdf) -> None:
    content = encoded(drawing(), "JPEG2000", no_jp2=True, comment=BYTES)
    image(document, content, Filter=Name.JPXDecode)


KINDS_OF_PDF: dict[str, Callable[[], bytes]] = {
    "author": lambda: pdf(set_in(lambda document: document.docinfo, Author=String(SECRET))),
    "producer": lambda: pdf(set_in(lambda document: document.docinfo, Producer=String(SECRET))),
    "own fields": lambda: pdf(set_in(lambda document: document.docinfo, Camera=String(SECRET))),
    "xmp": lambda: pdf(lambda it: set_in(root, Metadata=Stream(it, XMP))(it)),
    "xmp of a page": lambda: pdf(lambda it: set_in(page, Metadata=Stream(it, XMP))(it)),
    "attached file": lambda: pdf(attached),
    "script on opening": lambda: pdf(on_opening),
    "script on a page": lambda: pdf(lambda it: set_in(page, AA=Dictionary(O=script(it)))(it)),
    "script of a link": lambda: pdf(lambda it: annotate(it, Subtype=Name.Link, A=script(it))),
    "script after a link": lambda: pdf(
        lambda it: annotate(
            it,
            Subtype=Name.Link,
            A=Dictionary(S=Name.URI, URI=String("https://example.org"), Next=script(it)),
        )
    ),
    "named script": lambda: pdf(
        lambda it: set_in(
            root, Names=Dictionary(JavaScript=Dictionary(Names=Array([String("x"), script(it)])))
        )(it)
    ),
    "own file": lambda: pdf(
        lambda it: annotate(it, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String(SECRET)))
    ),
    "note": lambda: pdf(
        lambda it: annotate(it, Subtype=Name.Text, T=String(SECRET), Contents=String("A note"))
    ),
    "author of a link": lambda: pdf(
        lambda it: annotate(it, Subtype=Name.Link, T=String(SECRET), NM=String(SECRET))
    ),
    "form": lambda: pdf(field),
    "thumbnail": lambda: pdf(lambda it: set_in(page, Thumb=Stream(it, BYTES))(it)),
    "private data": lambda: pdf(
        set_in(page, PieceInfo=Dictionary(App=Dictionary(Private=String(SECRET))))
    ),
    "position": lambda: pdf(
        set_in(page, VP=Array([Dictionary(Measure=Dictionary(Subtype=Name.GEO, X=String(SECRET)))]))
    ),
    "article": lambda: pdf(
        set_in(root, Threads=Array([Dictionary(I=Dictionary(Author=String(SECRET)))]))
    ),
    "portfolio": lambda: pdf(set_in(root, Collection=Dictionary(D=String(SECRET)))),
    "earlier version": lambda: pdf(lambda it: it.make_indirect(String(SECRET))) + BYTES,
    "photograph": lambda: pdf(
        lambda it: image(it, KINDS["JPEG"]["position"](), Filter=Name.DCTDecode)
    ),
    "photograph's comment": lambda: pdf(
        lambda it: image(it, KINDS["JPEG"]["comment"](), Filter=Array([Name.DCTDecode]))
    ),
    "photograph's thumbnail": lambda: pdf(
        lambda it: image(it, KINDS["JPEG"]["thumbnail"](), Filter=Name.DCTDecode)
    ),
    "photograph's film": lambda: pdf(
        lambda it: image(it, KINDS["JPEG"]["film"](), Filter=Name.DCTDecode)
    ),
    "packed photograph": lambda: pdf(packed_image),
    "jpeg 2000 xml": lambda: pdf(jp2_image(box(b"xml ", XMP))),
    "jpeg 2000 uuid": lambda: pdf(jp2_image(box(b"uuid", b"\0" * 16 + BYTES))),
    "jpeg 2000 comment": lambda: pdf(commented_codestream),
}


def reveals(content: bytes) -> bool:
    """Whether the secret is in the file, or in anything packed within it."""
    if BYTES in content:
        return True
    with pikepdf.open(BytesIO(content)) as document:
        return any(BYTES in _everything(thing) for thing in document.objects)


def _everything(thing: object) -> bytes:
    if not isinstance(thing, Stream):
        return bytes(thing.unparse(resolved=True)) if hasattr(thing, "unparse") else b""
    try:
        content = thing.read_bytes()
    except pikepdf.PdfError:
        # A photograph, perhaps in hexadecimal digits.
        content = thing.read_raw_bytes()
        if content.endswith(b">"):
            content = bytes.fromhex(content[:-1].decode())
    return bytes(thing.unparse(resolved=True)) + content
