"""Locks the requirements anew, with hashes for every platform and without an index address."""

import subprocess
import sys


def main() -> None:
    for kind in ("base", "test"):
        subprocess.check_call(
            [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--upgrade"]
            + ["--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
            + ["--no-header", "--no-annotate", f"requirements/{kind}.in"]
            + ["--output-file", f"requirements/{kind}.txt"]
        )


if __name__ == "__main__":
    main()
