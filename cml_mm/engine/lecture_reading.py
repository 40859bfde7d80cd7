"""One recording read for a command: nothing of it is kept, and where there is no index no pattern is looked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from cml_mm.engine.bringing import Bringer, measured
from cml_mm.engine.decks import aligned_with, link_of, pages_of
from cml_mm.engine.lecture_patterns import pattern_moments
from cml_mm.engine.lectures import Named
from cml_mm.errors import InputError, StoreMissing
from cml_mm.lectures.values import Lecture
from cml_mm.media.intake import clean_name
from cml_mm.ports import Cancelled, TextEncoder, Told
from cml_mm.profiles import parts_of
from cml_mm.retrieval.chunks import chunk_document
from cml_mm.settings import Settings
from cml_mm.visits import DeckLink, PatternMoment, ReadFile

_NO_DECK = DeckLink()
_FILE, _DECK = "file-1", "file-2"  # the ids of the files that are read; nothing of them is kept


@dataclass(frozen=True)
class LectureRead:
    """A recording as it was read, and what the library in use has to do with it; `without` says why nothing was looked
    up, "" where it was. `deck` is the document that was given with it."""

    read: ReadFile
    lecture: Lecture
    patterns: tuple[PatternMoment, ...] = ()
    without: str = ""
    deck: DeckLink = _NO_DECK


def read_lecture(
    settings: Settings,
    content: Path,
    captions: Path | None,
    told: Told,
    cancelled: Cancelled,
    deck: Path | None = None,
) -> LectureRead | None:
    """Reads a recording, and looks up the patterns that it touches.

    Args:
        settings: with the profile whose parts listen and recognise, and the index that is in use.
        content: the recording, or a file of captions.
        captions: of a recording, in a file beside it.
        deck: the document whose pages its slides are.

    Returns: None where it was cancelled.
    Raises:
        InputError: it is no recording, the deck has no pages, or one of them cannot be read.
        ModelMissing, ModelError.
    """
    parts, name = parts_of(settings), clean_name(content.name)
    encoder = parts.text_encoder()
    bringer = Bringer(parts.file_reader(), encoder, transcriber=parts.transcriber())
    of = Named(name, _FILE, measured(content, name)[1])
    read = bringer.read(content, of, told, cancelled, captions, captions.name if captions else "")
    if read is None:
        return None
    if read.lecture is None:
        raise InputError(f"{name} is no recording.", "Ask documents and pictures with `cml ask --file`.")
    lecture, link = read.lecture, _NO_DECK
    if deck is not None:
        lecture = aligned_with(lecture, _DECK, _pages(bringer, deck, told, cancelled))
        link = replace(link_of(lecture), name=clean_name(deck.name))
    try:
        return LectureRead(read, lecture, _patterns(settings, bringer, encoder, read), deck=link)
    except StoreMissing as error:
        return LectureRead(read, lecture, without=f"No patterns were looked up. {error}", deck=link)


def _pages(bringer: Bringer, deck: Path, told: Told, cancelled: Cancelled) -> tuple[str, ...]:
    """Raises: InputError: there are no pages in it, or it cannot be read."""
    name = clean_name(deck.name)
    read = bringer.read(deck, Named(name, _DECK, measured(deck, name)[1]), told, cancelled)
    pages = pages_of(read) if read is not None and read.lecture is None else ()
    if not pages:
        raise InputError(f"{name} has no pages that slides could be.", "Give the slides as a PDF or a .pptx deck.")
    return pages


def _patterns(settings: Settings, bringer: Bringer, encoder: TextEncoder, read: ReadFile) -> tuple[PatternMoment, ...]:
    """Raises: StoreMissing: there is no index. StoreCorrupt, SchemaMismatch."""
    from cml_mm.graph.snapshot import open_snapshot
    from cml_mm.retrieval.file_links import PatternLinker

    snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
    try:
        chunks = chunk_document(read.document, _FILE)
        return pattern_moments(read, chunks, PatternLinker(snapshot).link(chunks, bringer.encoded(chunks)))
    finally:
        snapshot.close()
