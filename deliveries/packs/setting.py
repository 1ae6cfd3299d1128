"""Sets one document: reads what it says from standard input, writes a PDF to standard output.

A program of its own: what a document takes of memory is given back when it is done, and one that
grows beyond all measure ends alone.
"""

import json
import resource
import sys
from pathlib import Path

import typst

from library.glyphs import FAMILIES, FONTS

HERE = Path(__file__).parent
MOST_BYTES = 2 << 30


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    pack = json.load(sys.stdin.buffer) | {"families": FAMILIES}
    found = typst.compile(
        HERE / "pack.typ",
        root=HERE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format="pdf",
        # Readable with any help, and for as long as archives keep it.
        pdf_standards=["ua-1", "a-2a"],
        sys_inputs={"pack": json.dumps(pack)},
    )
    sys.stdout.buffer.write(found)


if __name__ == "__main__":
    main()
