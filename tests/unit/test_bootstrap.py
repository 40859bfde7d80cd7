"""bootstrap.py: what it skips, what it repairs and what it says; real processes, nothing installed."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements.txt", "requirements-dev.txt", "constraints.txt")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with bootstrap.py and requirement files that cannot be met."""
    shutil.copy(ROOT / "bootstrap.py", tmp_path)
    for name in FILES:
        (tmp_path / name).write_text("no-such-package-of-cml==1\n" if name == "requirements.txt" else "")
    return tmp_path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment to copy from; making one takes seconds."""
    folder = tmp_path_factory.mktemp("made") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder


@pytest.fixture
def ready(checkout: Path, made: Path) -> Path:
    """A checkout whose .venv works."""
    shutil.copytree(made, checkout / ".venv", symlinks=True)
    return checkout


def run(checkout: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs this Python in the checkout, with pip kept off the network."""
    env = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", **variables}
    return subprocess.run(
        [sys.executable, *command],
        cwd=checkout,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def call(checkout: Path, expression: str, **variables: str) -> str:
    """The value of an expression inside bootstrap.py, as printed."""
    result = run(checkout, "-c", f"from bootstrap import *\nprint(({expression}))", **variables)
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


def test_an_old_python_can_read_it_to_be_told() -> None:
    ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_it_needs_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"))
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    assert names <= set(sys.stdlib_module_names) | {"importlinter"}


@pytest.mark.parametrize("arguments", [[], ["fly"], ["setup", "more"]])
def test_wrong_commands_show_the_usage(checkout: Path, arguments: list[str]) -> None:
    result = run(checkout, "bootstrap.py", *arguments)
    assert result.returncode == 2
    assert "python3 bootstrap.py" in result.stdout + result.stderr
    assert not (checkout / ".venv").exists()


def test_help_is_a_success(checkout: Path) -> None:
    assert "python3 bootstrap.py test" in run(checkout, "bootstrap.py", "--help").stdout


def test_a_stamp_holds_for_these_very_files(checkout: Path) -> None:
    before = call(checkout, "fingerprint('run'), fingerprint('test')")
    assert call(checkout, "fingerprint('run'), fingerprint('test')") == before
    (checkout / "requirements-dev.txt").write_text("more\n")
    run_before, run_after = (
        ast.literal_eval(text)[0] for text in (before, call(checkout, "fingerprint('run'), fingerprint('test')"))
    )
    assert run_before == run_after
    assert call(checkout, "fingerprint('test')") != ast.literal_eval(before)[1]
    (checkout / "constraints.txt").write_text("more\n")
    assert call(checkout, "fingerprint('run')") != run_before


def test_what_is_installed_is_not_installed_again(ready: Path) -> None:
    prints = ast.literal_eval(call(ready, "{kind: fingerprint(kind) for kind in ('run', 'test')}"))
    (ready / ".venv" / "cml-installed.json").write_text(json.dumps({**prints, "place": str(ready / ".venv")}))
    assert call(ready, "ensure_environment(), install(True), install(False)") == "(None, None, None)"


def test_without_a_network_it_says_so_and_harms_nothing(ready: Path) -> None:
    result = run(ready, "bootstrap.py", "setup")
    assert result.returncode == 1
    assert "The packages could not be fetched. Check the network" in result.stderr
    assert "Traceback" not in result.stderr
    assert call(ready, "usable()") == "True"


def test_an_interrupted_installation_is_made_anew(ready: Path) -> None:
    (ready / ".venv" / "cml-unfinished").touch()
    (ready / ".venv" / "left-over").touch()
    assert "making it anew" in call(ready, "ensure_environment()")
    assert not (ready / ".venv" / "left-over").exists()
    assert call(ready, "usable()") == "True"


@pytest.mark.parametrize("stamp", ["{}", "", "[]"])
def test_an_unreadable_stamp_means_nothing_is_known(ready: Path, stamp: str) -> None:
    (ready / ".venv" / "cml-installed.json").write_text(stamp)
    assert call(ready, "read_stamp(), usable()") == "({}, True)"


def test_an_environment_that_was_moved_here_is_not_used(ready: Path) -> None:
    (ready / ".venv" / "cml-installed.json").write_text(json.dumps({"place": "/elsewhere/.venv"}))
    assert call(ready, "usable()") == "False"


def test_a_folder_of_someone_else_is_left_alone(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "letter.txt").write_text("mine")
    result = run(checkout, "bootstrap.py", "setup")
    assert result.returncode == 1
    assert "Move it away" in result.stderr
    assert (checkout / ".venv" / "letter.txt").read_text() == "mine"


def test_a_python_without_venv_names_the_package_to_install(checkout: Path, tmp_path: Path) -> None:
    # As Debian does it without python3-venv: the import of ensurepip fails
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "ensurepip.py").write_text("raise ImportError")
    result = run(checkout, "bootstrap.py", "setup", PYTHONPATH=str(broken))
    assert result.returncode == 1
    assert "apt install python3-venv" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_index_that_the_user_has_named_is_not_touched(checkout: Path) -> None:
    index = checkout / "mine"
    index.mkdir()
    (index / "snapshot").touch()
    assert call(checkout, "build_index()", CML_INDEX=str(index)) == "None"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "is full",
        ),
        ("OSError: [Errno 30] Read-only file system: '/app/.venv'", "Copy the folder to a place of your own"),
        ("[Errno 13] Permission denied: '.venv'", "Copy the folder to a place of your own"),
        ("Retrying after NewConnectionError: Failed to establish a new connection", "Check the network"),
        ("ERROR: ResolutionImpossible: for help visit the manual", "Check the network"),
        ("Temporary failure in name resolution", "Check the network"),
        ("SSLError(SSLCertVerificationError(1, CERTIFICATE_VERIFY_FAILED))", "PIP_CERT"),
        ("ERROR: Package 'x' requires a different Python: 3.9.1 not in '>=3.10'", "Use Python 3.10 to 3.13"),
        ("something\nnobody has seen", "nobody has seen"),
    ],
)
def test_failures_become_a_sentence_with_the_way_out(checkout: Path, said: str, sentence: str) -> None:
    assert sentence in call(checkout, f"explain({said!r})")


def test_settings_that_lead_out_of_the_environment_are_dropped(checkout: Path) -> None:
    shown = call(
        checkout,
        "[environment().get(key) for key in ('PIP_TARGET', 'PYTHONHOME', 'PIP_USER', 'PIP_INDEX_URL')]",
        PIP_TARGET="/elsewhere",
        PIP_INDEX_URL="file:///mirror",
    )
    assert shown == "[None, None, '0', 'file:///mirror']"
