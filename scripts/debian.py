"""Programs that tests and benchmarks need, installed where that takes nobody's leave."""

import os
import shutil
import subprocess


def install(*packages: str) -> None:
    """By Debian's own program as root; elsewhere nothing, and whoever asked says what lacks."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"Installing {' and '.join(packages)} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=environment)
    subprocess.run(["apt-get", "install", "-y", "-qq", *packages], env=environment)
