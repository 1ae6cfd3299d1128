"""What compose.yaml, .env.example, the image and the proxy's configuration say of each other."""

import configparser
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.tooling.dockerfile import instructions

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATE = "deploy/nginx.conf.template"
POOLER = "deploy/pgbouncer.ini"
# What an operator writes behind the names that .env.example leaves empty.
FILLED = {
    "SECRET_KEY": "k" * 64,
    "FIELD_KEYS": "one:" + "A" * 43 + "=",
    "POSTGRES_PASSWORD": "abc123",
    "SITE_DATABASE_PASSWORD": "def456",
}
# From .env.example to the program that reads it, without passing by the site's settings.
OTHERS = {
    *("DJANGO_SETTINGS_MODULE", "POSTGRES_PASSWORD", "SITE_DATABASE_PASSWORD"),
    *("HOST_NAME", "CERTIFICATES"),
}


def env_file() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text().splitlines()
    pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
    given = dict(pairs)
    assert {name for name, value in given.items() if not value} == FILLED.keys()
    return given | FILLED


def interpolated(text: str, given: dict[str, str]) -> str:
    """As Compose does it: `${NAME:?why}` must be given, `$$` is a dollar sign."""
    kept = text.replace("$$", "\0")
    return re.sub(r"\$\{(\w+)(?::\?[^}]*)?\}", lambda found: given[found[1]], kept).replace(
        "\0", "$"
    )


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    text = (ROOT / "compose.yaml").read_text()
    loaded: dict[str, Any] = yaml.safe_load(interpolated(text, env_file()))
    return loaded


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = compose["services"]
    return found


