"""Locks requirements/*.in into requirements/*.txt, with the hashes of every ready-made package.

The locks hold for Python 3.11 to 3.14 on Linux and macOS, and name no package index.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILE = [
    *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-config"),
    *("--universal", "--python-version", "3.11", "--no-python-downloads"),
    *("--generate-hashes", "--only-binary", ":all:"),
    *("--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
]


def compile_lock(name: str, *arguments: str) -> int:
    command = [*COMPILE, f"requirements/{name}.in", "-o", f"requirements/{name}.txt", *arguments]
    environment = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


def main(arguments: list[str]) -> int:
    return compile_lock("base", *arguments) or compile_lock(
        "test", *arguments, "--constraints", "requirements/base.txt"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
