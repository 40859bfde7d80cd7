"""Brings models from the hub, or the server that HF_ENDPOINT names, into its cache, where loaders find them by id.

Not by `snapshot_download`, for three reasons: it throws a file that was cut away, it compares sizes only, and it shows
a snapshot before all of it is there. Here a cut file goes on where it stopped, every file
has to yield the digest that the hub lists, and a snapshot appears when it is whole. Plain HTTP is used, which the hub
offers for every file below 50 GB.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from cml_mm.errors import InputError, ModelError, StoreBusy, StoreFull
from cml_mm.models.cards import HostedFile
from cml_mm.models.fitting import disk_free_bytes, gigabytes
from cml_mm.models.hub_errors import is_broken_connection, translated
from cml_mm.models.hub_files import HubFile, hosted_place, hub_cache, needed_files, repository_folder
from cml_mm.ports import Told

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_PART = ".cml-part"
_PIECE_BYTES = 1 << 20
_MOST_FAILURES = 4  # one after the other without a byte between them
_SPARE_BYTES = 200_000_000  # a disk is not filled to the last byte


def is_hub_id(name: str) -> bool:
    return bool(_HUB_ID.fullmatch(name))


def bring(hub_id: str, told: Told) -> Path:
    """Downloads a model from the hub, or what is missing of it, and verifies all of it.

    Returns: the folder that now holds its files.
    Raises:
        InputError: no such model.
        ModelError: it is gated, the hub cannot be reached, or what came is not what the hub lists.
        StoreFull, StoreBusy, StoreError: the disk.
    """
    if not is_hub_id(hub_id):
        raise InputError(f"{hub_id!r} is no id on the hub.", "Give ORG/NAME, such as Qwen/Qwen3-VL-4B-Instruct.")
    with translated(hub_id), _alone(hub_id):
        told(f"Asking for the files of {hub_id}", 0, 0)
        commit, listed = list_files(hub_id)
        files = needed_files(listed)
        _require_usable(hub_id, files)
        folder = repository_folder(hub_id)
        blobs = folder / "blobs"
        blobs.mkdir(parents=True, exist_ok=True)
        waiting = _not_whole(blobs, files, told)
        _require_room(blobs, sum(_left_bytes(blobs, file) for file in waiting))
        progress = _Progress(told, f"Fetching {hub_id}, MB", sum(file.size_bytes for file in files))
        progress.add(sum(file.size_bytes for file in files if file not in waiting))
        for file in waiting:
            _fetch(_address(hub_id, commit, file), blobs / file.digest, file, progress)
        return _show(folder, commit, files)


def bring_file(hosted: HostedFile, told: Told) -> Path:
    """Downloads a checkpoint that is one file on a server of its own, and verifies it.

    Returns: the file.
    Raises: as `bring`.
    """
    place = hosted_place(hosted)
    with translated(hosted.name, hosted.url):
        if _is_whole(place, HubFile(hosted.name, place.stat().st_size if place.exists() else 0, hosted.sha256, "")):
            return place
        told(f"Asking for {hosted.name}", 0, 0)
        place.parent.mkdir(parents=True, exist_ok=True)
        file = HubFile(hosted.name, _length_of(hosted.url), hosted.sha256, "")
        _require_room(place.parent, file.size_bytes)
        _fetch(hosted.url, place, file, _Progress(told, f"Fetching {hosted.name}, MB", file.size_bytes), signed=False)
    return place


def list_files(hub_id: str) -> tuple[str, tuple[HubFile, ...]]:
    """The commit that is the newest of a repository, and its files."""
    from huggingface_hub import HfApi, constants

    info = HfApi().model_info(hub_id, files_metadata=True, timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT)
    files = []
    for one in info.siblings or ():
        digest = str(one.lfs.sha256) if one.lfs else ""
        files.append(HubFile(str(one.rfilename), int(one.size or 0), digest, str(one.blob_id or "")))
    return str(info.sha), tuple(files)


class _Progress:
    """Bytes that have come, told in units of 10⁶."""

    def __init__(self, told: Told, words: str, of_bytes: int) -> None:
        self._told, self._words, self._of, self._done = told, words, of_bytes, 0

    def add(self, count: int) -> None:
        self._done += count
        self._told(self._words, round(self._done / 1e6), max(1, round(self._of / 1e6)))


def _fetch(url: str, place: Path, file: HubFile, progress: _Progress, signed: bool = True) -> None:
    """Brings one file beside its place, goes on with what came before, verifies it, then moves it there.

    Args: signed: whether the visitor's token of the hub is sent.
    """
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # public, by its documentation

    # Without compression, or a cut file could not go on at a byte.
    headers = {**(build_hf_headers() if signed else {}), "Accept-Encoding": "identity"}
    part = place.with_name(place.name + _PART)
    with part.open("ab") as out:
        if out.tell() > file.size_bytes:
            _empty(out)
        progress.add(out.tell())
        failures = 0
        while out.tell() < file.size_bytes:
            before = out.tell()
            try:
                _receive(url, headers, out, file, progress)
            except Exception as exc:
                failures = 1 if out.tell() > before else failures + 1
                if failures > _MOST_FAILURES or not is_broken_connection(exc):
                    raise
                time.sleep(failures)
        out.flush()
        os.fsync(out.fileno())
    if digest_of(part, file) != file.digest:
        part.unlink()
        raise ModelError(
            f"What came for {file.name} is not what was announced: its digest differs. It was thrown away.",
            "Run the same command again; if it stays so, the server or something on the way to it changes files.",
        )
    os.replace(part, place)


def _receive(url: str, headers: dict[str, str], out: BinaryIO, file: HubFile, progress: _Progress) -> None:
    """Appends what is left of a file, in one request."""
    from huggingface_hub import constants, get_session, hf_raise_for_status

    have = out.tell()
    ranged = {**headers, "Range": f"bytes={have}-"} if have else headers
    with get_session().stream("GET", url, headers=ranged, timeout=constants.HF_HUB_DOWNLOAD_TIMEOUT) as answer:
        if answer.is_error:
            answer.read()
            hf_raise_for_status(answer)
        if have and answer.status_code != 206:  # it sends all of it again
            _empty(out)
            progress.add(-have)
        for piece in answer.iter_bytes():
            out.write(piece)
            progress.add(len(piece))
            if out.tell() > file.size_bytes:
                break
    if out.tell() != file.size_bytes:
        _empty(out)
        raise ModelError(
            f"{file.name} is longer or shorter than was announced.", "Run the same command again in a while."
        )


def _empty(out: BinaryIO) -> None:
    out.seek(0)  # `truncate` alone leaves the place where it was
    out.truncate()


def digest_of(path: Path, file: HubFile) -> str:
    """The digest of a file's bytes, of the kind that the hub lists for it."""
    if file.sha256:
        sums: Any = hashlib.sha256()
    else:
        sums = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as content:
        while piece := content.read(_PIECE_BYTES):
            sums.update(piece)
    return str(sums.hexdigest())


