#!/usr/bin/env python3
"""Sets CML up and starts or tests it, with nothing but Python and a network to install from.

    python3 bootstrap.py run [options]     set up what is missing, then serve the app
    python3 bootstrap.py test [options]    set up what is missing, then run every check (options: pytest's)
    python3 bootstrap.py setup [--dev]     only set up (--dev: with the tools for checks and tests)

Everything goes into .venv in this folder and indexes/built. Running a command again skips
what is done and repairs what was interrupted. pip's own settings (PIP_INDEX_URL,
PIP_FIND_LINKS, PIP_CERT, a pip.conf …) are respected.
"""

# No `from __future__ import annotations` and quoted generics: this file must also be read by
# a Python that is too old, to say so in a sentence rather than in a SyntaxError.
import collections
import contextlib
import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "cml-installed.json"  # what is installed, as hashes of the requirement files
UNFINISHED = VENV / "cml-unfinished"  # there while .venv is being changed; left behind by an interruption
LOG = VENV / "cml-install.log"
OLDEST, NEWEST = (3, 10), (3, 13)
NEEDED_BYTES = 4 * 10**9  # 3.6 GB with CPU torch
USAGE = "usage: python3 bootstrap.py run|test|setup [options]"


class Stop(Exception):
    """Set-up cannot go on; the text says why and what to do."""


def main(arguments: "list[str]") -> int:
    """Runs one command.

    Args:
        arguments: the command and its options.

    Returns:
        The exit status.
    """
    if sys.version_info < OLDEST:
        print(too_old(), file=sys.stderr)
        return 1
    command, options = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command in ("", "-h", "--help", "help"):
        print((__doc__ or USAGE).strip())
        return 0 if command else 2
    development = command == "test" or (command == "setup" and options == ["--dev"])
    if command not in ("run", "test", "setup") or (command == "setup" and options and not development):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        with one_at_a_time():
            prepare(development)
            if command != "test":
                build_index()
        if command == "test":
            return check(options)
        return serve(options) if command == "run" else 0
    except Stop as exc:
        print(f"\n{exc}", file=sys.stderr)
    except OSError as exc:
        print(f"\n{explain(str(exc))}", file=sys.stderr)
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again: it carries on from here.", file=sys.stderr)
        return 130
    return 1


