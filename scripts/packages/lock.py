"""Locks the requirements anew, with the hashes of every ready-made package.

The locks hold for Python 3.11 to 3.14 on Linux and macOS, and name no package index.
"""

import os
import subprocess
import sys

COMPILE = [
    *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-config", "--upgrade"),
    *("--universal", "--python-version", "3.11", "--no-python-downloads"),
    *("--generate-hashes", "--only-binary", ":all:"),
    *("--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
]


def lock(kind: str, *options: str) -> None:
    files = [f"requirements/{kind}.in", "--output-file", f"requirements/{kind}.txt"]
    # What the head of the lock tells the reader to run.
    environment = {**os.environ, "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    if subprocess.run([*COMPILE, *files, *options], env=environment).returncode:
        sys.exit(f"requirements/{kind}.in could not be locked; the reason stands above.")


def main() -> None:
    lock("base")
    lock("test", "--constraints", "requirements/base.txt")


if __name__ == "__main__":
    main()
