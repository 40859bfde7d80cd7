"""Where libraries come from: folders and files as they are, git repositories fetched into a cache.

What a repository holds is only ever data: its hooks, submodules and symbolic links stay
unused, and a URL can choose neither a program to run nor a protocol beyond three.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

from cml_mm.errors import LibraryUnreadable
from cml_mm.types import LibrarySource

Progress = Callable[[str], None]

_PROTOCOLS = ("https", "ssh", "file")
_SECONDS_TO_FETCH = 600
_SECONDS_TO_LOOK = 20
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[^/]*)(?P<path>/.*)", re.I | re.S)
_SSH_SHORT = re.compile(r"(?P<user>[\w.-]+)@(?P<host>[\w.-]+):(?P<path>[^:]+)")
_OTHER_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*::?", re.I)  # `ext::`, `host:` …
_REF = re.compile(r"[A-Za-z0-9][\w.+/-]{0,199}")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_SECRET = re.compile(r"(?<=://)[^/@\s]+@")
_COMMITTER = re.compile(r"^committer .*> (\d{1,12}) ([+-])(\d\d)(\d\d)$", re.M)
_KINDS = "Give a folder, a file, or a git repository as https://…, ssh://…, git@host:path or file://…"

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


@dataclass(frozen=True)
class FetchedSource:
    """A library on disk, and where it came from.

    `path` is what to read. `url` is the repository without credentials, empty for folders and
    files. `commit` and `date` (ISO 8601, of the commit) are empty where no git repository
    tracks the place; changes that are not yet committed do not show in them. `notice` says
    what a reader must know, e.g. that an older copy is used.
    """

    path: Path
    name: str
    url: str
    commit: str
    date: str
    kind: Literal["git", "folder", "file"]
    notice: str = ""

    @property
    def source(self) -> LibrarySource:
        """What the index records of it: everything but the place on this machine."""
        return LibrarySource(self.name, self.url, self.commit, self.date, self.notice)


@dataclass(frozen=True)
class _Remote:
    url: str  # as git is given it, credentials included
    shown: str  # without credentials
    name: str
    ref: str  # what to fetch: "HEAD", "refs/heads/…", "refs/tags/…" or a commit


class _GitFailed(Exception):
    """What git said when it failed."""


def fetch_source(spec: str, cache: Path, progress: Progress | None = None) -> FetchedSource:
    """Bring a library source to disk.

    Args:
        spec: a folder, a file, or a git URL (`https://`, `ssh://`, `git@host:path`, `file://`),
            which may end in `#branch` or `@tag` (or `@` and a full commit).
        cache: folder for copies of repositories; made if it is missing.
        progress: is told in words what is being done.

    Returns:
        The source. A repository is copied once, without its history, and brought up to date on
        every later call; where it cannot be reached, the copy made earlier serves, and the notice
        says so.

    Raises:
        LibraryUnreadable: there is no such place, the URL is refused, or the repository cannot be
            reached and no copy is there.
    """
    remote = _remote(spec)
    if remote is None:
        return _local(Path(spec).expanduser())
    git = _git_binary()
    if git is None:
        raise LibraryUnreadable(f"{remote.shown} is a git repository, and git is not installed.", "Install git first.")
    key = hashlib.sha256(f"{remote.shown}\0{remote.ref}".encode()).hexdigest()[:12]
    place = cache / f"{remote.name}-{key}"
    if progress is not None:
        progress(f"Fetching {remote.shown}")
    notice = _bring(git, remote, place)
    commit, date = _commit_of(git, place)
    return FetchedSource(place, remote.name, remote.shown, commit, date, "git", notice)


def _remote(spec: str) -> _Remote | None:
    """The repository that a specification names, or None for a place on this machine.

    Raises:
        LibraryUnreadable: it names a repository in a way that is refused.
    """
    if spec.startswith("-"):
        raise LibraryUnreadable(f"{spec} is an option, no library.", _KINDS)
    if "://" not in spec and _SSH_SHORT.match(spec) is None:
        if _OTHER_REMOTE.match(spec) and not Path(spec).exists():
            raise LibraryUnreadable(f"{_shown(spec)} is no address of a repository.", _KINDS)
        return None
    base, ref = _split_ref(spec)
    found, short = _URL.fullmatch(base), _SSH_SHORT.fullmatch(base)
    if found is None and short is None:
        raise LibraryUnreadable(f"{_shown(spec)} is no address of a repository.", _KINDS)
    if found is not None and found["scheme"].lower() not in _PROTOCOLS:
        raise LibraryUnreadable(f"{_shown(spec)}: repositories are not fetched by {found['scheme']}.", _KINDS)
    host = found["host"] if found is not None else ""
    path = found["path"] if found is not None else short["path"] if short is not None else ""
    # A host or path that begins with a hyphen would reach ssh or git as an option.
    if _FORBIDDEN.search(base) or host.rpartition("@")[2].startswith("-") or path.lstrip("/").startswith("-"):
        raise LibraryUnreadable(f"{_shown(spec)} is no address of a repository.", _KINDS)
    if found is not None and not host and found["scheme"].lower() != "file":
        raise LibraryUnreadable(f"{_shown(spec)} names no server.", _KINDS)
    name = re.sub(r"[^\w.-]+", "-", path.rstrip("/").rpartition("/")[2].removesuffix(".git")).strip(".-")
    return _Remote(base, _shown(base), name or "library", ref)


def _split_ref(spec: str) -> tuple[str, str]:
    """The address and what to fetch from it.

    Raises:
        LibraryUnreadable: a branch or tag of a name that git does not allow.
    """
    base, mark, name = spec.partition("#")
    kind = "refs/heads/"
    if not mark:
        # "@" belongs to the user's name unless it stands in the last part of the path.
        path = spec.find("/", spec.find("://") + 3) if "://" in spec else spec.find(":")
        place = spec.find("@", max(path, spec.rfind("/"))) if path >= 0 else -1
        if place < 0:
            return spec, "HEAD"
        base, name, kind = spec[:place], spec[place + 1 :], "refs/tags/"
    if not _REF.fullmatch(name) or ".." in name or name.endswith((".", "/", ".lock")) or "//" in name:
        raise LibraryUnreadable(f"{name!r} is no name of a branch or tag.", "Write it as URL#branch or URL@tag.")
    if kind == "refs/tags/" and _COMMIT.fullmatch(name):
        return base, name
    return base, kind + name


def _shown(text: str) -> str:
    """An address, or a message with one, without names and passwords."""
    return _SECRET.sub("", text)


def _local(path: Path) -> FetchedSource:
    if not path.exists():
        raise LibraryUnreadable(f"There is no library at {path}.", _KINDS)
    place = path.resolve()
    commit, date = "", ""
    git = _git_binary()
    if git is not None:
        folder = place if place.is_dir() else place.parent
        inside = "HEAD:./" if place.is_dir() else f"HEAD:./{place.name}"
        try:
            _git(git, folder, _SECONDS_TO_LOOK, "rev-parse", "--verify", "--quiet", "--end-of-options", inside)
            commit, date = _commit_of(git, folder)
        except _GitFailed:
            pass  # no repository, or one that does not track this place
    return FetchedSource(path, place.name or str(place), "", commit, date, "folder" if path.is_dir() else "file")


def _bring(git: str, remote: _Remote, place: Path) -> str:
    """Make or renew the copy at `place`; the notice that an older one is used, else "".

    Raises:
        LibraryUnreadable: there is no copy and none could be made.
    """
    try:
        if (place / ".git").is_dir():
            try:
                _fetch(git, remote, place)
            except _GitFailed as exc:
                _commit_of(git, place)
                return f"{remote.shown} could not be fetched ({exc}); the copy made earlier is used."
            return ""
        place.parent.mkdir(parents=True, exist_ok=True)
        making = place.with_name(f".{place.name}.{os.getpid()}")
        shutil.rmtree(making, ignore_errors=True)
        try:
            _git(git, place.parent, _SECONDS_TO_LOOK, "init", "--quiet", "--template=", "--", str(making))
            _fetch(git, remote, making)
            shutil.rmtree(place, ignore_errors=True)
            making.rename(place)  # whole, or not there
        finally:
            shutil.rmtree(making, ignore_errors=True)
    except _GitFailed as exc:
        hint = "Check the address, the branch or tag and your network, then try again."
        raise LibraryUnreadable(f"{remote.shown} could not be fetched: {exc}.", hint) from exc
    except OSError as exc:
        reason = exc.strerror or "unknown reason"
        raise LibraryUnreadable(f"No copy could be kept in {place.parent}: {reason}.", "Name another folder.") from exc
    return ""


def _fetch(git: str, remote: _Remote, place: Path) -> None:
    # The URL is never stored: it may hold a password.
    options = ("--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules")
    _git(git, place, _SECONDS_TO_FETCH, "fetch", *options, "--", remote.url, remote.ref)
    _git(git, place, _SECONDS_TO_FETCH, "reset", "--quiet", "--hard", "FETCH_HEAD")
    _git(git, place, _SECONDS_TO_FETCH, "clean", "--quiet", "-ffdx")


def _commit_of(git: str, place: Path) -> tuple[str, str]:
    """Commit and date of what is checked out, by plumbing that no configuration can extend.

    Raises:
        _GitFailed: there is no commit.
    """
    commit = _git(git, place, _SECONDS_TO_LOOK, "rev-parse", "--verify", "HEAD^{commit}").strip()
    found = _COMMITTER.search(_git(git, place, _SECONDS_TO_LOOK, "cat-file", "commit", commit))
    if found is None:
        return commit, ""
    away = timedelta(hours=int(found[3]), minutes=int(found[4]))
    try:
        zone = timezone(-away if found[2] == "-" else away)
        return commit, datetime.fromtimestamp(int(found[1]), zone).isoformat()
    except (ValueError, OverflowError, OSError):
        return commit, ""


def _git_binary() -> str | None:
    return shutil.which("git")


def _git(git: str, place: Path, seconds: float, *arguments: str) -> str:
    """Run one git command in `place`; its output.

    Raises:
        _GitFailed: it failed or took too long.
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
        raise _GitFailed(exc.strerror or "git could not be started") from exc
    with process:
        try:
            output, said = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as exc:
            os.killpg(process.pid, signal.SIGKILL)
            raise _GitFailed(f"no answer within {seconds:g} seconds") from exc
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if process.returncode:
        raise _GitFailed(_reason(said.decode("utf-8", "replace")))
    return output.decode("utf-8", "replace")


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
    return {
        "GIT_SSH_COMMAND": "ssh -o BatchMode=yes",
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS": "true",
        "GIT_ALLOW_PROTOCOL": ":".join(_PROTOCOLS),
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C",
    }


def _reason(said: str) -> str:
    """The first line in which git names the fault."""
    lines = [line.strip() for line in _shown(said).splitlines() if line.strip()]
    fatal = next((line for line in lines if line.startswith(("fatal:", "error:", "ERROR:"))), "")
    reason = (fatal or next(iter(lines), "git gave no reason")).partition(": ")
    return (reason[2] if fatal else "".join(reason)).rstrip(".")[:300]