@pytest.fixture(scope="module")
def proxy(services: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = services["proxy"]
    return found


def mounts(service: dict[str, Any]) -> dict[str, str]:
    """Each place in the container, and what lies there."""
    pairs = [volume.removesuffix(":ro").split(":") for volume in service.get("volumes", [])]
    return {place: source for source, place in pairs}


def rendered(proxy: dict[str, Any]) -> str:
    """The proxy's configuration as the image fills it in: what the filter names, nothing else."""
    given = proxy["environment"]
    names = [name for name in given if re.search(given["NGINX_ENVSUBST_FILTER"], name)]
    text = (ROOT / TEMPLATE).read_text()
    for name in names:
        text = text.replace(f"${{{name}}}", given[name])
    return text


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    services = compose["services"]
    published = {name: each["ports"] for name, each in services.items() if "ports" in each}
    assert published == {"proxy": ["80:80", "443:443"]}
    # It sees the site and not the database.
    assert services["proxy"]["networks"] == ["front"]
    assert "front" in services["web"]["networks"]
    for name in ("database", "pooler"):
        assert "networks" not in services[name]
    assert compose["networks"]["front"]["enable_ipv6"]


def test_whoever_faces_visitors_can_change_nothing(services: dict[str, Any]) -> None:
    for name in services.keys() - {"database"}:
        service = services[name]
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
    assert int(services["proxy"]["user"].split(":")[0]) > 0
    assert all(volume.endswith(":ro") for volume in services["proxy"]["volumes"])


def test_the_proxy_holds_no_secret_and_no_private_file(proxy: dict[str, Any]) -> None:
    assert "env_file" not in proxy
    assert not set(proxy["environment"]) & FILLED.keys()
    assert set(mounts(proxy)) == {
        "/etc/nginx/templates/nginx.conf.template",
        proxy["environment"]["CERTIFICATES"],
    }


def test_only_migrating_is_done_by_the_owner_of_the_tables(services: dict[str, Any]) -> None:
    owner, password = "pidpys_owner", FILLED["POSTGRES_PASSWORD"]
    assert services["database"]["environment"]["POSTGRES_USER"] == owner
    users = {
        name: urlsplit(service["environment"]["DATABASE_URL"]).username
        for name, service in services.items()
        if "build" in service
    }
    assert users.pop("migrate") == owner
    assert set(users.values()) == {"pidpys"}
    for name in users:
        # Above what the file of settings says.
        given = env_file() | services[name]["environment"]
        assert not [key for key, value in given.items() if password in value], name
    made = (ROOT / "deploy/roles.sql").read_text()
    assert "CREATE ROLE pidpys LOGIN" in made
    assert "SITE_DATABASE_PASSWORD" in services["database"]["environment"]


def test_images_are_pinned_to_a_release(services: dict[str, Any]) -> None:
    for service in services.values():
        if "build" not in service:
            assert re.match(r"(\w+/)?[a-z]+:v?\d", service["image"])


def test_the_proxys_template_is_filled_in_whole(proxy: dict[str, Any]) -> None:
    text = (ROOT / TEMPLATE).read_text()
    assert mounts(proxy)["/etc/nginx/templates/nginx.conf.template"] == f"./{TEMPLATE}"
    assert "${" in text
    assert "${" not in rendered(proxy)
    # nginx's own names stay.
    assert set(re.findall(r"\$(\w+)", text)) == set(re.findall(r"\$(\w+)", rendered(proxy)))
    written = Path(proxy["environment"]["NGINX_ENVSUBST_OUTPUT_DIR"], "nginx.conf")
    assert str(written) in proxy["command"]


def test_the_proxy_writes_into_memory_alone(proxy: dict[str, Any]) -> None:
    places = [mount.partition(":")[0] for mount in proxy["tmpfs"]]
    said = rendered(proxy) + " ".join(proxy["command"])
    for place in re.findall(r"(?:proxy_cache_path|pid|-c) (/[\w./-]+)", said):
        assert any(Path(place).is_relative_to(folder) for folder in places), place
    # The image's own places: bodies and answers on their way.
    assert "/var/cache/nginx" in places


def test_the_proxy_asks_the_web_where_it_listens(
    proxy: dict[str, Any], services: dict[str, Any]
) -> None:
    host, port = proxy["environment"]["SITE"].split(":")
    assert services[host]["environment"]["PORT"] == port
    assert f"set $site http://{host}:{port};" in rendered(proxy)


def test_site_and_proxy_agree_on_name_and_scheme(
    proxy: dict[str, Any], services: dict[str, Any]
) -> None:
    """By the settings themselves, from what .env.example and compose.yaml say."""
    names = "BASE_URL, ALLOWED_HOSTS, TRUSTED_PROXIES, MEDIA_ROOT, STATIC_ROOT, ROOT"
    code = f"from cms.settings.production import {names}\n"
    code += "print(BASE_URL, ','.join(ALLOWED_HOSTS), TRUSTED_PROXIES)"
    environment = env_file() | services["web"]["environment"]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    address, hosts, proxies = done.stdout.split()
    assert urlsplit(address).scheme == "https"
    assert {urlsplit(address).hostname} == set(hosts.split(","))
    assert f"server_name {hosts};" in rendered(proxy)
    assert proxies == "1"


def test_uploads_are_where_web_and_worker_both_find_them(compose: dict[str, Any]) -> None:
    services = compose["services"]
    steps = instructions((ROOT / "Dockerfile").read_text())
    folder = next(text for name, text in steps if name == "WORKDIR")
    for name in ("web", "worker", "manage"):
        assert mounts(services[name]) == {
            f"{folder}/var/media": "media",
            f"{folder}/var/private": "private",
        }
    named = {
        source
        for service in services.values()
        for source in mounts(service).values()
        if not source.startswith((".", "/"))
    }
    assert named == set(compose["volumes"])


def test_the_site_asks_the_pooler_and_whoever_changes_connections_goes_past_it(
    services: dict[str, Any],
) -> None:
    asked = {
        name: urlsplit(service["environment"]["DATABASE_URL"])
        for name, service in services.items()
        if "build" in service
    }
    past = {name for name, address in asked.items() if address.hostname == "database"}
    assert past == {"migrate", "manage"}
    assert {each.hostname for each in asked.values()} == {"database", "pooler"}
    read = configparser.ConfigParser()
    read.read(ROOT / POOLER)
    said = read["pgbouncer"]
    assert said["pool_mode"] == "transaction"
    assert {each.port for name, each in asked.items() if name not in past} == {
        int(said["listen_port"])
    }
    behind = {each.port for name, each in asked.items() if name in past}
    assert dict(read["databases"]) == {"*": f"host=database port={behind.pop()}"}
    # What PostgreSQL allows by itself, and some for those who come past.
    assert int(said["default_pool_size"]) <= 100 - 20


def test_the_pooler_is_told_the_sites_password(services: dict[str, Any], tmp_path: Path) -> None:
    """By the very words of its container, but for PgBouncer itself."""
    pooler = services["pooler"]
    (given,) = pooler["command"]
    words, start = given.replace("/tmp/users", f"{tmp_path}/users").split(" && ")
    subprocess.run([*pooler["entrypoint"], words], env=pooler["environment"], check=True)
    written = tmp_path / "users"
    assert written.read_text() == f'"pidpys" "{FILLED["SITE_DATABASE_PASSWORD"]}"\n'
    assert written.stat().st_mode & 0o077 == 0
    assert start.split()[-1] in mounts(pooler)
    assert mounts(pooler)[start.split()[-1]] == f"./{POOLER}"
    assert "auth_file = /tmp/users" in (ROOT / POOLER).read_text()
    assert pooler["tmpfs"] == "/tmp"


def test_any_number_of_webs_and_workers_may_run(services: dict[str, Any]) -> None:
    for name in ("web", "worker"):
        assert not services[name].keys() & {"container_name", "hostname", "ports", "deploy"}
    proxy = services["proxy"]
    said = rendered(proxy)
    # Docker names all of them, and is asked anew.
    assert re.search(r"resolver 127\.0\.0\.11 valid=\d+s", said)
    assert "proxy_pass $site;" in said
    [next_one] = re.findall(r"proxy_next_upstream ([\w ]+);", said)
    assert "non_idempotent" not in next_one


def test_each_name_of_env_example_is_read_by_somebody() -> None:
    text = (ROOT / ".env.example").read_text()
    told = set(re.findall(r"^#? ?([A-Z_]+)=", text, flags=re.M))
    settings = "".join(path.read_text() for path in (ROOT / "cms/settings").glob("*.py"))
    read = {name for name in told if f'"{name}"' in settings}
    assert told - read == OTHERS
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    assert asked <= told