def too_old() -> str:
    """Says which Python is needed, naming one that is at hand and starts."""
    here = ".".join(map(str, sys.version_info[:3]))
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = f"python3.{minor}"
        if shutil.which(name) and subprocess.call([name, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return f"CML needs Python 3.10 to 3.13; this is {here}. Use: {name} bootstrap.py run"
    return f"CML needs Python 3.10 to 3.13; this is {here}. Install a newer Python, then run this again."


def prepare(development: bool) -> None:
    """Makes the environment and the text encoder; quick when all is there.

    Args:
        development: also install the tools for checks and tests.
    """
    ensure_environment()
    install(development)
    step("The text encoder could not be made.", "-m", "cml_mm.models.minilm_export")


def build_index() -> None:
    """Brings the starter index up to date. An index that the user has named is only made if missing."""
    named = os.environ.get("CML_INDEX")
    if named and Path(named).is_dir() and any(Path(named).iterdir()):
        return
    step("The index could not be built.", "-m", "cml_mm", "index")


def serve(options: "list[str]") -> int:
    """Hands over to the app, which then is this process (so that Ctrl-C and signals reach it)."""
    command = [str(python()), str(ROOT / "app.py"), *options]
    sys.stdout.flush()
    if os.name == "nt":
        return subprocess.call(command, env=environment())
    os.execve(command[0], command, environment())


def check(options: "list[str]") -> int:
    """Runs every check in turn; stops at the first that fails.

    Args:
        options: given to pytest.

    Returns:
        0, or the exit status of the check that failed.
    """
    lint_imports = "import sys; from importlinter.cli import lint_imports_command as main; sys.exit(main())"
    checks = (
        ("ruff (style)", ["-m", "ruff", "check", "."]),
        ("ruff (format)", ["-m", "ruff", "format", "--check", "."]),
        ("mypy (types)", ["-m", "mypy", "--strict", "cml_mm"]),
        ("import-linter (layers)", ["-c", lint_imports]),
        ("pytest", ["-m", "pytest", *options]),
    )
    env = dict(environment(), HF_HUB_OFFLINE="1")
    for name, command in checks:
        print(f"--- {name}", flush=True)
        status = subprocess.call([str(python()), *command], cwd=str(ROOT), env=env)
        if status:
            print(f"\nThe check «{name}» failed; what to mend stands above.", file=sys.stderr)
            return status
    return 0


def python() -> Path:
    """The environment's interpreter."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def environment() -> "dict[str, str]":
    """Variables for what runs inside .venv: the user's, less those that lead out of it."""
    outside = ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "__PYVENV_LAUNCHER__")
    kept = {key: value for key, value in os.environ.items() if key not in outside}
    return dict(kept, PIP_USER="0", PIP_NO_INPUT="1", PIP_DISABLE_PIP_VERSION_CHECK="1")


def step(failure: str, *command: str) -> None:
    """Runs one step in the environment; its own words on a failure stand above ours."""
    if subprocess.call([str(python()), *command], cwd=str(ROOT), env=environment()):
        raise Stop(f"{failure} The reason stands above; run the same command again once it is mended.")


@contextlib.contextmanager
def one_at_a_time() -> "collections.abc.Iterator[None]":
    """Two set-ups in one folder would break each other's installation: the second waits."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    # A lock on the folder itself leaves no file behind and ends with the process.
    handle = os.open(str(ROOT), os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is running in this folder; waiting for it.", flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def ensure_environment() -> None:
    """Makes .venv, or makes it anew where it is broken, unfinished or was moved here."""
    if VENV.exists() or VENV.is_symlink():
        if usable():
            return
        ours = (VENV / "pyvenv.cfg").is_file() or UNFINISHED.exists()
        if VENV.is_symlink() or (not ours and any(VENV.iterdir())):
            raise Stop(f"{VENV} is not an environment that Python made. Move it away, then run this again.")
        print("The environment in .venv is unfinished or broken; making it anew.", flush=True)
        shutil.rmtree(str(VENV))
    if shutil.disk_usage(str(ROOT)).free < NEEDED_BYTES:
        raise Stop(explain("No space left on device"))
    if sys.version_info[:2] > NEWEST:
        print("Note: tested with Python 3.10 to 3.13 only; should this fail, use one of those.", flush=True)
    print("Making the environment in .venv", flush=True)
    make_environment()


def usable() -> bool:
    """Whether .venv starts, has pip, was made at this place and no installation broke off."""
    if UNFINISHED.exists() or read_stamp().get("place", str(VENV)) != str(VENV):
        return False
    try:
        return subprocess.call([str(python()), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_environment() -> None:
    """With venv, or where Debian has left that out, with virtualenv fetched by pip."""
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    try:
        for module in ("venv", "ensurepip"):
            importlib.import_module(module)
    except ImportError:
        with tempfile.TemporaryDirectory() as folder:
            fetch = [sys.executable, "-m", "pip", "install", "-q", "--target", folder, "virtualenv"]
            made = subprocess.call(fetch, env=environment()) == 0 and (
                subprocess.call(
                    [sys.executable, "-m", "virtualenv", "-q", str(VENV)],
                    env=dict(environment(), PYTHONPATH=folder),
                )
                == 0
            )
    else:
        made = subprocess.call([sys.executable, "-m", "venv", str(VENV)], env=environment()) == 0
    if not made:
        raise Stop(
            "This Python cannot make virtual environments. On Debian or Ubuntu: "
            "apt install python3-venv; elsewhere: install Python with pip and venv. Then run this again."
        )
    UNFINISHED.unlink()


def install(development: bool) -> None:
    """Installs the requirements, unless the stamp says that these very ones are installed."""
    kind = "test" if development else "run"
    wanted = {name: fingerprint(name) for name in (("run", "test") if development else ("run",))}
    if read_stamp().get(kind) == wanted[kind]:
        return
    names = ["requirements.txt", "requirements-dev.txt"] if development else ["requirements.txt"]
    print(f"Installing what {' and '.join(names)} list: several gigabytes, some minutes", flush=True)
    # One call for all, under constraints: openai-whisper asks for torch, and must take the one pinned.
    options = [part for name in names for part in ("-r", name)]
    pip("install", *options, "-c", "constraints.txt")
    # Our own package, in place: gives .venv the `cml` command. Everything it needs is there by now.
    pip("install", "--no-deps", "--no-build-isolation", "--no-index", "-e", ".")
    STAMP.write_text(json.dumps(dict(wanted, place=str(VENV))), encoding="utf-8")
    with contextlib.suppress(FileNotFoundError):
        UNFINISHED.unlink()


def fingerprint(kind: str) -> str:
    """Hash of the requirement files of a kind of set-up ("run" or "test") and of Python's version."""
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for name in ("requirements.txt", "constraints.txt", "requirements-dev.txt")[: 3 if kind == "test" else 2]:
        digest.update((ROOT / name).read_bytes() + b"\0")
    return digest.hexdigest()


def read_stamp() -> "dict[str, str]":
    """What the last complete installation recorded; empty where there was none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def pip(*arguments: str) -> None:
    """Runs pip in the environment: a few lines of progress here, everything in the log."""
    command = [str(python()), "-m", "pip", *arguments]
    if arguments[0] == "install":
        command += ["--progress-bar", "off"]
    last: "collections.deque[str]" = collections.deque(maxlen=40)
    shown = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=str(ROOT),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        errors="replace",
    )
    with LOG.open("a", encoding="utf-8") as log, process:
        for line in process.stdout or ():
            log.write(line)
            last.append(line.rstrip())
            if line.startswith("Installing collected packages"):
                UNFINISHED.touch()  # until here nothing was changed, and a failure does no harm
            large = line.lstrip().startswith("Downloading") and " GB)" in line
            if large or time.monotonic() - shown > 20:
                print(f"  {line.split(' (from ')[0].strip()[:80]}", flush=True)
                shown = time.monotonic()
    if process.returncode:
        raise Stop(explain("\n".join(last)))


def explain(text: str) -> str:
    """Turns what pip or the system said into a sentence with the way out."""
    lower = text.lower()

    def said(*marks: str) -> bool:
        return any(mark in lower for mark in marks)

    if said("no space left", "disk quota exceeded"):
        return (
            f"The disk of {ROOT} is full. CML needs about 4 GB (8 GB with CUDA): "
            "make room, then run the same command again."
        )
    if said("read-only file system", "permission denied"):
        return f"{ROOT} cannot be written to. Copy the folder to a place of your own and run this there."
    if said("requires a different python", "requires-python"):
        return f"A package is not made for this Python ({sys.version.split()[0]}). Use Python 3.10 to 3.13."
    if said("certificate_verify_failed", "sslerror"):
        return (
            "A secure connection could not be made. Name your network's certificates with PIP_CERT, "
            "then run the same command again."
        )
    if said(
        "failed to establish a new connection",
        "name resolution",
        "name or service not known",
        "max retries",
        "connection refused",
        "connection reset",
        "timed out",
        "proxyerror",
        "(from versions: none)",
        "resolutionimpossible",  # the set is a tested one: the index does not show all of it
    ):
        return (
            "The packages could not be fetched. Check the network, and PIP_INDEX_URL or the proxy "
            f"if you use one, then run the same command again. The details are in {LOG}."
        )
    last = [line for line in text.splitlines() if line.strip()][-3:]
    return "\n".join([*last, f"Set-up stopped at the words above. The full log is {LOG}."])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
