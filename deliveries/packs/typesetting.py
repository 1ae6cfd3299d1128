"""Has a document set by a program beside this one."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECONDS = 120


class UnsettableError(Exception):
    """A document could not be set."""


def typeset(document: Mapping[str, Any]) -> bytes:
    """A PDF.

    Raises: UnsettableError.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "deliveries.packs.setting"],
            input=json.dumps(document).encode(),
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        # Its words may quote what stands in the document.
        raise UnsettableError(type(error).__name__) from None
    return done.stdout
