"""A visitor's file as the columns of its row, and back."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np

from cml_mm.errors import StoreCorrupt
from cml_mm.record.codec import decode, decode_arrays, encode, encode_arrays
from cml_mm.visits import Chunk, Correction, FileCard, PictureFeatures, PictureLooks, ReadFile, StoredFile

WHOLE = "id, card, sha256, encoder, read, chunks, vectors, seen, features, looks"
WORDS_BROKEN = "What was read from this file cannot be opened any more."
HINT_BROKEN = "Delete it, and add it once more."


def fingerprint_of(visitor: str, sha256: str) -> str:
    """What finds the same bytes again but tells nobody, without the visitor's key, which they were."""
    return hashlib.sha256(f"{visitor}\n{sha256}".encode()).hexdigest()


def row_of(stored: StoredFile) -> dict[str, object]:
    """What a row says of a file, by column."""
    card, features = stored.card, stored.read.features
    arrays = [array for item in features for array in (item.points, item.descriptors)]
    return {
        "id": card.id,
        "size_bytes": card.size_bytes,
        "added": card.added,
        "expires": card.expires,
        "sha256": stored.sha256,
        **reading_of(stored),
        "seen": encode(tuple[str, ...], tuple(item.face for item in features)),
        "features": encode_arrays(arrays),
        "looks": looks_bytes(stored.looks) if stored.looks else None,
    }


def reading_of(stored: StoredFile) -> dict[str, object]:
    """The columns that a correction changes."""
    return {
        "card": encode(FileCard, stored.card),
        "encoder": stored.encoder,
        "read": encode(ReadFile, replace(stored.read, features=())),
        "chunks": encode(tuple[Chunk, ...], stored.chunks),
        "vectors": encode_arrays([stored.vectors]),
    }


def file_of(
    card: bytes,
    sha256: str,
    encoder: str,
    read: bytes,
    chunks: bytes,
    vectors: bytes,
    seen: bytes,
    features: bytes,
    looks: bytes | None,
) -> StoredFile:
    """The file of a row: the columns of WHOLE after its id.

    Raises: StoreCorrupt.
    """
    arrays = decode_arrays(features)
    faces = decode(tuple[str, ...], seen)
    if len(arrays) != 2 * len(faces):
        raise StoreCorrupt(WORDS_BROKEN, HINT_BROKEN)
    seen_before = tuple(PictureFeatures(face, arrays[2 * n], arrays[2 * n + 1]) for n, face in enumerate(faces))
    return StoredFile(
        card=decode(FileCard, card),
        sha256=sha256,
        read=replace(decode(ReadFile, read), features=seen_before),
        chunks=decode(tuple[Chunk, ...], chunks),
        vectors=decode_arrays(vectors)[0],
        encoder=encoder,
        looks=_looks(looks),
    )


def card_of(file: str, card: bytes, broken: int, added: float, expires: float, size_bytes: int) -> FileCard:
    """A file as lists show it; one that cannot be read any more says so."""
    try:
        found = decode(FileCard, card)
    except StoreCorrupt:
        broken, found = 1, FileCard(file, "A file", "failed", size_bytes, added=added, expires=expires)
    return replace(found, state="failed", words=WORDS_BROKEN, hint=HINT_BROKEN) if broken else found


def looks_bytes(looks: PictureLooks) -> bytes:
    """The vectors, and as an array of bytes the names that belong to them."""
    names = encode(tuple[str, ...], (looks.encoder, *looks.faces))
    return encode_arrays([looks.vectors, np.frombuffer(names, np.uint8)])


def corrections_bytes(corrections: tuple[Correction, ...]) -> bytes | None:
    """What was corrected by hand; nothing where nothing was."""
    return encode(tuple[Correction, ...], corrections) if corrections else None


def read_corrections(data: bytes | None) -> tuple[Correction, ...]:
    """Raises: StoreCorrupt."""
    return decode(tuple[Correction, ...], data) if data else ()


def _looks(data: bytes | None) -> PictureLooks | None:
    if data is None:
        return None
    vectors, names = decode_arrays(data)
    encoder, *faces = decode(tuple[str, ...], names.tobytes())
    return PictureLooks(encoder, tuple(faces), vectors)
