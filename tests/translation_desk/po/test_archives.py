"""ZIP files of PO files: what is in them is told, and nothing hostile is unpacked."""

import pytest

from tests.translation_desk.po.hostile_archives import HOSTILE, PO, zipped
from translation_desk.po.archives import unpack
from translation_desk.po.parsing import UnreadableError


@pytest.mark.parametrize(("data", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_zip_file_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        unpack(data)


def test_a_zip_file_that_understates_a_size_gives_no_more_than_it_said() -> None:
    data = bytearray(zipped(("a.po", b" " * 3_000_000)))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (900_000).to_bytes(4, "little")
    with pytest.raises(UnreadableError, match="damaged"):
        unpack(bytes(data))


def test_a_name_twice_is_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.po", PO), ("a.po", PO))
    with pytest.raises(UnreadableError, match="same name"):
        unpack(data)


def test_what_other_programs_add_to_a_zip_file_is_left_out() -> None:
    data = zipped(("uk/", b""), ("uk/a.po", PO), ("uk/a.mo", b"\0"), ("__MACOSX/uk/._a.po", b"\0"))
    files, others = unpack(data)
    assert files == [("uk/a.po", PO)]
    assert others == ["uk/a.mo", "__MACOSX/uk/._a.po"]
