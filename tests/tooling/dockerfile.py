"""Carries out a Dockerfile without an engine: every step for real, in a folder in place of "/".

A path of the image becomes the same path below that folder; nothing else of a step is changed.
Who owns the files, and as whom the server runs, is the engine's to do.
"""

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

# Folders of the image that the steps make; all others are the machine's.
IMAGE_FOLDERS = re.compile(r"(?<![\w.$/-])(/opt|/srv)(?=[/\s:;]|$)")


def instructions(text: str) -> list[tuple[str, str]]:
    """Each instruction's name and arguments, its lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    steps = [line.split(None, 1) for line in joined.splitlines() if line.strip()]
    return [(name.upper(), arguments.strip()) for name, arguments in steps]


def is_ignored(path: str, patterns: list[str]) -> bool:
    """Whether .dockerignore keeps the path out. "**/" means at any depth."""
    parts = path.split("/")
    return any(
        fnmatch.fnmatch(parts[-1], pattern[3:])
        if pattern.startswith("**/")
        else fnmatch.fnmatch(path, pattern)
        for pattern in patterns
    )


@dataclass
class Builder:
    context: Path
    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    command: list[str] = field(default_factory=list)
    check: list[str] = field(default_factory=list)
    user: str = ""
    stages: dict[str, Path] = field(default_factory=dict)
    stage: str = ""

    def build(self) -> None:
        for name, arguments in instructions((self.context / "Dockerfile").read_text()):
            getattr(self, f"do_{name.lower()}")(arguments)

    def here(self, path: str) -> str:
        return IMAGE_FOLDERS.sub(rf"{self.root}\1", path)

    def start_environment(self, **more: str) -> dict[str, str]:
        """What a container starts with, and not one variable of this machine's."""
        python = str(Path(getattr(sys, "_base_executable", sys.executable)).parent)
        home = self.root / "root"
        home.mkdir(parents=True, exist_ok=True)
        environment = {"PATH": f"{python}:/usr/bin:/bin", "HOME": str(home)}
        for name, value in self.environment.items():
            environment[name] = self.here(value).replace("$PATH", environment["PATH"])
        return environment | more

    def arguments(self, command: list[str]) -> list[str]:
        """The command with its program looked up on the image's path."""
        program = shutil.which(command[0], path=self.start_environment()["PATH"])
        assert program, f"{command[0]} is not in the image"
        return [program, *command[1:]]

    def working_folder(self) -> Path:
        return Path(self.here(self.folder))

    def do_from(self, arguments: str) -> None:
        """A new stage takes the old one's place, so that paths written into files stay true."""
        if self.root.exists():
            kept = self.root.with_name(f"stage-{self.stage}")
            self.root.rename(kept)
            self.stages[self.stage] = kept
        self.stage = arguments.split(" AS ")[1] if " AS " in arguments else "last"
        self.root.mkdir()
        self.environment, self.folder, self.user = {}, "/", ""

    def do_workdir(self, arguments: str) -> None:
        self.folder = arguments
        self.working_folder().mkdir(parents=True, exist_ok=True)

    def do_env(self, arguments: str) -> None:
        self.environment |= dict(pair.split("=", 1) for pair in shlex.split(arguments))

    def do_run(self, arguments: str) -> None:
        if arguments.startswith("apt-get "):
            # Programs of the system, which is the machine's here.
            return
        subprocess.run(
            ["/bin/sh", "-c", self.here(arguments)],
            cwd=self.working_folder(),
            env=self.start_environment(),
            check=True,
        )

    def do_copy(self, arguments: str) -> None:
        options = dict(word[2:].split("=") for word in arguments.split() if word.startswith("--"))
        source, target = [word for word in arguments.split() if not word.startswith("--")]
        destination = self.working_folder() / self.here(target)
        if "from" in options:
            source_path = self.stages[options["from"]] / source.lstrip("/")
            shutil.copytree(source_path, destination, symlinks=True, dirs_exist_ok=True)
        elif source == ".":
            self.copy_context(destination)
        else:
            destination.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.context / source, destination)

    def copy_context(self, destination: Path) -> None:
        patterns = (self.context / ".dockerignore").read_text().split()

        def ignored(folder: str, names: list[str]) -> list[str]:
            paths = {name: os.path.relpath(Path(folder, name), self.context) for name in names}
            return [name for name, path in paths.items() if is_ignored(path, patterns)]

        shutil.copytree(self.context, destination, ignore=ignored, dirs_exist_ok=True)

    def do_user(self, arguments: str) -> None:
        self.user = arguments

    def do_expose(self, arguments: str) -> None:
        assert arguments.isdigit()

    def do_healthcheck(self, arguments: str) -> None:
        self.check = json.loads(arguments.split("CMD", 1)[1])

    def do_cmd(self, arguments: str) -> None:
        self.command = json.loads(arguments)
