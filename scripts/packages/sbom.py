"""Writes the site's software bill of materials: what the lock installs, as CycloneDX 1.6 in JSON.

Usage: sbom.py [FILE], by default var/sbom.json. From the lock alone, so that the same lock gives
the same file, whatever machine it is made on.
"""

import json
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

from scripts.packages.licenses import license_of
from scripts.packages.locks import Package, locked

ROOT = Path(__file__).resolve().parent.parent.parent
TARGET = ROOT / "var" / "sbom.json"
FORMAT = "http://cyclonedx.org/schema/bom-1.6.schema.json"


def component(package: Package) -> dict[str, Any]:
    """The hashes are those of all files that the lock allows: one for each platform."""
    address = f"pkg:pypi/{package.name}@{package.version}"
    marker = package.requirement.marker
    return {
        "type": "library",
        "bom-ref": address,
        "name": package.name,
        "version": package.version,
        "purl": address,
        "licenses": [{"expression": license_of(package.name)}],
        "externalReferences": [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{package.name}/{package.version}/",
                "hashes": [{"alg": "SHA-256", "content": each} for each in package.hashes],
            }
        ],
        **({"properties": [{"name": "marker", "value": str(marker)}]} if marker else {}),
    }


def bill() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    components = [component(package) for package in locked("base")]
    return {
        "$schema": FORMAT,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(components))}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": project["name"], "dependsOn": [each["bom-ref"] for each in components]}
        ],
    }


def main() -> None:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill(), indent=2) + "\n")
    print(f"The bill of materials is in {target}.")


if __name__ == "__main__":
    main()
