import base64
import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tooling.dockerfile import Builder, instructions, is_ignored

ROOT = Path(__file__).resolve().parent.parent.parent
INPUTS = """
    Dockerfile .dockerignore requirements/base.txt requirements/test.txt tests/tooling/dockerfile.py
    manage.py scripts/healthcheck.py cms/**/*.py jobs/**/*.py security/**/*.py
    */apps.py */migrations/*.py translations/management/commands/*.py locale/**/*.po */static/**/*
"""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    builder = Builder(ROOT, tmp_path_factory.mktemp("image") / "root")
    builder.build()
    return builder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(image: Builder) -> dict[str, str]:
    """What an operator gives; only the database is a file here, and the server stays on loopback."""
    return image.start_environment(
        SECRET_KEY=secrets.token_hex(32),
        FIELD_KEYS="first:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        BASE_URL="https://petitions.example",
        ALLOWED_HOSTS="petitions.example",
        EMAIL_URL="smtp+tls://mail.petitions.example:587",
        MAIL_FROM="Campaign <campaign@petitions.example>",
        DATABASE_URL=f"sqlite:///{image.root}/srv/pidpys/var/site.sqlite3",
        HOST="127.0.0.1",
        PORT=str(free_port()),
    )


def run(image: Builder, command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(
        image.arguments(command), cwd=image.working_folder(), env=environment, check=True
    )


def is_alive(image: Builder, environment: dict[str, str]) -> bool:
    checked = subprocess.run(
        image.arguments(image.check),
        cwd=image.working_folder(),
        env=environment,
        capture_output=True,
    )
    return checked.returncode == 0


@pytest.fixture
def server(image: Builder) -> Iterator[tuple[Builder, dict[str, str]]]:
    environment = settings(image)
    run(image, ["python", "manage.py", "migrate", "--no-input", "--verbosity", "0"], environment)
    web = subprocess.Popen(
        image.arguments(image.command), cwd=image.working_folder(), env=environment
    )
    deadline = time.monotonic() + 60
    while not is_alive(image, environment):
        assert web.poll() is None, "the server ended by itself"
        assert time.monotonic() < deadline, "the server does not answer"
        time.sleep(0.5)
    yield image, environment
    web.terminate()
    assert web.wait(20) == 0


def ask(environment: dict[str, str], path: str) -> tuple[int, str]:
    address = f"http://127.0.0.1:{environment['PORT']}{path}"
    headers = {"Host": "petitions.example", "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_image_serves_a_site_and_works_its_jobs(server: tuple[Builder, dict[str, str]]) -> None:
    image, environment = server
    status, said = ask(environment, "/readyz")
    assert (status, said.splitlines()[0]) == (200, "ready")
    assert "worker: never seen" in said
    run(image, ["python", "manage.py", "worker", "--once"], environment)


def test_image_carries_static_files_and_messages(image: Builder) -> None:
    code = Path(image.here("/srv/pidpys"))
    assert (code / "var/static/staticfiles.json").stat().st_size > 1000
    assert (code / "locale/uk/LC_MESSAGES/django.mo").stat().st_size > 1000


def test_image_holds_neither_tests_nor_secrets_nor_history(image: Builder) -> None:
    code = Path(image.here("/srv/pidpys"))
    assert {"manage.py", "cms", "templates"} <= set(os.listdir(code))
    assert not {".git", ".env", ".venv", "tests", "bench", "docs"} & set(os.listdir(code))


def test_a_missing_setting_stops_the_server_with_one_sentence(image: Builder) -> None:
    environment = settings(image)
    del environment["FIELD_KEYS"]
    stopped = subprocess.run(
        image.arguments(image.command),
        cwd=image.working_folder(),
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert stopped.returncode != 0
    assert stopped.stderr.startswith("FIELD_KEYS is not set")
    assert "Traceback" not in stopped.stderr


def test_image_runs_as_a_numbered_user_that_is_not_root(image: Builder) -> None:
    user, group = image.user.split(":")
    assert int(user) > 0
    assert int(group) > 0


def test_base_images_are_pinned_to_a_release() -> None:
    bases = [
        text for name, text in instructions((ROOT / "Dockerfile").read_text()) if name == "FROM"
    ]
    assert len(bases) > 1
    for base in bases:
        assert base.split()[0].partition(":")[2] not in ("", "latest")


def test_ignored_paths_are_the_ones_of_the_pattern() -> None:
    patterns = [".*", "**/*.mo", "requirements/test.*", "var"]
    assert is_ignored(".git", patterns)
    assert is_ignored("locale/uk/LC_MESSAGES/django.mo", patterns)
    assert is_ignored("requirements/test.txt", patterns)
    assert not is_ignored("requirements/base.txt", patterns)
    assert not is_ignored("cms/variables.py", patterns)
