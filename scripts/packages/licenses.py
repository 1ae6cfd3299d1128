"""Writes THIRD-PARTY.md: whose work the site runs on, and under which license.

Usage: licenses.py [--check]. With --check it only says whether the file is current.
"""

import sys
from collections.abc import Iterator
from importlib.metadata import PackageMetadata
from pathlib import Path

from scripts.packages.locks import installed, locked

TARGET = Path(__file__).resolve().parent.parent.parent / "THIRD-PARTY.md"
# The SPDX identifiers of what packages say in words of their own. All that say "BSD" and no more
# were looked at: the text is that of three clauses.
SPDX = {
    "Apache License 2.0": "Apache-2.0",
    "Apache-2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD-3-Clause": "BSD-3-Clause",
    "MIT": "MIT",
    "MIT License": "MIT",
    "MPL-2.0": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Unlicense": "Unlicense",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
}
# Where the metadata is silent, ambiguous or not about what is installed; read in their own files.
READ = {
    # Only for some platforms or versions of Python, so that it may not be at hand.
    "async-timeout": "Apache-2.0",
    "colorama": "BSD-3-Clause",
    "tzdata": "Apache-2.0",
    # The license of the wheels, which hold libheif, libde265 and x265.
    "pillow-heif": "BSD-3-Clause AND LGPL-3.0-or-later AND GPL-2.0-or-later",
    "psycopg2-binary": "LGPL-3.0-or-later",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
}
HEAD = """\
# Whose work this is

Pidpys itself is under the [BSD-3-Clause license](LICENSE). What it runs on is listed below, with
the license as an [SPDX expression](https://spdx.org/licenses/). All of it is in the image that the
`Dockerfile` makes, but for what other platforms or versions of Python need. What only tests, lints
or locks the code is in no image and not listed. `make licenses` writes this page from the lock and
the packages' own metadata, and `make lint` fails when it is no longer true.

## What asks for care

**pillow-heif is under the GPL in the form in which it is installed.** Its source is BSD-3-Clause,
but its wheels hold libheif and libde265 (LGPL) and x265 (GPL, version 2 or later), and say of
themselves that they are under the GPL. Wagtail requires it, by `Willow[heif]`, so it **is in the
image**. Pidpys does not use it: uploads in HEIC are refused, and AVIF is read by Pillow. What that
means:

- Running a site is not handing on a program, so the GPL asks nothing of whoever runs one.
- Pidpys' own code stays under its own license, in which the GPL has no part.
- Whoever hands on an *image*, to a registry or a client, hands on these libraries too, and has to
  pass on their license texts and offer their source as the GPL says. This project publishes no
  image. To make one without them, add `pip uninstall --yes pillow-heif` after the installation in
  the `Dockerfile`: Willow does without it, and only HEIC can then not be read.

**psycopg2-binary** is under the LGPL, with an exception for OpenSSL. It is installed unchanged and
can be replaced by another build of psycopg2, which is what the LGPL asks for.

**certifi, pikepdf and publicsuffixlist** are under the MPL, which asks that changes to their own
files be published. None were made.

**Noto Sans**, in which cards and packs are set, is under the SIL Open Font License.
`library/fonts/` holds its fonts, the Latin ones cut down to three scripts, beside the license's
text.

## All packages

| Package | Version | License |
| :-- | :-- | :-- |
"""


class UnknownLicenseError(Exception):
    """A package says its license in words that nobody has looked at yet."""


def license_of(name: str) -> str:
    """The SPDX expression. Raises: UnknownLicenseError."""
    if name in READ:
        return READ[name]
    found = installed(name)
    for said in statements(found.metadata) if found else ():
        if said in SPDX:
            return SPDX[said]
    expression = found and found.metadata["License-Expression"]
    if not expression:
        raise UnknownLicenseError(
            f"Nobody has said yet which license {name} is under: read its own files, then add it "
            "to READ in scripts/packages/licenses.py, and the words that its metadata uses to SPDX."
        )
    return str(expression)


def statements(metadata: PackageMetadata) -> Iterator[str]:
    """What the metadata says of the license in its older fields, the more exact first."""
    if "License-Expression" not in metadata:
        yield from metadata.get_all("License") or []
        yield from metadata.get_all("Classifier") or []


def page() -> str:
    versions: dict[str, list[str]] = {}
    for package in locked("base"):
        versions.setdefault(package.name, []).append(package.version)
    return HEAD + "".join(
        f"| {name} | {', '.join(found)} | {license_of(name)} |\n"
        for name, found in versions.items()
    )


def main() -> None:
    try:
        text = page()
    except UnknownLicenseError as error:
        sys.exit(str(error))
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text)
    elif not TARGET.exists() or TARGET.read_text() != text:
        sys.exit("THIRD-PARTY.md is not what the lock says now: run make licenses.")


if __name__ == "__main__":
    main()
