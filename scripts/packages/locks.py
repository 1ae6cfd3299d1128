"""Reads what `make lock` writes: the packages of a lock, and what their own files say of them."""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).resolve().parent.parent.parent / "requirements"
PINNED = re.compile(
    r"^(?P<requirement>[a-z0-9][^\\\n]*==[^\\\n]*?) ?\\?\n(?P<hashes>(?: +--.*\n?)*)", re.M
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Package:
    """One line of a lock. A package has several where platforms need different versions."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        return next(iter(self.requirement.specifier)).version


def locked(kind: str, folder: Path = FOLDER) -> list[Package]:
    """The lock of the site (`base`), or of the site with its tools (`test`)."""
    text = (folder / f"{kind}.txt").read_text()
    return [
        Package(Requirement(found["requirement"]), tuple(HASH.findall(found["hashes"])))
        for found in PINNED.finditer(text)
    ]


def asked_for(kind: str, folder: Path = FOLDER) -> Iterator[Requirement]:
    """What a `.in` file asks for, those that it includes among it."""
    for line in (folder / f"{kind}.in").read_text().splitlines():
        text = line.partition("#")[0].strip()
        if text.startswith("-r "):
            yield from asked_for(text.removeprefix("-r ").removesuffix(".in"), folder)
        elif text:
            yield Requirement(text)


@functools.cache
def installed(name: str) -> Distribution | None:
    """None for a package that this platform needs not."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None