def _not_whole(blobs: Path, files: tuple[HubFile, ...], told: Told) -> tuple[HubFile, ...]:
    """Those that are still to be fetched. What is there already is read once, to be sure of it."""
    there = sum((blobs / file.digest).exists() for file in files)
    if there:
        told("Verifying what is here, files", 0, there)
    waiting = tuple(file for file in files if not _is_whole(blobs / file.digest, file))
    if there:
        told("Verifying what is here, files", len(files) - len(waiting), there)
    return waiting


def _is_whole(place: Path, file: HubFile) -> bool:
    """Whether it is there with the right bytes; what is there with others is taken away."""
    if not place.exists():
        place.unlink(missing_ok=True)  # a link to nothing
        return False
    if place.stat().st_size == file.size_bytes and digest_of(place, file) == file.digest:
        return True
    place.unlink()
    return False


def _left_bytes(blobs: Path, file: HubFile) -> int:
    part = blobs / (file.digest + _PART)
    return file.size_bytes - min(file.size_bytes, part.stat().st_size if part.exists() else 0)


def _show(folder: Path, commit: str, files: tuple[HubFile, ...]) -> Path:
    """Makes the snapshot of a commit, now that all of it is there; settings first, and the name "main" last."""
    snapshot = folder / "snapshots" / commit
    for file in files:
        pointer = snapshot / file.name
        pointer.parent.mkdir(parents=True, exist_ok=True)
        blob = folder / "blobs" / file.digest
        if pointer.exists() and pointer.samefile(blob):
            continue
        pointer.unlink(missing_ok=True)
        try:
            pointer.symlink_to(os.path.relpath(blob, pointer.parent))
        except OSError:  # Windows without the right to make links
            shutil.copyfile(blob, pointer)
    main = folder / "refs" / "main"
    main.parent.mkdir(parents=True, exist_ok=True)
    main.write_text(commit, encoding="ascii")
    return snapshot


def _require_usable(hub_id: str, files: tuple[HubFile, ...]) -> None:
    if odd := [file.name for file in files if not file.well_formed]:
        raise ModelError(
            f"The hub lists a file of {hub_id} that cannot be stored: {odd[0]!r}.", "Choose another model."
        )
    if not any(file.name.endswith((".safetensors", ".bin")) for file in files):
        raise InputError(
            f"{hub_id} holds no weights that CML can load.",
            "Choose a repository with .safetensors files; GGUF files belong to llama.cpp's server (profile remote).",
        )


def _require_room(place: Path, needed_bytes: int) -> None:
    """Raises: StoreFull."""
    free = disk_free_bytes(place)
    if needed_bytes and free is not None and needed_bytes + _SPARE_BYTES > free:
        raise StoreFull(
            f"{gigabytes(needed_bytes)} are to come, and the disk of {place} has {gigabytes(free)} free.",
            "Free some room, or name another place in HF_HOME, and run it again.",
        )


def _address(hub_id: str, commit: str, file: HubFile) -> str:
    from huggingface_hub import hf_hub_url

    return hf_hub_url(hub_id, file.name, revision=commit)


def _length_of(url: str) -> int:
    from huggingface_hub import constants, get_session, hf_raise_for_status

    timeout = constants.HF_HUB_DOWNLOAD_TIMEOUT
    answer = get_session().head(url, headers={"Accept-Encoding": "identity"}, timeout=timeout)
    hf_raise_for_status(answer)
    length = str(answer.headers.get("Content-Length") or "")
    if not length.isdecimal() or not int(length):
        raise ModelError(f"The server does not say how long {url} is.", "Run the same command again later.")
    return int(length)


@contextmanager
def _alone(hub_id: str) -> Iterator[None]:
    """Holds the lock of one model's downloads. Raises: StoreBusy."""
    place = hub_cache() / ".locks" / f"models--{hub_id.replace('/', '--')}" / "cml.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(place)
    try:
        lock.acquire(timeout=0)
    except Timeout as exc:
        raise StoreBusy(f"Another process is fetching {hub_id}.", "Wait until it is done.") from exc
    try:
        yield
    finally:
        lock.release()
