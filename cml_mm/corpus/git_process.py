"""Running git: a few commands, in a folder of ours, that no configuration or repository can turn into others."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

PROTOCOLS = ("https", "ssh", "file")
SECONDS_TO_LOOK = 20
_SECRET = re.compile(r"(?<=://)[^/@\s]+@")
_COMMITTER = re.compile(r"^committer .*> (\d{1,12}) ([+-])(\d\d)(\d\d)$", re.M)

# Settings that neither the user's configuration nor a repository may change.
_SAFE = (
    "core.hooksPath=/dev/null",
    "core.symlinks=false",
    "core.fsmonitor=false",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "protocol.ext.allow=never",
    "gc.auto=0",
    "maintenance.auto=false",
)
# A caller may itself be run by git, whose variables would send our commands to its own repository.
_NOT_OURS = frozenset(
    """GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR
    GIT_NAMESPACE GIT_PREFIX GIT_EXEC_PATH GIT_TEMPLATE_DIR GIT_CONFIG_COUNT GIT_CONFIG_PARAMETERS""".split()
)


class GitFailed(Exception):
    """What git said when it failed."""


def git_binary() -> str | None:
    """Where git is installed, or None."""
    return shutil.which("git")


def run_git(git: str, place: Path, seconds: float, *arguments: str) -> str:
    """Run one git command in `place`; its output.

    Raises:
        GitFailed: it failed or took too long.
    """
    safe = [part for setting in _SAFE for part in ("-c", setting)]
    command: Sequence[str] = [git, *safe, *arguments]
    try:
        # A session of its own, so that git's helpers (ssh, the https client) end with it.
        process = subprocess.Popen(
            command,
            cwd=place,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as exc:
        raise GitFailed(exc.strerror or "git could not be started") from exc
    with process:
        try:
            output, said = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as exc:
            os.killpg(process.pid, signal.SIGKILL)
            raise GitFailed(f"no answer within {seconds:g} seconds") from exc
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        raise GitFailed(_reason(said.decode("utf-8", "replace")))
    return output.decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    return {
        "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "GIT_ALLOW_PROTOCOL": ":".join(PROTOCOLS),
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C",
    }


def _reason(said: str) -> str:
    """The first line in which git names the fault."""
    lines = [line.strip() for line in shown(said).splitlines() if line.strip()]
    fatal = next((line for line in lines if line.startswith(("fatal:", "error:", "ERROR:"))), "")
    reason = (fatal or next(iter(lines), "git gave no reason")).partition(": ")
    return (reason[2] if fatal else "".join(reason)).rstrip(".")[:300]


def commit_of(git: str, place: Path) -> tuple[str, str]:
    """Commit and date of what is checked out, by plumbing that no configuration can extend.

    Raises:
        GitFailed: there is no commit.
    """
    commit = run_git(git, place, SECONDS_TO_LOOK, "rev-parse", "--verify", "HEAD^{commit}").strip()
    found = _COMMITTER.search(run_git(git, place, SECONDS_TO_LOOK, "cat-file", "commit", commit))
    if found is None:
        return commit, ""
    away = timedelta(hours=int(found[3]), minutes=int(found[4]))
    try:
        zone = timezone(-away if found[2] == "-" else away)
        return commit, datetime.fromtimestamp(int(found[1]), zone).isoformat()
    except (ValueError, OverflowError, OSError):
        return commit, ""


def shown(text: str) -> str:
    """An address, or a message with one, without names and passwords."""
    return _SECRET.sub("", text)
