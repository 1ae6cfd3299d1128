"""Pictures with a secret in everything but their pixels, one for each format and kind of it."""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

SECRET = "canary-50.5423N-30.2180E"
BYTES = SECRET.encode()
SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "GIF": "gif"}
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>{SECRET}</dc:creator></x:xmpmeta>".encode()
SIZE = (64, 40)


def drawing(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Its left upper corner is red, so that one sees how it is turned."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill="red")
    pen.rectangle((size[0] // 2, size[1] // 2, size[0], size[1]), fill="blue")
    return image.convert(mode)


def encoded(image: Image.Image, image_format: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, image_format, **options)
    return out.getvalue()


def color_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif(tag: ExifTags.Base = ExifTags.Base.Artist, orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[ExifTags.Base.Orientation] = orientation
    data[tag] = SECRET
    return data


def position() -> Image.Exif:
    data = Image.Exif()
    data[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLatitude: (50.0, 32.0, 32.0),
        ExifTags.GPS.GPSLongitudeRef: "E",
        ExifTags.GPS.GPSLongitude: (30.0, 13.0, 5.0),
        ExifTags.GPS.GPSAreaInformation: BYTES,
    }
    return data


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def chunk(kind: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def into_jpeg(*segments: bytes) -> bytes:
    plain = encoded(drawing(), "JPEG")
    return plain[:2] + b"".join(segments) + plain[2:]


def into_png(*chunks: bytes) -> bytes:
    plain = encoded(drawing(), "PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


def into_gif(*blocks: bytes) -> bytes:
    plain = encoded(drawing("P"), "GIF")
    start = 13 + 3 * 2 ** ((plain[10] & 7) + 1)
    return plain[:start] + b"".join(blocks) + plain[start:]


def into_riff(content: bytes, kind: bytes, body: bytes) -> bytes:
    content += kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return content[:4] + struct.pack("<I", len(content) - 8) + content[8:]


def parts(body: bytes) -> bytes:
    return bytes([len(body)]) + body + b"\0"


def two_in_one() -> bytes:
    """A photograph with a second one behind it, as phones make them."""
    options = {"save_all": True, "append_images": [drawing()], "exif": exif(), "comment": BYTES}
    return encoded(drawing(), "MPO", **options)


def in_exif(image_format: str) -> dict[str, Callable[[], bytes]]:
    image = drawing("P" if image_format == "GIF" else "RGB")
    tags = {
        "camera": ExifTags.Base.Model,
        "author": ExifTags.Base.Artist,
        "copyright": ExifTags.Base.Copyright,
        "software": ExifTags.Base.Software,
        "time": ExifTags.Base.DateTime,
        "description": ExifTags.Base.ImageDescription,
    }
    kinds: dict[str, Callable[[], bytes]] = {
        kind: lambda tag=tag: encoded(image, image_format, exif=exif(tag))  # type: ignore[misc]
        for kind, tag in tags.items()
    }
    return {
        **kinds,
        "position": lambda: encoded(image, image_format, exif=position()),
        "trailing": lambda: encoded(image, image_format) + BYTES,
    }


JPEG = {
    **in_exif("JPEG"),
    "xmp": lambda: encoded(drawing(), "JPEG", xmp=XMP),
    "long xmp": lambda: into_jpeg(segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + BYTES)),
    "iptc": lambda: into_jpeg(
        segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x20\x1c\x02\x50\0\x18" + BYTES)
    ),
    "comment": lambda: encoded(drawing(), "JPEG", comment=BYTES),
    "thumbnail": lambda: into_jpeg(
        segment(0xE0, b"JFXX\0\x10" + encoded(drawing(size=(8, 8)), "JPEG", comment=BYTES))
    ),
    "second picture": two_in_one,
    "film": lambda: encoded(drawing(), "JPEG") + b"\0\0\0\x18ftypmp42" + BYTES,
    "unknown segment": lambda: into_jpeg(segment(0xEB, BYTES)),
    "false profile": lambda: into_jpeg(segment(0xE2, b"FPXR\0" + BYTES)),
}


def png_text(**options: Any) -> bytes:
    info = PngInfo()
    info.add_text("Author", SECRET, **options)
    return encoded(drawing(), "PNG", pnginfo=info)


def png_itxt() -> bytes:
    info = PngInfo()
    info.add_itxt("Comment", SECRET, zip=True)
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return encoded(drawing(), "PNG", pnginfo=info)


PNG = {
    **in_exif("PNG"),
    "tEXt": png_text,
    "zTXt": lambda: png_text(zip=True),
    "iTXt": png_itxt,
    "tIME": lambda: into_png(chunk(b"tIME", struct.pack(">HBBBBB", 2026, 5, 4, 3, 2, 1))),
    "unknown chunk": lambda: into_png(chunk(b"prIv", BYTES)),
}
WEBP = {
    **in_exif("WEBP"),
    "xmp": lambda: encoded(drawing(), "WEBP", xmp=XMP),
    "unknown chunk": lambda: into_riff(
        encoded(drawing(), "WEBP", icc_profile=color_profile()), b"prIv", BYTES
    ),
}
AVIF = {
    **in_exif("AVIF"),
    "xmp": lambda: encoded(drawing(), "AVIF", xmp=XMP),
    "unknown box": lambda: (
        encoded(drawing(), "AVIF") + struct.pack(">I", 8 + len(BYTES)) + b"free" + BYTES
    ),
}
GIF = {
    "comment": lambda: encoded(drawing("P"), "GIF", comment=BYTES),
    "xmp": lambda: into_gif(b"\x21\xff\x0bXMP DataXMP" + parts(BYTES)),
    "application": lambda: into_gif(b"\x21\xff\x0bCANARY  1.0" + parts(BYTES)),
    "within the loop": lambda: into_gif(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0" + parts(BYTES)),
    "within the times": lambda: into_gif(b"\x21\xf9\x04\0\0\0\0" + parts(BYTES)),
    "plain text": lambda: into_gif(b"\x21\x01\x0c" + b"\0" * 12 + parts(BYTES)),
    "unknown extension": lambda: into_gif(b"\x21\x55" + parts(BYTES)),
    "trailing": lambda: encoded(drawing("P"), "GIF") + BYTES,
}
KINDS = {"JPEG": JPEG, "PNG": PNG, "WEBP": WEBP, "AVIF": AVIF, "GIF": GIF}
CASES = [(image_format, kind) for image_format, kinds in KINDS.items() for kind in kinds]


def dirty(image_format: str, kind: str) -> bytes:
    return KINDS[image_format][kind]()


def name(image_format: str) -> str:
    """As a camera or its owner names a file, which tells something too."""
    return f"{SECRET}.{SUFFIXES[image_format]}"


def reveals(content: bytes) -> bool:
    """Whether the secret, or a time, can be read from the bytes, packed ones too."""
    return any(BYTES in piece or b"tIME" in piece for piece in [content, *unpacked(content)])


def unpacked(content: bytes) -> Iterator[bytes]:
    """What is packed in chunks of a PNG."""
    position = 8
    while content.startswith(b"\x89PNG") and position < len(content):
        (length,) = struct.unpack_from(">I", content, position)
        body = content[position + 8 : position + 8 + length]
        if content[position + 4 : position + 8] in (b"zTXt", b"iTXt"):
            for start in re.finditer(b"\x78", body):
                with suppress(zlib.error):
                    yield zlib.decompressobj().decompress(body[start.start() :])
        position += 12 + length
