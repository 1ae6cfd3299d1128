"""The demo as a newcomer starts it, on a database of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def command(port: int | str) -> list[str]:
    return [sys.executable, "scripts/run.py", "--port", str(port)]


def refusal(port: int | str) -> str:
    done = subprocess.run(command(port), cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.sqlite3"


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def demo(database: str, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The running demo and what it printed until it was ready."""
    process = subprocess.Popen(
        command(port),
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            break
    yield process, said
    process.terminate()
    process.wait(60)


def children_of(process: subprocess.Popen[str]) -> dict[str, int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
    return {
        "web" if "cms.serve" in arguments else "worker": int(pid)
        for pid, parent, arguments in rows
        if int(parent) == process.pid
    }


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_demo_prints_addresses_that_answer_and_keeps_its_data(
    demo: tuple[subprocess.Popen[str], str], port: int
) -> None:
    _process, said = demo
    addresses = re.findall(r"http://localhost:\S+", said)
    assert addresses == [f"http://localhost:{port}/{path}" for path in ("", "admin/", "dev/mail/")]
    for address in addresses:
        with urllib.request.urlopen(address, timeout=20) as response:
            assert response.status == 200
    assert "pidpys-demo" in said
    assert "Traceback" not in said


def test_ctrl_c_stops_the_web_server_and_the_worker(
    demo: tuple[subprocess.Popen[str], str],
) -> None:
    process, said = demo
    children = children_of(process)
    assert set(children) == {"web", "worker"}
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert rest.strip() == "Stopped."
    assert process.returncode == 0
    assert not any(is_running(pid) for pid in children.values())
    assert " 0 signatures made" in said


@pytest.mark.parametrize(("victim", "name"), [("web", "web server"), ("worker", "worker")])
def test_when_one_part_dies_the_other_is_stopped_too(
    demo: tuple[subprocess.Popen[str], str], victim: str, name: str
) -> None:
    process, _ = demo
    children = children_of(process)
    os.kill(children[victim], signal.SIGKILL)
    rest, _ = process.communicate(timeout=60)
    assert rest.strip() == f"The {name} ended by itself, so everything was stopped."
    assert process.returncode == 1
    assert not any(is_running(pid) for pid in children.values())


def test_used_port_is_told_in_one_sentence() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        said = refusal(port)
    assert said.startswith(f"Port {port} is in use: stop what runs there, or choose another port")
    assert said.count("\n") == 1


@pytest.mark.parametrize("port", ["abc", "0", "70000", "99999999999999999999", "²"])
def test_impossible_port_is_told_in_one_sentence(port: str) -> None:
    assert refusal(port) == f"PORT={port} is no port: choose a number from 1024 to 65535.\n"
