"""Every check that reads the code without running it for anybody."""

import base64
import os
import subprocess
import sys
import tomllib
from pathlib import Path

# Throw-away values: the check looks at the settings, nothing is served with them.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": base64.b64encode(os.urandom(48)).decode(),
    "FIELD_KEYS": "check:" + base64.urlsafe_b64encode(os.urandom(32)).decode(),
    "BASE_URL": "https://petitions.example",
    "ALLOWED_HOSTS": "petitions.example",
    "EMAIL_URL": "smtp://localhost:25",
    "MAIL_FROM": "Campaign <mail@petitions.example>",
}
PROJECT = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text())
ROOMS = PROJECT["tool"]["importlinter"]["root_packages"]
FOLDERS = [*ROOMS, "bench", "scripts", "tests"]


def main() -> None:
    manage = [sys.executable, "manage.py"]
    templates = [str(path) for path in sorted(Path("templates").rglob("*.html"))]
    checks = [
        (["ruff", "check", "."], {}),
        (["ruff", "format", "--check", "--quiet", "."], {}),
        (["mypy", *FOLDERS], {}),
        # Who may import whom, see docs/architecture.md.
        (["lint-imports", "--no-logo"], {"PYTHONPATH": "."}),
        (["djhtml", "--check", "--tabwidth", "2", *templates], {}),
        (["hadolint", "Dockerfile"], {}),
        ([sys.executable, "scripts/packages/declared.py"], {}),
        ([sys.executable, "scripts/packages/licenses.py", "--check"], {}),
        ([*manage, "makemessages", "--check"], {}),
        # Of the code alone: Django would compare it with a demo's database of an older layout.
        (
            [*manage, "makemigrations", "--check", "--dry-run"],
            {"DATABASE_URL": "sqlite:///:memory:"},
        ),
        # Since the last release, of which there is none so far.
        (
            [sys.executable, "scripts/migrations.py"],
            {"DJANGO_SETTINGS_MODULE": "cms.settings.test", "PYTHONPATH": "."},
        ),
        ([*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ]
    failed = []
    for command, environment in checks:
        print("$", " ".join(command[:4]), flush=True)
        if subprocess.call(command, env={**os.environ, **environment}):
            failed.append(" ".join(command[:3]))
    if failed:
        sys.exit("These checks failed: " + "; ".join(failed))


if __name__ == "__main__":
    main()
