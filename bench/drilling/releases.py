"""The release before and the next one on one schema, under light load, and an upgrade cut short.

The next release is made here: a copy of the code with one more column, and its migration.
"""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from bench.drilling import inside
from bench.drilling.site import ROOT, Load, Site, ask
from scripts.postgresql import free_port

Row = tuple[str, str, bool]
LIGHT = 2
COLUMN = "    is_demo = models.BooleanField(default=False)\n"
NEW_COLUMN = COLUMN + "    drill = models.CharField(max_length=9, db_default='new')\n"


def copied(root: Path) -> Path:
    """The code as it is in git, in a folder of its own."""
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, files.split("\0")):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, root / name)
    for catalogue in ROOT.glob("locale/**/*.mo"):
        shutil.copyfile(catalogue, root / catalogue.relative_to(ROOT))
    shutil.copytree(ROOT / "var" / "static", root / "var" / "static")
    return root


def next_release(site: Site) -> Path:
    """With one column more in the table of signatures."""
    root = copied(site.folder / "next")
    models = root / "signatures" / "models" / "signed.py"
    before = models.read_text()
    assert COLUMN in before
    models.write_text(before.replace(COLUMN, NEW_COLUMN))
    site.manage("makemigrations", "signatures", "--name", "drill", root=root)
    return root


def deployed(site: Site) -> Iterator[Row]:
    path, sign, form = inside.form()
    new = next_release(site)
    (migration,) = new.glob("signatures/migrations/*_drill.py")
    good = migration.read_text()
    migration.write_text(_slow(good))
    cut = site.start("manage.py", "migrate", root=new)
    wait = time.monotonic()
    while not inside.sql(
        "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%%pg_sleep(60)%%' "
        "AND pid <> pg_backend_pid()"
    ):
        assert time.monotonic() - wait < 300, "the migration never came so far"
        time.sleep(0.1)
    cut.send_signal(signal.SIGKILL)
    cut.wait()
    inside.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE query LIKE '%%pg_sleep(60)%%' AND pid <> pg_backend_pid()"
    )
    columns = _columns()
    old = ask(site.port, path).status
    told = (
        f"killed in the middle: the column is {'there' if columns else 'not there'}, the release "
    )
    told += f"before answers {old}"
    yield "upgrade cut short", told, not columns and old == 200
    migration.write_text(good)
    ports = [site.port, free_port()]
    with Load(ports[:1], path, sign, form, threads=LIGHT) as alone:
        time.sleep(3)
        site.manage("migrate", root=new)
        time.sleep(3)
    site.serve(new, ports[1])
    with Load(ports, path, sign, form, threads=LIGHT) as both:
        time.sleep(8)
    answers = {method: alone.total(method) + both.total(method) for method in ("GET", "POST")}
    faults = sum(each.count(m, at_least=500) for each in (alone, both) for m in answers)
    ready = [ask(port, "/readyz").status for port in ports]
    told = f"migrated under the release before, then both at once: {answers['GET']} GETs, "
    told += f"{answers['POST']} POSTs, {faults} of 5xx; /readyz of both {ready}"
    yield "N and N+1", told, not faults and bool(_columns()) and ready == [200, 200]


def _slow(good: str) -> str:
    """Its operation, and then a long sleep in the same transaction."""
    head, end = good.rsplit("    ]", 1)
    return f"{head}        migrations.RunSQL('SELECT pg_sleep(60)'),\n    ]{end}"


def _columns() -> list[object]:
    return inside.sql(
        "SELECT 1 FROM information_schema.columns "
        "WHERE table_name = 'signatures_signature' AND column_name = 'drill'"
    )
