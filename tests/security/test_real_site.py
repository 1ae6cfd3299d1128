"""The demo's settings work on nothing real: they refuse before the first statement."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.db import connection, connections
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from cms.settings.demo_only import NOWHERE, OWN_NETWORK, may_be_real
from jobs.models import Job
from security import real_site
from security.models import RealSite, UsedKey
from signatures.signing import emails
from tests.support.kinds import CityPages
from tests.support.production import PRODUCTION
from tests.support.source import ROOMS

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = (sys.executable, "manage.py")
# Commands that act for real, or would pretend to.
COMMANDS: list[list[str]] = [
    ["worker", "--once"],
    ["migrate"],
    ["assign", "somebody", "officer"],
    ["createsuperuser", "--noinput", "--username", "x", "--email", "x@example.org"],
    ["changepassword", "somebody"],
    ["launch", "end-ties", "demo/cities.csv"],
    ["publish_scheduled"],
    ["clean_uploads"],
    ["rotate_keys"],
    ["new_signing_key"],
    ["take_away_factors", "somebody"],
    ["status"],
    ["recount"],
    ["backup", "somewhere"],
    ["restore", "somewhere"],
    ["seed_demo"],
    ["generate_load"],
    ["shell", "--command", "from jobs.models import Job; Job.objects.all().delete()"],
    ["flush", "--no-input"],
]
# Whatever else opens the database, and one of the commands as it is really started.
STARTED: list[tuple[str, ...]] = [
    (*MANAGE, "worker"),
    (sys.executable, "scripts/prepare.py", "migrate", "seed_demo"),
    (sys.executable, "-c", "import cms.wsgi"),
    (sys.executable, "-m", "cms.serve"),
]
# Each through manage.py, and told as Python tells it when the process ends so.
IN_TURN = """
import json, sys, manage
for words in json.loads(sys.argv[1]):
    sys.argv = ["manage.py", *words]
    try:
        manage.main()
    except SystemExit as end:
        print(words[0], end, sep=": ", file=sys.stderr)
