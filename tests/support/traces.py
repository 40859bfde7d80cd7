"""Whether anything of what was deleted still stands on the disk: every byte is looked at, packed texts are unpacked."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path

_PACKED = re.compile(rb"\x78[\x01\x5e\x9c\xda]")  # how a text begins that zlib has packed
_MOST_BYTES = 400_000  # of one text
_SLICE_BYTES, _STEP_BYTES = 24, 640
_BLOBS = ("card", "read", "chunks", "vectors", "seen", "features")


def found_words(folder: Path, words: Iterable[str]) -> set[str]:
    """Those of these words that stand anywhere under a folder: in a file's name, as they are, or packed.

    Args:
        words: ASCII, so that they are written the same way everywhere.
    """
    wanted = {word.encode().lower(): word for word in words}
    found: set[str] = set()
    for path in folder.rglob("*"):
        texts = [str(path.relative_to(folder)).encode()]
        if path.is_file():
            data = path.read_bytes()
            texts += [data, *(_unpacked(data[match.start() :]) for match in _PACKED.finditer(data))]
        for text in map(bytes.lower, texts):
            found |= {word for raw, word in wanted.items() if raw in text}
    return found


def slices(data: bytes) -> list[bytes]:
    """Pieces of bytes that hardly stand anywhere else."""
    pieces = (data[start : start + _SLICE_BYTES] for start in range(0, len(data) - _SLICE_BYTES, _STEP_BYTES))
    return [piece for piece in pieces if len(set(piece)) > _SLICE_BYTES // 2]


def slices_of(data: Path, files: Iterable[str]) -> set[bytes]:
    """Pieces of all that is kept of these files, in rows and in folders, and of no other file.

    Args:
        data: the record's folder.
        files: ids.
    """
    wanted, mine, others = set(files), set(), set()
    connection = sqlite3.connect(data / "record.sqlite")
    try:
        for name, *blobs in connection.execute(f"SELECT id, {', '.join(_BLOBS)} FROM files"):
            (mine if name in wanted else others).update(piece for blob in blobs for piece in slices(blob))
    finally:
        connection.close()
    for path in (data / "sessions").rglob("original"):
        (mine if path.parent.name in wanted else others).update(slices(path.read_bytes()))
    return mine - others


def found_slices(folder: Path, pieces: Iterable[bytes]) -> set[bytes]:
    """Those of these pieces that stand in any file under a folder."""
    everything = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return {piece for piece in pieces if any(piece in data for data in everything)}


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data[:_MOST_BYTES], _MOST_BYTES)
    except zlib.error:  # it only looked like a beginning, or is cut by the end of a page
        return _as_far_as_it_goes(data[:4096])


def _as_far_as_it_goes(data: bytes) -> bytes:
    """What a packed text says before it breaks off."""
    unpacking, text = zlib.decompressobj(), b""
    try:
        for start in range(0, len(data), 16):
            text += unpacking.decompress(data[start : start + 16])
    except zlib.error:
        pass
    return text
