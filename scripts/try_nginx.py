"""Starts nginx as delivered, makes every fault behind and before it, and reads its logs.

Usage: try_nginx.py [NGINX]. Needs nginx, openssl and envsubst; listens on loopback only.
Prints the faults that were made, and fails when a secret stands in a log.
"""

import contextlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECRET = "Nightingale7f3"
PATHS = [
    f"/en/signatures/{SECRET}/",
    f"/admin/password_reset/confirm/x/{SECRET}/",
    f"/en/?q={SECRET}",
]
FILES = [f"/static/{SECRET}.css", f"/media/{SECRET}/closed.png"]
# What the site behind does, by its port.
BEHIND = ("refuses", "says nothing", "hangs up", "talks nonsense", "answers")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def behave(kind: str, connection: socket.socket) -> None:
    with connection:
        connection.settimeout(10)
        connection.recv(65536)
        if kind == "says nothing":
            time.sleep(3)
        elif kind == "talks nonsense":
            connection.sendall(b"nonsense\r\n" * 3)
        elif kind == "answers":
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
            )


def site(kind: str, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)) as server:
        while True:
            connection, _address = server.accept()
            threading.Thread(target=behave, args=(kind, connection), daemon=True).start()


def rendered(**names: str) -> str:
    """The configuration as it is delivered, its names filled in as docs/operators.md shows."""
    return subprocess.run(
        ["envsubst", " ".join(f"${name}" for name in names)],
        input=(ROOT / "deploy/nginx.conf.template").read_text(),
        env=names,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def configuration(folder: Path, port: int, site: str, level: str) -> str:
    """That, but for places, ports and a shorter patience."""
    text = rendered(HOST_NAME="petitions.example", SITE=site, CERTIFICATES=str(folder))
    text = re.sub(r"^\s*listen \[::\].*;\n", "", text, flags=re.M)
    text = re.sub(r"listen 80( default_server)?;", rf"listen 127.0.0.1:{free_port()}\1;", text)
    text = re.sub(r"listen 443 ", f"listen 127.0.0.1:{port} ", text)
    text = text.replace("/var/log/nginx", str(folder))
    text = text.replace("/var/cache/pidpys", f"{folder}/cache")
    text = text.replace("proxy_read_timeout 35s", "proxy_read_timeout 1s")
    text = text.replace("client_body_timeout 20s", "client_body_timeout 1s")
    return text.replace("error.log emerg;", f"error.log {level};")


def ask(port: int, request: bytes, abort: bool = False) -> bytes:
    context = ssl._create_unverified_context()
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    with context.wrap_socket(plain, server_hostname="petitions.example") as secure:
        secure.sendall(request)
        return b"" if abort else secure.recv(200)


def requests() -> list[bytes]:
    """Whole requests, and such as are wrong, too long, cut off, or too large."""
    head = b" HTTP/1.1\r\nHost: petitions.example\r\n"
    every = [b"GET " + path.encode() + head + b"\r\n" for path in PATHS + FILES]
    path = PATHS[0].encode()
    every += [
        b"GET " + path + b" HTTP/9.9\r\n\r\n",
        b"GET " + path + b"%zz" + head + b"\r\n",
        b"GET " + path + b"\x00" + head + b"\r\n",
        b"GET " + path + b" HTTP/1.1\r\n\r\n",
        SECRET.encode() + b" / HTTP/1.1\r\n\r\n",
        b"GET " + path + b"x" * 40_000 + head + b"\r\n",
        b"GET " + path + head + b"Cookie: " + b"x" * 40_000 + b"\r\n\r\n",
        b"POST " + path + head + b"Content-Length: 99000000\r\n\r\n",
        b"POST " + path + head + b"Content-Length: 100\r\n\r\nshort",
        b"POST " + path + head + b"Content-Length: 200000\r\n\r\n" + b"x" * 200_000,
    ]
    return every


def make_certificate(folder: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
        + ["-subj", "/CN=petitions.example", "-keyout", f"{folder}/privkey.pem"]
        + ["-out", f"{folder}/fullchain.pem"],
        check=True,
        capture_output=True,
    )


@contextlib.contextmanager
def running(
    nginx: str, folder: Path, port: int, behind: int, level: str = "emerg"
) -> Iterator[None]:
    """nginx on loopback, its logs in the folder, before the site at the port behind."""
    make_certificate(folder)
    (folder / "conf").write_text(configuration(folder, port, f"127.0.0.1:{behind}", level))
    # Where root tries, nginx works as another user, who keeps files here.
    folder.chmod(0o755)
    command = [nginx, "-c", f"{folder}/conf", "-g", f"daemon off; pid {folder}/pid;"]
    server = subprocess.Popen(command)
    time.sleep(1)
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def trial(nginx: str, kind: str, level: str) -> str:
    """What nginx wrote while the site behind behaved in one way."""
    with tempfile.TemporaryDirectory() as name:
        folder, port, behind = Path(name), free_port(), free_port()
        if kind != "refuses":
            threading.Thread(target=site, args=(kind, behind), daemon=True).start()
        with running(nginx, folder, port, behind, level):
            for request in requests():
                for abort in (False, True):
                    # nginx hangs up, as it should, on some of them.
                    with contextlib.suppress(OSError):
                        ask(port, request, abort)
            time.sleep(2)
        return "".join((folder / log).read_text() for log in ("error.log", "access.log"))


def find_nginx() -> str:
    return shutil.which("nginx") or "/usr/sbin/nginx"


def main() -> None:
    nginx = sys.argv[1] if len(sys.argv) > 1 else find_nginx()
    seen = ""
    for kind in BEHIND:
        said = trial(nginx, kind, "emerg")
        lines = said.splitlines()
        print(f"The site behind {kind}: {len(lines)} lines, {said.count(SECRET)} with a secret.")
        seen += said
    # That the trial would notice: nginx's own usual level.
    usual = trial(nginx, "refuses", "error")
    print(f"At the level “error”, to compare: {usual.count(SECRET)} times.")
    if SECRET in seen or "127.0.0.1" in seen:
        sys.exit("A secret or an address stands in a log of nginx.")
    if SECRET not in usual:
        sys.exit("The trial proves nothing: at its usual level nginx wrote no secret either.")


if __name__ == "__main__":
    main()
