"""Which weights these are: a hash that an index keeps, so that vectors of two models are never compared."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable
from pathlib import Path

from cml_mm.errors import ModelError

LENGTH = 12  # hexadecimal digits of it that names carry
_PIECE_BYTES = 2**22
_SHA256 = re.compile(r"[0-9a-f]{64}")

_lock = threading.Lock()
_known: dict[tuple[str, int, int], str] = {}  # by path, size and time of the last change


def fingerprint(files: Iterable[Path], *settings: str) -> str:
    """A short name for a model's weights and how they are used.

    Args:
        files: whatever decides about its vectors; only their names and bytes count, not where they lie.
        settings: what else does, such as prefixes.

    Returns:
        12 hexadecimal digits.

    Raises:
        ModelError: a file cannot be read.
    """
    whole = hashlib.sha256()
    for name, digest in sorted((path.name, file_sha256(path)) for path in files):
        whole.update(f"{name}\0{digest}\0".encode())
    for setting in settings:
        whole.update(f"{setting}\0".encode("utf-8", "replace"))
    return whole.hexdigest()[:LENGTH]


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes, in hexadecimal; read once as long as the file stays as it is.

    A large file of a model hub's cache lies under its sha256 as name, and was checked against it
    when it came; that name is taken, since gigabytes take seconds to read.

    Raises:
        ModelError: it cannot be read.
    """
    try:
        real = path.resolve()
        if real.parent.name == "blobs" and _SHA256.fullmatch(real.name):
            return real.name
        state = real.stat()
        key = (str(real), state.st_size, state.st_mtime_ns)
        with _lock:
            if key in _known:
                return _known[key]
        digest = hashlib.sha256()
        with real.open("rb") as stream:
            while piece := stream.read(_PIECE_BYTES):
                digest.update(piece)
    except OSError as exc:
        raise ModelError(f"{path} cannot be read: {exc.strerror}.", "Make the file readable.") from exc
    with _lock:
        _known[key] = digest.hexdigest()
        return _known[key]
