"""Prepares the demo and serves it, with the worker inside, until Ctrl-C."""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

HOST = "127.0.0.1"
LOGINS = "editor, moderator, translator, officer, admin"
STARTING_SECONDS = 60
STOPPING_SECONDS = 20
Children = dict[str, subprocess.Popen[bytes]]


def usable_port(text: str) -> int:
    """The number of a port that nobody uses. Ends the program with one sentence if it is not."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        sys.exit(f"PORT={text} is no port: choose a number from 1024 to 65535.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            sys.exit(f"Port {port} is for the system's administrator: choose one from 1024 on.")
        except OSError:
            sys.exit(
                f"Port {port} is in use: stop what runs there, or choose another port, "
                f"like PORT={port % 65535 + 1} make run."
            )
    return port


def prepare(environment: dict[str, str], dev: bool) -> None:
    steps = ["compilemessages", "migrate", "seed_demo"]
    if not dev:
        steps.insert(1, "collectstatic")
    print("Preparing the demo; the first time takes half a minute …", flush=True)
    command = [sys.executable, "scripts/prepare.py", *steps]
    if subprocess.call(command, env=environment):
        sys.exit("The demo could not be prepared; the reason stands above.")


def start(environment: dict[str, str], port: int, dev: bool) -> Children:
    """Starts both in groups of their own, so that Ctrl-C reaches them through us alone."""
    web = [sys.executable, "-m", "cms.serve"]
    if dev:
        web = [sys.executable, "manage.py", "runserver", f"{HOST}:{port}"]
    commands = {"web server": web, "worker": [sys.executable, "manage.py", "worker"]}
    return {
        name: subprocess.Popen(command, env=environment, start_new_session=True)
        for name, command in commands.items()
    }


def ended(children: Children) -> str | None:
    """The name of a child that ended by itself, if any did."""
    return next((name for name, child in children.items() if child.poll() is not None), None)


def wait_until_it_answers(children: Children, port: int) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline:
        if name := ended(children):
            sys.exit(f"The {name} ended by itself; the reason stands above.")
        try:
            urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    sys.exit(f"The site did not answer within {STARTING_SECONDS} seconds, so it was stopped.")


def serve(children: Children, port: int) -> None:
    wait_until_it_answers(children, port)
    site = f"http://localhost:{port}"
    print(f"\nSite:   {site}/\nAdmin:  {site}/admin/\nMails:  {site}/dev/mail/")
    print(f"Logins: {LOGINS} (password pidpys-demo)\nCtrl-C stops everything.", flush=True)
    while not (name := ended(children)):
        time.sleep(0.5)
    sys.exit(f"The {name} ended by itself, so everything was stopped.")


def stop(children: Children) -> None:
    """Stops each child with all that it started, also where the child itself is gone."""
    for child in children.values():
        signal_group(child, signal.SIGTERM)
    for child in children.values():
        try:
            child.wait(STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            signal_group(child, signal.SIGKILL)


def signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", default="8000")
    parser.add_argument("--dev", action="store_true")
    options = parser.parse_args()
    for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(each, interrupt)
    port = usable_port(options.port)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.demo",
        "HOST": HOST,
        "PORT": str(port),
        "DEBUG": "1" if options.dev else "0",
    }
    prepare(environment, options.dev)
    children = start(environment, port, options.dev)
    try:
        serve(children, port)
    finally:
        stop(children)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\nStopped.")
