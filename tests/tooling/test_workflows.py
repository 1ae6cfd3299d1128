"""What runs elsewhere (workflows, hooks, robots) asks for commands and versions that there are."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.test import PARTS

ROOT = Path(__file__).resolve().parent.parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z]+):$", MAKEFILE, re.M))
# A release or, better, a commit, but never a branch that anybody may move.
PINNED = re.compile(r"^[\w-]+/[\w-]+@(?:v\d+|[0-9a-f]{40})$")


def jobs(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())["jobs"]
    return found


def steps(name: str) -> Iterator[str]:
    """What the steps of all workflows say under one name: what they run or what they use."""
    for path in WORKFLOWS:
        for job in jobs(path).values():
            yield from (step[name] for step in job["steps"] if name in step)


def commands() -> Iterator[str]:
    """Every command line of workflows, hooks and the one place that runs everything."""
    for text in steps("run"):
        yield from text.strip().splitlines()
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    for repo in hooks["repos"]:
        assert repo["repo"] == "local", "a hook from elsewhere is downloaded"
        yield from (hook["entry"] for hook in repo["hooks"])
    yield from re.findall(r"^make .*$", (ROOT / ".ci" / "run").read_text(), re.M)


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_a_command_is_one_of_the_makefile_or_the_environment(command: str) -> None:
    program, *arguments = command.split()
    if program == "make":
        target, *variables = arguments
        assert target in TARGETS
        for variable in variables:
            name, _, value = variable.partition("=")
            assert f"$({name})" in MAKEFILE
            assert name != "PARTS" or set(value.split()) <= PARTS
    elif program == "cosign":
        # Installed by the workflow itself; and never by a tag, which may be moved.
        assert arguments[0] in ("sign", "attest")
        assert arguments[-1] == '"$IMAGE@$DIGEST"'
    elif program == "sudo":
        # What a test is left out without.
        assert arguments in (["apt-get", "update"], ["apt-get", "install", "--yes", "pgbouncer"])
    else:
        assert program == ".venv/bin/ruff"
        assert re.search(r"^ruff==", (ROOT / "requirements/test.txt").read_text(), re.M)


def test_every_target_runs_a_script_that_there_is() -> None:
    scripts = re.findall(r"environment\.py (?:base|test) (\S+)", MAKEFILE)
    assert len(scripts) == len(TARGETS)
    for script in scripts:
        assert (ROOT / script).exists()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.M)
    assert set(phony.split()) == TARGETS


def test_all_parts_of_the_tests_run_on_every_push_side_by_side() -> None:
    (path,) = [each for each in WORKFLOWS if each.name == "tests.yml"]
    said = [step.get("run", "") for job in jobs(path).values() for step in job["steps"]]
    assert {part for text in said for part in re.findall(r"PARTS=(\w+)", text)} == PARTS
    assert "make check" in said
    assert not any("needs" in job for job in jobs(path).values())


def test_they_run_on_the_oldest_python_and_on_the_images() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    oldest = project["requires-python"].removeprefix(">=")
    (images,) = set(re.findall(r"^FROM python:(\d+\.\d+)", (ROOT / "Dockerfile").read_text(), re.M))
    for path in WORKFLOWS:
        for job in jobs(path).values():
            if matrix := job.get("strategy", {}).get("matrix"):
                assert matrix["python"] == [oldest, images]
            else:
                (version,) = [
                    step["with"]["python-version"]
                    for step in job["steps"]
                    if "python-version" in step.get("with", {})
                ]
                assert version == images


def test_their_database_is_the_one_that_sites_run_on() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    (path,) = [each for each in WORKFLOWS if each.name == "tests.yml"]
    service = jobs(path)["postgresql"]["services"]["database"]
    assert service["image"] == compose["services"]["database"]["image"]


def test_a_failure_with_the_newest_packages_stops_nobody_and_an_audit_does() -> None:
    (path,) = [each for each in WORKFLOWS if each.name == "weekly.yml"]
    assert jobs(path)["newest"]["continue-on-error"] is True
    assert "continue-on-error" not in jobs(path)["audit"]


@pytest.mark.parametrize("action", sorted(set(steps("uses"))))
def test_an_action_is_a_release(action: str) -> None:
    assert PINNED.match(action)


# An image is put where images lie, and signed as this workflow's.
MORE = {"release.yml": {"contents": "read", "packages": "write", "id-token": "write"}}


def test_a_workflow_may_read_and_no_more_but_release_an_image() -> None:
    for path in WORKFLOWS:
        workflow = yaml.safe_load(path.read_text())
        assert workflow["permissions"] == {"contents": "read"}
        given = [job["permissions"] for job in workflow["jobs"].values() if "permissions" in job]
        assert given == ([MORE[path.name]] if path.name in MORE else [])


def test_an_image_is_made_by_a_tag_alone_then_signed_and_its_packages_attested() -> None:
    (path,) = [each for each in WORKFLOWS if each.name == "release.yml"]
    # YAML takes the word "on" for true.
    assert yaml.safe_load(path.read_text())[True] == {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}
    said = [step["run"].split() for step in jobs(path)["image"]["steps"] if "run" in step]
    assert [words[:2] for words in said] == [
        ["make", "sbom"],
        ["cosign", "sign"],
        ["cosign", "attest"],
    ]
    assert "var/sbom.json" in said[2]


def test_the_robot_that_updates_reads_the_ranges_and_nothing_that_we_write() -> None:
    settings = json.loads((ROOT / "renovate.json").read_text())
    (pattern,) = settings["pip_requirements"]["managerFilePatterns"]
    names = [path.relative_to(ROOT).as_posix() for path in (ROOT / "requirements").iterdir()]
    chosen = {name for name in names if re.search(pattern.strip("/"), name)}
    assert chosen == {name for name in names if name.endswith(".in")}
