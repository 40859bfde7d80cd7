"""Where libraries come from: folders and files as they are, git repositories fetched into a cache.

What a repository holds is only ever data: its hooks, submodules and symbolic links stay
unused, and a URL can choose neither a program to run nor a protocol beyond three.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from cml_mm.corpus.git_process import PROTOCOLS, SECONDS_TO_LOOK, GitFailed, commit_of, git_binary, run_git, shown
from cml_mm.errors import LibraryUnreadable
from cml_mm.types import LibrarySource

Progress = Callable[[str], None]

_SECONDS_TO_FETCH = 600
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>[^/]*)(?P<path>/.*)", re.I | re.S)
_SSH_SHORT = re.compile(r"(?P<user>[\w.-]+)@(?P<host>[\w.-]+):(?P<path>[^:]+)")
_OTHER_REMOTE = re.compile(r"[a-z][a-z0-9+.-]*::?", re.I)  # `ext::`, `host:` …
_REF = re.compile(r"[A-Za-z0-9][\w.+/-]{0,199}")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")
_KINDS = "Give a folder, a file, or a git repository as https://…, ssh://…, git@host:path or file://…"


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
    git = git_binary()
    if git is None:
        raise LibraryUnreadable(f"{remote.shown} is a git repository, and git is not installed.", "Install git first.")
    key = hashlib.sha256(f"{remote.shown}\0{remote.ref}".encode()).hexdigest()[:12]
    place = cache / f"{remote.name}-{key}"
    if progress is not None:
        progress(f"Fetching {remote.shown}")
    notice = _bring(git, remote, place)
    commit, date = commit_of(git, place)
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
            raise LibraryUnreadable(f"{shown(spec)} is no address of a repository.", _KINDS)
        return None
    base, ref = _split_ref(spec)
    found, short = _URL.fullmatch(base), _SSH_SHORT.fullmatch(base)
    if found is None and short is None:
        raise LibraryUnreadable(f"{shown(spec)} is no address of a repository.", _KINDS)
    if found is not None and found["scheme"].lower() not in PROTOCOLS:
        raise LibraryUnreadable(f"{shown(spec)}: repositories are not fetched by {found['scheme']}.", _KINDS)
    host = found["host"] if found is not None else ""
    path = found["path"] if found is not None else short["path"] if short is not None else ""
    # A host or path that begins with a hyphen would reach ssh or git as an option.
    if _FORBIDDEN.search(base) or host.rpartition("@")[2].startswith("-") or path.lstrip("/").startswith("-"):
        raise LibraryUnreadable(f"{shown(spec)} is no address of a repository.", _KINDS)
    if found is not None and not host and found["scheme"].lower() != "file":
        raise LibraryUnreadable(f"{shown(spec)} names no server.", _KINDS)
    name = re.sub(r"[^\w.-]+", "-", path.rstrip("/").rpartition("/")[2].removesuffix(".git")).strip(".-")
    return _Remote(base, shown(base), name or "library", ref)


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


def _local(path: Path) -> FetchedSource:
    if not path.exists():
        raise LibraryUnreadable(f"There is no library at {path}.", _KINDS)
    place = path.resolve()
    commit, date = "", ""
    git = git_binary()
    if git is not None:
        folder = place if place.is_dir() else place.parent
        inside = "HEAD:./" if place.is_dir() else f"HEAD:./{place.name}"
        try:
            run_git(git, folder, SECONDS_TO_LOOK, "rev-parse", "--verify", "--quiet", "--end-of-options", inside)
            commit, date = commit_of(git, folder)
        except GitFailed:
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
                with _alone(place):
                    _fetch(git, remote, place)
            except GitFailed as exc:
                commit_of(git, place)
                return f"{remote.shown} could not be fetched ({exc}); the copy made earlier is used."
            return ""
        place.parent.mkdir(parents=True, exist_ok=True)
        _clone(git, remote, place)
    except GitFailed as exc:
        hint = "Check the address, the branch or tag and your network, then try again."
        raise LibraryUnreadable(f"{remote.shown} could not be fetched: {exc}.", hint) from exc
    except OSError as exc:
        reason = exc.strerror or "unknown reason"
        raise LibraryUnreadable(f"No copy could be kept in {place.parent}: {reason}.", "Name another folder.") from exc
    return ""


def _clone(git: str, remote: _Remote, place: Path) -> None:
    """Make a copy beside `place`, then put it there.

    Raises:
        GitFailed: it could not be fetched.
    """
    making = place.with_name(f".{place.name}.{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    try:
        run_git(git, place.parent, SECONDS_TO_LOOK, "init", "--quiet", "--template=", "--", str(making))
        _fetch(git, remote, making)
        if not (place / ".git").is_dir():  # else another process was quicker
            shutil.rmtree(place, ignore_errors=True)
            making.rename(place)  # whole, or not there
    finally:
        shutil.rmtree(making, ignore_errors=True)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """One process at a time brings a copy up to date; what a git that was killed left behind is taken away.

    Raises:
        GitFailed: another process has been at it for too long, or the copy cannot be written.
    """
    lock = FileLock(place / ".git" / "cml-fetching")
    try:
        lock.acquire(timeout=_SECONDS_TO_FETCH)
    except Timeout as exc:
        raise GitFailed("another process has been fetching it for too long") from exc
    except OSError as exc:
        raise GitFailed(exc.strerror or "the copy cannot be written") from exc
    try:
        for left in (place / ".git").rglob("*.lock"):  # git would refuse to work here ever again
            left.unlink(missing_ok=True)
        yield
    finally:
        lock.release()


def _fetch(git: str, remote: _Remote, place: Path) -> None:
    # The URL is never stored: it may hold a password.
    options = ("--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules")
    run_git(git, place, _SECONDS_TO_FETCH, "fetch", *options, "--", remote.url, remote.ref)
    run_git(git, place, _SECONDS_TO_FETCH, "reset", "--quiet", "--hard", "FETCH_HEAD")
    run_git(git, place, _SECONDS_TO_FETCH, "clean", "--quiet", "-ffdx")
