"""Prepares the demo and serves it, with the worker inside, until Ctrl-C."""

import argparse
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


def refuse_used_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            sys.exit(f"Port {port} is in use. Choose another one: PORT={port + 1} make run")
        except OverflowError:
            sys.exit(f"{port} is no port: choose one from 1024 to 65535.")


def prepare(environment: dict[str, str], dev: bool) -> None:
    steps = ["compilemessages", "migrate", "seed_demo"]
    if not dev:
        steps.insert(1, "collectstatic")
    command = [sys.executable, "scripts/prepare.py", *steps]
    if subprocess.call(command, env=environment):
        sys.exit("The demo could not be prepared; the reason stands above.")


def start(environment: dict[str, str], port: int, dev: bool) -> list[subprocess.Popen[bytes]]:
    web = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "cms.wsgi"]
    if dev:
        web = [sys.executable, "manage.py", "runserver", f"{HOST}:{port}"]
    else:
        web += ["--bind", f"{HOST}:{port}"]
    worker = [sys.executable, "manage.py", "worker"]
    return [
        subprocess.Popen(command, env=environment, start_new_session=True)
        for command in (web, worker)
    ]


def wait_until_it_answers(children: list[subprocess.Popen[bytes]], port: int) -> bool:
    for _ in range(STARTING_SECONDS * 5):
        if any(child.poll() is not None for child in children):
            return False
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
    for child in children:
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)


def interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--dev", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, interrupt)
    refuse_used_port(options.port)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.demo",
        "PORT": str(options.port),
        "DEBUG": "1" if options.dev else "0",
    }
    prepare(environment, options.dev)
    children = start(environment, options.port, options.dev)
    try:
        if not wait_until_it_answers(children, options.port):
            sys.exit("The site did not start; the reason stands above.")
        site = f"http://localhost:{options.port}"
        print(f"\nSite:   {site}/\nAdmin:  {site}/admin/\nMails:  {site}/dev/mail/")
        print(f"Logins: {LOGINS} (password pidpys-demo)\nCtrl-C stops everything.", flush=True)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        print("A part of the site ended by itself, so the rest is stopped too.", flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        stop(children)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped.")
