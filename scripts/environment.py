"""Makes the environment in .venv from the hash-locked requirements, then runs a script in it.

Usage: environment.py base|test SCRIPT [ARGUMENT...]

Kept to syntax and modules that an old Python 3 knows, so that it can say that it is too old.
"""

import fcntl
import glob
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST, NEWEST = (3, 11), (3, 14)
NAMES = ["python3.%d" % minor for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
# Where installers put a Python that is not on the path.
FOLDERS = ["/opt/homebrew/bin", "/usr/local/bin", "~/.local/bin", "~/.pyenv/versions/*/bin"]
# Prints the real program (not the one of a virtual environment) and the version.
PROBE = (
    "import sys; print(getattr(sys, '_base_executable', sys.executable)); "
    "print(sys.version_info[0], sys.version_info[1])"
)


def stop(sentence):
    sys.exit(sentence)


def find_python():
    """A Python of a supported version that can make environments; this one if it will do."""
    lacking = None
    for program in candidates():
        probed = call([program, "-I", "-c", PROBE])
        if probed.returncode:
            continue
        base, version = probed.stdout.strip().splitlines()
        if not OLDEST <= tuple(map(int, version.split())) <= NEWEST:
            continue
        if call([base, "-I", "-c", "import ensurepip, venv, sqlite3, ssl"]).returncode == 0:
            return base
        lacking = lacking or (base, version.replace(" ", "."))
    if lacking:
        stop(
            "%s lacks modules that environments need (venv, ensurepip, sqlite3, ssl): on Debian "
            "or Ubuntu install the package python%s-venv, elsewhere a complete Python; then run "
            "the command again." % lacking
        )
    return stop(
        "Pidpys needs Python 3.11, 3.12, 3.13 or 3.14, and none was found; python3 is Python "
        "%d.%d. Install one of them, then run the command again." % sys.version_info[:2]
    )


def candidates():
    """This Python, then others, newest first. Some may be mere names that do not run."""
    yield sys.executable
    for name in NAMES:
        found = shutil.which(name)
        if found:
            yield found
        for folder in FOLDERS:
            for path in sorted(glob.glob(os.path.join(os.path.expanduser(folder), name))):
                yield path


def call(command, **options):
    """Runs the command; what it says is kept, as text."""
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        errors="replace",
        **options,
    )


def lock_of(kind):
    return os.path.join(ROOT, "requirements", kind + ".txt")


def stamp_of(kind):
    digest = hashlib.sha256()
    for name in ["base"] if kind == "base" else ["base", "test"]:
        with open(lock_of(name), "rb") as lock:
            digest.update(lock.read())
    return digest.hexdigest()


def is_ready(kind):
    """Whether an environment stands that was finished with these very locks."""
    for each in [kind, "test"] if kind == "base" else [kind]:
        try:
            with open(os.path.join(VENV, "ready-" + each)) as stamp:
                if stamp.read() == stamp_of(each):
                    return call([PYTHON, "-c", "import django"]).returncode == 0
        except (OSError, ValueError):
            continue
    return False


def make(kind):
    """Starts afresh, unless what stands there only lacks the test packages."""
    if not (kind == "test" and is_ready("base")):
        python = find_python()
        print("Making the environment in .venv ...", flush=True)
        shutil.rmtree(VENV, ignore_errors=True)
        made = call([python, "-m", "venv", VENV])
        if made.returncode:
            explain(made.stdout + made.stderr)
    print("Installing the locked packages; the first time takes a minute ...", flush=True)
    installed = call(
        [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        + ["--no-input", "--retries", "2", "--timeout", "20", "--require-hashes"]
        + ["--only-binary", ":all:", "-r", lock_of(kind)],
        env=pip_environment(),
    )
    if installed.returncode:
        explain(installed.stderr)
    with open(os.path.join(VENV, "ready-" + kind), "w") as stamp:
        stamp.write(stamp_of(kind))


def pip_environment():
    """The lock alone decides what is installed, and where; how to reach an index is the user's."""
    environment = dict(os.environ, PIP_USER="0", PIP_CONSTRAINT=os.devnull)
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONPATH", "PYTHONHOME"):
        environment.pop(name, None)
    return environment


def explain(errors):
    if "No space left" in errors or "Disk quota exceeded" in errors:
        stop("The disk is full: make about 1 GB of room, then run the command again.")
    if "DO NOT MATCH THE HASHES" in errors.upper():
        stop(
            "A downloaded package is not the locked one, so it was not installed. Run the command "
            "again; if it says the same, your package index serves altered packages."
        )
    if "connection" in errors or "Connection" in errors or "Retrying" in errors:
        stop(
            "The package index cannot be reached: check the network, or pip's settings of index "
            "and proxy, then run the command again."
        )
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    reasons = [line for line in lines if line.startswith("ERROR")] or lines[-1:]
    stop("The environment cannot be made: %s" % (reasons or ["no reason was given"])[0])


def main():
    kind, script = sys.argv[1:3]
    # Two commands at once must not make the same environment.
    with open(lock_of(kind)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_ready(kind):
            make(kind)
    path = os.path.join(VENV, "bin") + os.pathsep + os.environ.get("PATH", os.defpath)
    environment = dict(os.environ, PATH=path, PYTHONPATH=ROOT)
    os.chdir(ROOT)
    os.execve(PYTHON, [PYTHON, script] + sys.argv[3:], environment)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        stop("Stopped. What was begun is finished by the next run.")
    except OSError as error:
        explain(str(error))
