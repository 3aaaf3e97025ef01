"""Make the project's environment in .venv and run one of its two commands there.

    python3 bootstrap.py report [OPTION...]   write the report (the options of `muon-theory report`)
    python3 bootstrap.py test   [OPTION...]   run the tests (the options of pytest)
    python3 bootstrap.py setup                make or refresh the environment, and stop there

Needs Python 3.11 or newer with pip or ensurepip, and nothing else: it installs into .venv beside this file and never
into the system. Where packages come from is pip's own configuration (PIP_INDEX_URL, PIP_FIND_LINKS, pip.conf).
The first run downloads; later runs start at once. What pip said is in .venv/install.log.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 — before the other imports: an old Python is told so, without a traceback
    sys.exit(
        f"bootstrap: needs Python 3.11 or newer, and this is {sys.version.split()[0]}; run it with a newer python3"
    )

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed.json"
LOG = VENV / "install.log"

VERSION = 1  # raise it when environments made by an earlier bootstrap must be made anew
REQUIREMENT = ".[all]"
TAIL = 20  # lines of pip's output shown after a failure


class BootstrapError(Exception):
    """The environment cannot be made; the message says why and what to do."""


def main(argv: list[str]) -> int:
    """Prepare the environment and become the command asked for."""
    verb, *rest = argv or [""]
    if verb in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    if verb not in ("report", "test", "setup"):
        problem = f"there is no command {verb!r}" if verb else "a command is missing"
        say(f"{problem}; choose report, test or setup (see --help)")
        return 2
    if verb == "setup" and rest:
        say(f"setup takes no arguments, and got {' '.join(rest)}")
        return 2
    try:
        prepare()
    except BootstrapError as error:
        say(str(error))
        return 1
    except OSError as error:  # a read-only checkout, a full disk
        say(f"cannot prepare .venv: {error}; put that right, then run this again")
        return 1
    except KeyboardInterrupt:
        say("interrupted; the next run starts the installation afresh")
        return 130
    if verb == "setup":
        return 0
    sys.stdout.flush()
    if verb == "report":  # in the caller's directory, so that a relative --out means what it says
        return become([str(VENV / "bin" / "muon-theory"), "report", "--pdf", *rest])
    os.chdir(ROOT)
    return become([str(PYTHON), "-m", "pytest", *rest])


def become(command: list[str]) -> int:
    """Replace this process, so that signals and the exit status are the command's own."""
    os.execv(command[0], command)


def say(line: str) -> None:
    """Tell the user on stderr; stdout belongs to the command."""
    print(f"bootstrap: {line}", file=sys.stderr, flush=True)


# The environment ------------------------------------------------------------------------------------------------------


def prepare() -> None:
    """Make .venv what it should be, unless its stamp says that it is.

    The stamp is written last and in one step: an environment with a stamp is complete, one without is thrown away.
    """
    wanted = expected_stamp()
    if read_stamp() == wanted:
        return
    if Path(sys.prefix) == VENV:
        raise BootstrapError(".venv is out of date, and its own Python cannot remake it; run this with python3 instead")
    with only_one_at_a_time():
        found = read_stamp()  # another run may have finished the work while this one waited
        if found == wanted:
            return
        began = time.monotonic()
        if found is not None and found["base"] == wanted["base"]:
            say("pyproject.toml changed: updating .venv")
            STAMP.unlink()
        else:
            make_venv()
        install()
        write_stamp(wanted)
        say(f".venv is ready ({time.monotonic() - began:.0f} s)")


def expected_stamp() -> dict[str, object]:
    """What decides the content of .venv: `base` means a new one is needed, `project` that an update will do."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [project["build-system"], project["project"], REQUIREMENT]  # not [tool]: lint settings install nothing
    return {
        "base": {"bootstrap": VERSION, "python": sys.version, "root": str(ROOT)},  # a moved environment is broken
        "project": hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest(),
    }


def read_stamp() -> dict[str, object] | None:
    """The stamp of a complete environment, or None."""
    if not PYTHON.exists():  # also false where the interpreter behind the link is gone
        return None
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) and {"base", "project"} <= stamp.keys() else None


def write_stamp(stamp: dict[str, object]) -> None:
    """Put the stamp in place whole."""
    partial = STAMP.with_suffix(".partial")
    partial.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    partial.replace(STAMP)


@contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Hold a lock on this very file while installing; the system releases it however the process ends.

    A pip that outlives us inherits the lock, so nobody wipes .venv under it.
    """
    with open(__file__, "rb") as own:
        os.set_inheritable(own.fileno(), True)
        try:
            fcntl.flock(own, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another bootstrap is installing; waiting for it")
            fcntl.flock(own, fcntl.LOCK_EX)
        yield


def make_venv() -> None:
    """A fresh, empty .venv; pip stays outside it where the host has one."""
    if not has("venv"):
        raise BootstrapError("this Python has no venv module; install it (Debian: apt install python3-venv)")
    if not has("pip") and not has("ensurepip"):
        raise BootstrapError("this Python has neither pip nor ensurepip; install one (Debian: apt install python3-pip)")
    if VENV.is_symlink() or VENV.is_file():
        raise BootstrapError(f"{VENV} is not a directory; remove it and run this again")
    say("making .venv")
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    logged([sys.executable, "-m", "venv", "--without-pip", str(VENV)], "python -m venv failed")
    if not has("pip"):
        logged([str(PYTHON), "-m", "ensurepip"], "ensurepip failed")


def install() -> None:
    """Let pip install the project, editable, with all its extras."""
    pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)] if has("pip") else [str(PYTHON), "-m", "pip"]
    say("installing the project and its dependencies; the first time takes a few minutes")
    logged([*pip, "install", "--no-input", "--editable", REQUIREMENT], "pip could not install the dependencies")


def has(module: str) -> bool:
    """Whether the Python that runs this can import the module."""
    return importlib.util.find_spec(module) is not None


def logged(command: list[str], failure: str) -> None:
    """Run a command with its output in the log, which keeps the last one's; on failure show the end of it."""
    with LOG.open("wb") as log:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            close_fds=False,  # which hands the lock down
        )
    if done.returncode == 0:
        return
    lines = LOG.read_text(encoding="utf-8", errors="replace").splitlines()
    print(*lines[-TAIL:], sep="\n", file=sys.stderr)
    errors = [line.strip().removeprefix("ERROR: ") for line in lines if line.strip().startswith("ERROR: ")]
    reason = errors[-1] if errors else f"exit status {done.returncode}"
    raise BootstrapError(f"{failure}: {reason} (log: {LOG}); check the network and pip's settings, then run this again")


def environment() -> dict[str, str]:
    """The caller's environment without what would send packages elsewhere, or find them elsewhere."""
    astray = {"PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"}
    return {name: value for name, value in os.environ.items() if name not in astray} | {"PIP_USER": "0"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
