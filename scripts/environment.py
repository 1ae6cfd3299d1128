"""Makes the environment in .venv from the hash-locked requirements, then runs a script in it.

Usage: environment.py base|test SCRIPT [ARGUMENT...]

Kept to syntax and modules that an old Python 3 knows, so that it can say that it is too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)
KNOWN = ["python3.14", "python3.13", "python3.12", "python3.11"]


def stop(sentence):
    sys.exit(sentence)


def find_python():
    """This Python when it is new enough, else a newer one on the path."""
    if sys.version_info[:2] >= OLDEST:
        return sys.executable
    for name in KNOWN:
        found = shutil.which(name)
        works = found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0
        if works:
            return found
    return stop(
        "Pidpys needs Python 3.11 or later; this is Python %d.%d. Please install a newer one."
        % sys.version_info[:2]
    )


def stamp_of(kind):
    digest = hashlib.sha256()
    names = ["base.txt"] if kind == "base" else ["base.txt", "test.txt"]
    for name in names:
        with open(os.path.join(ROOT, "requirements", name), "rb") as lock:
            digest.update(lock.read())
    return digest.hexdigest()


def is_ready(kind):
    """Whether an environment stands that was finished with these very locks."""
    kinds = [kind, "test"] if kind == "base" else [kind]
    for each in kinds:
        try:
            with open(os.path.join(VENV, "ready-" + each)) as stamp:
                if stamp.read() == stamp_of(each):
                    return subprocess.call([PYTHON, "-c", "import django"]) == 0
        except (OSError, ValueError):
            continue
    return False


def make(kind):
    """Starts afresh, unless what stands there only lacks the test packages."""
    if not (kind == "test" and is_ready("base")):
        shutil.rmtree(VENV, ignore_errors=True)
        print("Making the environment in .venv …", flush=True)
        made = subprocess.run(
            [find_python(), "-m", "venv", VENV], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        if made.returncode:
            stop(
                "The environment cannot be made: this Python lacks venv. On Debian or Ubuntu, "
                "install the package python3-venv; elsewhere, a Python from python.org."
            )
    print("Installing the locked packages …", flush=True)
    installed = subprocess.run(
        [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        + ["--no-input", "--retries", "2", "--timeout", "20", "--require-hashes"]
        + ["--only-binary", ":all:", "-r", os.path.join(ROOT, "requirements", kind + ".txt")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    if installed.returncode:
        explain(installed.stderr.decode("utf-8", "replace"))
    with open(os.path.join(VENV, "ready-" + kind), "w") as stamp:
        stamp.write(stamp_of(kind))


def explain(errors):
    if "No space left" in errors:
        stop("The disk is full: make about 600 MB of room, then run the command again.")
    if "do not match the hashes" in errors or "DO NOT MATCH THE HASHES" in errors:
        stop("A downloaded package is not the locked one, so nothing was installed. Try again.")
    if "Could not find a version" in errors or "Connection" in errors or "Retrying" in errors:
        stop(
            "The packages cannot be downloaded: the package index does not answer. "
            "Check the connection, then run the command again."
        )
    last = [line for line in errors.strip().splitlines() if line][-1:] or ["no reason given"]
    stop("The packages cannot be installed: %s" % last[0])


def main():
    kind, script = sys.argv[1:3]
    if sys.version_info[:2] < OLDEST:
        newer = find_python()
        os.execv(newer, [newer] + sys.argv)
    if not is_ready(kind):
        make(kind)
    environment = dict(os.environ, PATH=os.path.join(VENV, "bin") + os.pathsep + os.environ["PATH"])
    environment["PYTHONPATH"] = ROOT
    os.chdir(ROOT)
    os.execve(PYTHON, [PYTHON, script] + sys.argv[3:], environment)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("Stopped.")
    except OSError as error:
        stop("The environment cannot be made: %s." % error)
