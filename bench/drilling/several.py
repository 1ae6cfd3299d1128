"""As on two machines: two webs and two workers from folders of their own, one database behind
PgBouncer, and nginx in front. Linux alone has the two addresses on which the webs listen."""

import email
import email.policy
import os
import re
import signal
import socket
import socketserver
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.drilling.browser import HOST, Browser, Door
from bench.drilling.releases import copied
from bench.drilling.site import Mails, Site, wait_until
from bench.spike import nginx
from bench.spike.tools import children
from scripts import pgbouncer
from scripts.postgresql import free_port

LINK = re.compile(r"https://\S+/signatures/[^\s/]+/")
UPLOADS = ("media", "private")
PROGRAMS = ("nginx", "openssl", "envsubst", "pgbouncer")
NAME, PASSWORD = "drill", "a-password-of-the-drill"


class Links(Mails):
    """Keeps the links that each recipient was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.links: dict[str, list[str]] = {}

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        assert isinstance(envelope.content, bytes)
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        self.links[envelope.rcpt_tos[0]] = LINK.findall(body.get_content())
        return answer


@dataclass
class Machine:
    """A web and a worker, in a folder of their own."""

    site: Site
    root: Path
    door: Door
    told: dict[str, str]
    mails: Links = field(default_factory=Links)
    web: subprocess.Popen[Any] | None = None
    worker: subprocess.Popen[Any] | None = None

    def start(self) -> None:
        self.start_web()
        self.mails.start()
        box = f"smtp://127.0.0.1:{self.mails.port}"
        told = self.told | {"EMAIL_URL": box}
        self.worker = self.site.start("manage.py", "worker", root=self.root, quiet=True, **told)

    def start_web(self, **more: str) -> None:
        told = self.told | more | {"HOST": self.door.host, "PORT": str(self.door.port)}
        self.web = self.site.start("-m", "cms.serve", root=self.root, quiet=True, **told)
        wait_until(lambda: Browser().ask(self.door, "/readyz").status == 200, 180)

    def stop(self) -> None:
        for process in filter(None, (self.web, self.worker)):
            process.terminate()
            process.wait()
        self.mails.stop()

    def stop_web(self) -> None:
        assert self.web
        self.web.terminate()
        self.web.wait()

    def kill_web(self) -> None:
        """All at once, as when the power goes."""
        assert self.web
        for pid in (self.web.pid, *children(self.web.pid)):
            os.kill(pid, signal.SIGKILL)
        self.web.wait()

    def keep_uploads_in(self, folder: Path | None) -> None:
        """In a folder that others use too, as a shared disk is; or in an empty one of its own."""
        for name in UPLOADS:
            here = self.root / "var" / name
            here.unlink(missing_ok=True)
            if folder:
                (folder / name).mkdir(parents=True, exist_ok=True)
                here.symlink_to(folder / name)
            else:
                here.mkdir()


@dataclass
class Several:
    site: Site
    machines: list[Machine]
    # nginx as compose.yaml has it, and with its webs in a list.
    named: Door
    listed: Door
    boss: Browser = field(default_factory=Browser)

    @property
    def doors(self) -> list[Door]:
        return [each.door for each in self.machines]

    def link(self, recipient: str) -> str:
        """Where the mailed button is, and nothing where no mail came."""
        found = [link for each in self.machines for link in each.mails.links.get(recipient, [])]
        return found[0].removeprefix(f"https://{HOST}") + "confirm/" if found else ""


@contextmanager
def several(site: Site) -> Iterator[Several]:
    port = free_port()
    with ExitStack() as stack:
        told = {
            "DATABASE_URL": stack.enter_context(pgbouncer.running(site.server.address)),
            "LANGUAGES": "en,uk,pl",
            "SECOND_FACTOR": "none",
            "WEB_WORKERS": "1",
        }
        doors = [Door(f"127.0.0.{number}", port) for number in (2, 3)]
        machines = [Machine(site, copied(site.folder / each.host), each, told) for each in doors]
        for each in machines:
            each.keep_uploads_in(site.folder / "shared")
            each.start()
            stack.callback(each.stop)
        resolver = stack.enter_context(naming([each.host for each in doors]))
        named = stack.enter_context(proxy(f"web:{port}", resolver=resolver))
        servers = " ".join(f"server {each.host}:{port};" for each in doors)
        listed = stack.enter_context(proxy("site", f"upstream site {{ {servers} }}"))
        here = Several(site, machines, named, listed)
        make_boss()
        here.boss.log_in(doors[0], NAME, PASSWORD)
        yield here


def make_boss() -> None:
    from accounts.models import User

    User.objects.create_superuser(NAME, "drill@example.org", PASSWORD)


@contextmanager
def proxy(site: str, upstream: str = "", resolver: int = 0) -> Iterator[Door]:
    """nginx as delivered, but that it listens on loopback and asks another resolver."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name) / "proxy", free_port()
        (folder / "upstreams").mkdir(parents=True)
        (folder / "upstreams" / "site.conf").write_text(upstream)
        text = nginx.configuration(folder, port, site)
        text = text.replace("resolver 127.0.0.11 ", f"resolver 127.0.0.1:{resolver or 53} ")
        nginx.prepare(folder, text)
        with nginx.running(folder, f"pid {folder}/pid;"):
            yield Door("127.0.0.1", port, is_tls=True)


@contextmanager
def naming(addresses: list[str]) -> Iterator[int]:
    """A name server on loopback that answers every question with the same addresses, as Docker's
    answers for a service that runs several times. Its port."""

    class Names(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            asked, server = self.request
            question = asked[12 : asked.index(b"\0", 12) + 5]
            head = asked[:2] + struct.pack("!HHHHH", 0x8180, 1, len(addresses), 0, 0)
            # Each is of the name in the question, of the internet, and good for ten seconds.
            record = struct.pack("!HHHIH", 0xC00C, 1, 1, 10, 4)
            told = b"".join(record + socket.inet_aton(each) for each in addresses)
            server.sendto(head + question + told, self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Names) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()
