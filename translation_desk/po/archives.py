"""ZIP files of PO files, for a whole campaign at once. Nothing is ever unpacked onto the disk."""

import stat
import zipfile
import zlib
from collections.abc import Iterable
from io import BytesIO
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from translation_desk.po.parsing import MAX_BYTES, UnreadableError

# As packed. PO files pack to a fifth.
MAX_ARCHIVE_BYTES = 5_000_000
# A campaign in a thousand cities has about three thousand.
MAX_FILES = 4_000
MAX_UNPACKED_BYTES = 20_000_000
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What zipfile meets in an archive that is cut short or made up.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    UnicodeError,
    ValueError,
    OSError,
)


def pack(files: Iterable[tuple[str, str]]) -> bytes:
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, text in files:
            zipped.writestr(name, text)
    return archive.getvalue()


def unpack(data: bytes) -> tuple[list[tuple[str, bytes]], list[str]]:
    """The PO files by name, and the names of what is none.

    Raises: UnreadableError.
    """
    if len(data) > MAX_ARCHIVE_BYTES:
        raise UnreadableError(
            _("The ZIP file is larger than %(number)s MB. Upload fewer files at a time.")
            % {"number": MAX_ARCHIVE_BYTES // 1_000_000}
        )
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _check(members)
            files = [(each.filename, _content(archive, each)) for each in members if _is_po(each)]
    except UnreadableError:
        raise
    except BROKEN:
        raise UnreadableError(_("The ZIP file is damaged. Pack and upload it again.")) from None
    if not files:
        raise UnreadableError(_("The ZIP file holds no PO file (their names end in .po)."))
    return files, [each.filename for each in members if not _is_po(each)]


def _is_po(member: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(member.filename)
    # macOS packs a file of its own, named `._…`, beside each.
    return path.suffix.lower() == ".po" and not path.name.startswith(".")


def _check(members: list[zipfile.ZipInfo]) -> None:
    """By what the archive says of its files, before any is read."""
    if len(members) > MAX_FILES:
        raise UnreadableError(
            _("The ZIP file holds more than %(number)s files. Upload fewer at a time.")
            % {"number": MAX_FILES}
        )
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise UnreadableError(_("The ZIP file holds two files of the same name. Pack it again."))
    for member in members:
        _check_member(member)
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise UnreadableError(
            _("Unpacked, the files have more than %(number)s MB. Upload fewer at a time.")
            % {"number": MAX_UNPACKED_BYTES // 1_000_000}
        )


def _check_member(member: zipfile.ZipInfo) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    reason = ""
    if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
        reason = _("it points outside the ZIP file")
    elif stat.S_ISLNK(member.external_attr >> 16):
        reason = _("it is a link to another file")
    elif member.flag_bits & ENCRYPTED:
        reason = _("it is protected by a password")
    elif path.suffix.lower() == ".zip":
        reason = _("it is a ZIP file itself")
    elif _is_po(member) and member.file_size > MAX_BYTES:
        reason = _("it is larger than %(number)s MB") % {"number": MAX_BYTES // 1_000_000}
    elif _is_po(member) and member.compress_type not in METHODS:
        reason = _("it is packed in an unusual way")
    if reason:
        raise UnreadableError(
            _("“%(name)s” in the ZIP file is not taken: %(reason)s. Pack it again without it.")
            % {"name": member.filename[:100], "reason": reason}
        )


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    # Never more than it said, whatever is packed.
    with archive.open(member) as file:
        return file.read(MAX_BYTES + 1)
