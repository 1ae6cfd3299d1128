"""Whose packages the site runs on: declared, locked, and each under a known license."""

import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

from scripts.packages import audit, declared, licenses, sbom
from scripts.packages.locks import asked_for, installed, locked

ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_lock_is_read_whole() -> None:
    for kind in ("base", "test"):
        lines = (ROOT / "requirements" / f"{kind}.txt").read_text().splitlines()
        packages = locked(kind)
        assert len(packages) == sum("==" in line for line in lines)
        assert sum(len(each.hashes) for each in packages) == sum("--hash" in line for line in lines)


def test_no_requirement_names_one_version() -> None:
    """The lock pins. A range says what is meant to work, which a robot that updates asks."""
    for kind in ("base", "test"):
        for wanted in asked_for(kind):
            operators = {each.operator for each in wanted.specifier}
            assert ">=" in operators, f"{wanted} has no lower end"
            assert "==" not in operators, f"{wanted} is for the lock to say"


def test_the_code_imports_only_what_is_declared_and_the_locks_keep_to_it() -> None:
    assert not list(declared.undeclared(declared.code()))
    assert not list(declared.disallowed())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository whose site asks for Django, and whose tests ask for pytest too."""
    for folder in ("requirements", "shop", "tests"):
        (tmp_path / folder).mkdir()
    (tmp_path / "requirements" / "base.in").write_text("Django>=5,<6  # the site\n")
    (tmp_path / "requirements" / "test.in").write_text("-r base.in\npytest>=9\n")
    return tmp_path


def complaints(project: Path, name: str, source: str) -> list[str]:
    file = project / name
    file.write_text(source)
    return list(declared.undeclared([file], project))


@pytest.mark.parametrize(
    "source",
    [
        "import yaml",
        "import yaml.nodes as nodes",
        "from yaml import load",
        "def late():\n    from yaml.nodes import Node",
        "if TYPE_CHECKING:\n    import yaml",
        "try:\n    import yaml\nexcept ImportError:\n    yaml = None",
    ],
)
def test_what_is_imported_anywhere_has_to_be_declared(project: Path, source: str) -> None:
    (line,) = complaints(project, "shop/models.py", source)
    assert line == "shop/models.py imports yaml: add pyyaml to requirements/base.in."


def test_what_the_tests_ask_for_is_not_the_sites(project: Path) -> None:
    source = "import pytest, django.conf"
    assert not complaints(project, "tests/test_shop.py", source)
    (line,) = complaints(project, "shop/models.py", source)
    assert "imports pytest" in line


def test_our_own_folders_neighbors_and_python_itself_are_no_packages(project: Path) -> None:
    (project / "tests" / "machine.py").write_text("")
    source = "import json, shop.models, machine\nfrom . import views\nfrom .models import Item"
    assert not complaints(project, "tests/test_shop.py", source)


@pytest.mark.parametrize(
    ("pinned", "fits"), [("5.2.1", True), ("6.0", False), ("4.2", False), (None, False)]
)
def test_a_lock_out_of_range_is_told(project: Path, pinned: str | None, fits: bool) -> None:
    line = f"django=={pinned} \\\n    --hash=sha256:{'0' * 64}\n" if pinned else ""
    (project / "requirements" / "base.txt").write_text(line)
    (project / "requirements" / "test.txt").write_text(line + "pytest==9.0\n")
    told = list(declared.disallowed(project / "requirements"))
    assert bool(told) is not fits
    assert all("Django" in each for each in told)


def test_the_page_of_licenses_is_current() -> None:
    assert licenses.TARGET.read_text() == licenses.page()


def test_every_package_of_the_lock_stands_on_it_once() -> None:
    rows = re.findall(r"^\| ([a-z0-9-]+) \| ([^|]+) \| ([^|]+) \|$", licenses.page(), re.M)
    listed = {(name, version) for name, versions, _ in rows for version in versions.split(", ")}
    assert listed == {(each.name, each.version) for each in locked("base")}


def test_a_license_in_unknown_words_is_no_license(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licenses, "SPDX", {})
    with pytest.raises(licenses.UnknownLicenseError, match="read its own files"):
        licenses.license_of("sqlparse")
    with pytest.raises(licenses.UnknownLicenseError):
        licenses.license_of("a-package-that-nobody-has")


def test_what_a_wheel_says_of_itself_stands_where_its_metadata_is_silent() -> None:
    """The metadata of pillow-heif names the license of its source alone."""
    heif = installed("pillow-heif")
    assert heif
    (bundled,) = [path for path in heif.files or [] if path.name == "LICENSES_bundled.txt"]
    assert "GPLv2" in bundled.read_text()
    assert "GPL-2.0-or-later" in licenses.license_of("pillow-heif")
    assert heif.metadata["License"] == "BSD-3-Clause"


def test_the_bill_of_materials_holds_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        monkeypatch.setattr(sys, "argv", ["sbom.py", str(file)])
        sbom.main()
    assert files[0].read_bytes() == files[1].read_bytes()
    bill = json.loads(files[0].read_text())
    found = {
        (each["name"], each["version"], tuple(each["externalReferences"][0]["hashes"][0].values()))
        for each in bill["components"]
    }
    assert found == {
        (each.name, each.version, ("SHA-256", each.hashes[0])) for each in locked("base")
    }
    refs = [each["bom-ref"] for each in bill["components"]]
    assert len(refs) == len(set(refs))
    assert bill["dependencies"][0]["dependsOn"] == refs


def test_the_project_says_its_own_license() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "BSD-3-Clause"
    for name in project["license-files"]:
        assert (ROOT / name).read_text().startswith("BSD 3-Clause License")


def test_an_audit_asks_about_every_lock_and_passes_over_nothing() -> None:
    command = audit.command(audit.LOCKS)
    assert "--strict" in command
    assert {ROOT / name for name in command if name.endswith(".txt")} == {
        *(ROOT / "requirements").glob("*.txt")
    }
