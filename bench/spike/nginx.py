"""nginx twice: with a page as a file, and as compose brings it in front of the site."""

import contextlib
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from bench.spike.tools import Served, path_of
from scripts import try_nginx
from scripts.postgresql import free_port

# The page lies there as it is sent, so that nothing is left to do but to send it.
STATIC = """
worker_processes auto;
error_log {folder}/error.log emerg;
pid {folder}/pid;
events {{ worker_connections 2048; }}
http {{
    default_type "text/html; charset=utf-8";
    access_log off;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=100;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=2048;
        root {folder};
        location / {{
            try_files /page.br =404;
            add_header Content-Encoding br;
            add_header Cache-Control no-cache;
        }}
    }}
}}
"""


@contextlib.contextmanager
def serving_file(folder: Path, body: bytes) -> Iterator[Served]:
    """Whatever is asked for, it answers with this body, which is packed already."""
    folder.mkdir()
    open_to_all(folder)
    port = free_port()
    (folder / "page.br").write_bytes(body)
    (folder / "conf").write_text(STATIC.format(folder=folder, port=port))
    with running(folder) as pid:
        yield Served(port, pid)


@contextlib.contextmanager
def in_front_of(folder: Path, site: int) -> Iterator[Served]:
    """The proxy of compose.yaml with TLS, by an address instead of a name."""
    folder.mkdir()
    port = free_port()
    prepare(folder, configuration(folder, port, f"127.0.0.1:{site}"))
    with running(folder, f"pid {folder}/pid;") as pid:
        yield Served(port, pid)


def configuration(folder: Path, port: int, site: str) -> str:
    text = try_nginx.configuration(folder, port, site, "emerg")
    # Whoever asks by an address names no host before TLS is there.
    text = re.sub(rf"listen 127\.0\.0\.1:{port} ssl default_server;", "", text)
    text = text.replace("ssl_reject_handshake on;", "")
    # With all the patience that it is delivered with.
    text = text.replace("proxy_read_timeout 1s", "proxy_read_timeout 35s")
    text = text.replace("client_body_timeout 1s", "client_body_timeout 20s")
    # Many visitors, each from a network of their own.
    return text.replace("X-Forwarded-For $remote_addr", "X-Forwarded-For $http_x_forwarded_for")


def prepare(folder: Path, text: str) -> None:
    open_to_all(folder)
    try_nginx.make_certificate(folder)
    (folder / "conf").write_text(text)


def open_to_all(folder: Path) -> None:
    """Where root measures, nginx reads as another user."""
    for each in (folder, folder.parent):
        each.chmod(0o755)


@contextlib.contextmanager
def running(folder: Path, more: str = "") -> Iterator[int]:
    command = [str(path_of("nginx")), "-c", f"{folder}/conf", "-g", f"daemon off; {more}"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    time.sleep(1)
    try:
        yield server.pid
    finally:
        server.terminate()
        server.wait()