"""
PRODUCTION_NEEDED = "DJANGO_SETTINGS_MODULE=cms.settings.production"
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "cms.settings.test"}


def database_address() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user = f"{database['USER']}:{database['PASSWORD']}"
    return f"postgres://{user}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


def run(command: tuple[str, ...], **environment: str) -> subprocess.CompletedProcess[str]:
    base = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    # The web application's own default are the production settings.
    base["DJANGO_SETTINGS_MODULE"] = "cms.settings.demo"
    return subprocess.run(
        command, cwd=ROOT, env=base | environment, capture_output=True, text=True, timeout=120
    )


def assert_refused(ended: subprocess.CompletedProcess[str]) -> None:
    assert ended.returncode != 0
    said = ended.stderr.strip().splitlines()
    assert len(said) == 1, ended.stderr
    assert PRODUCTION_NEEDED in said[0]


@pytest.fixture
def real(transactional_db: None) -> str:
    """The address of a database that production settings have used, with a mail to be sent."""
    RealSite.objects.create()
    emails.send.enqueue(mailbox="3f2b9c1d")
    return database_address()


# They ask the one database as the other.
@pytest.mark.any_database
def test_no_command_of_the_demo_works_on_a_real_sites_database(real: str) -> None:
    """In one process, since starting each takes ten times as long as refusing it."""
    ended = run((sys.executable, "-c", IN_TURN, json.dumps(COMMANDS)), DATABASE_URL=real)
    said = ended.stderr.strip().splitlines()
    assert [line.split(": ")[0] for line in said] == [words[0] for words in COMMANDS], said
    assert [line for line in said if PRODUCTION_NEEDED not in line] == []
    assert Job.objects.count() == 1


@pytest.mark.any_database
@pytest.mark.parametrize("command", STARTED, ids=lambda command: " ".join(command[1:3]))
def test_nothing_of_the_demo_starts_on_a_real_sites_database(
    real: str, command: tuple[str, ...]
) -> None:
    assert_refused(run(command, DATABASE_URL=real))
    assert Job.objects.count() == 1


def test_nor_do_the_settings_of_the_tests(real: str) -> None:
    assert_refused(run((*MANAGE, "worker", "--once"), DATABASE_URL=real, **TEST_SETTINGS))
    assert Job.objects.count() == 1


@pytest.mark.parametrize("settings_module", ["cms.settings.demo", "cms.settings.test"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EMAIL_URL", "smtp://localhost:25"),
        ("EMAIL_URL", "consolemail://"),
        ("BASE_URL", "https://petitions.org"),
        ("BASE_URL", "https://petition"),
    ],
)
def test_a_real_sites_environment_is_refused_by_every_command(
    settings_module: str, name: str, value: str
) -> None:
    ended = run((*MANAGE, "check"), DJANGO_SETTINGS_MODULE=settings_module, **{name: value})
    assert_refused(ended)
    assert name in ended.stderr


def test_the_whole_production_environment_without_the_settings_name_is_refused() -> None:
    environment = {key: PRODUCTION[key] for key in PRODUCTION if key != "DJANGO_SETTINGS_MODULE"}
    for command in ((*MANAGE, "worker", "--once"), (sys.executable, "scripts/run.py")):
        ended = run(command, **environment)
        assert ended.returncode != 0
        assert "DJANGO_SETTINGS_MODULE=cms.settings.production" in ended.stderr


@pytest.mark.parametrize(
    ("address", "real"),
    [
        ("", False),
        ("http://localhost:8000", False),
        ("http://site.localhost", False),
        ("http://127.0.0.1:8000", False),
        ("http://127.8.9.1", False),
        ("http://[::1]:8000", False),
        ("http://192.168.1.20:8000", False),
        ("http://[fd00::1]", False),
        ("http://testserver", False),
        ("http://web:8000", False),
        ("https://petitions.example", False),
        ("https://www.example.org.", False),
        ("https://site.test", False),
        ("http://box.local", False),
        ("http://nas.home.arpa", False),
        ("https://petitions.org", True),
        ("https://PETITIONS.ORG.", True),
        ("https://notexample.org", True),
        ("https://localhost.evil.org", True),
        ("https://example.org.ua", True),
        ("https://8.8.8.8", True),
        ("https://[2606:4700::1111]", True),
        ("https://петиція.укр", True),
        ("https://[", True),
        ("https://petition", True),
    ],
)
def test_where_a_real_site_may_be(address: str, real: bool) -> None:
    assert may_be_real(address) is real


@pytest.mark.parametrize("host", ["petition", "petition.", "10.1.2.3", "169.254.1.1", "[fd00::1]"])
@pytest.mark.parametrize("port", ["", ":8443"])
def test_in_ones_own_network_a_site_with_tls_may_be_real(host: str, port: str) -> None:
    for name in (host, *(f"petition.{ending}" for ending in OWN_NETWORK)):
        assert may_be_real(f"https://{name}{port}"), name
        assert may_be_real(f"HTTPS://{name}{port}"), name
        assert not may_be_real(f"http://{name}{port}"), name


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_on_ones_own_machine_and_at_reserved_names_none_is(scheme: str) -> None:
    hosts = ["localhost", "127.0.0.1", "[::1]", *(f"petition.{ending}" for ending in NOWHERE)]
    assert not any(may_be_real(f"{scheme}://{host}:8000") for host in hosts)


def test_production_settings_leave_their_mark_and_demo_settings_do_not(
    transactional_db: None,
) -> None:
    address = database_address()
    # This process asks on a connection from before there was a mark.
    connection.ensure_connection()
    shell = (*MANAGE, "shell", "--verbosity", "0", "--command")
    look = (*shell, "from security.models import RealSite; print(RealSite.objects.count())")
    assert run(look, DATABASE_URL=address).stdout.strip() == "0"
    # Whose keys are not at hand is told elsewhere.
    UsedKey.objects.all().delete()
    # Any command that opens the database does, the worker too. What the mark does is told above.
    worked = run((*MANAGE, "worker", "--once"), **PRODUCTION | {"DATABASE_URL": address})
    assert worked.returncode == 0, worked.stderr
    assert RealSite.objects.count() == 1
    again = run(look, **PRODUCTION | {"DATABASE_URL": address})
    assert again.stdout.strip() == "1"


def test_migrating_under_production_settings_marks_an_empty_database(tmp_path: Path) -> None:
    """The connection was open before the table was made."""
    address = f"sqlite:///{tmp_path}/new.sqlite3"
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', 'security', verbosity=0)\n"
    )
    made = run((sys.executable, "-c", code), **PRODUCTION | {"DATABASE_URL": address})
    assert made.returncode == 0, made.stderr
    assert_refused(run((*MANAGE, "migrate"), DATABASE_URL=address))


def test_a_running_demo_stops_when_production_takes_its_database(
    transactional_db: None, settings: Settings
) -> None:
    RealSite.objects.create()
    connections.close_all()
    with pytest.raises(SystemExit, match="real site's"):
        Client().get("/readyz")
    assert connection.connection is None
    settings.DEMO = False
    assert RealSite.objects.count() == 1


def test_the_question_costs_a_page_no_query(
    portland: CityPages, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        real_site.look(connection)


def test_every_command_of_ours_is_tried() -> None:
    named = {name for name, app in get_commands().items() if app in ROOMS}
    # The first asks the database as all others do, and needs a language's catalogue; the others
    # read and write catalogues alone.
    others = {"add_language", "makemessages", "compilemessages"}
    assert named - {words[0] for words in COMMANDS} == others
