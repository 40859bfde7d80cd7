"""From library sources to an index: fetched, read, built, and how the index stands."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cml_mm.ports import Cancelled
from cml_mm.profiles import document_reader, parts_of
from cml_mm.settings import Settings
from cml_mm.types import IndexStatus

if TYPE_CHECKING:
    from cml_mm.corpus.sources import FetchedSource
    from cml_mm.graph.section_vectors import Progress

PACKAGE = Path(__file__).resolve().parent.parent
# What an index holds depends on these; an index that other code made is made again.
CODE = ("types.py", "prose.py", "diagrams/*.py", "corpus/*.py", "media/*.py", "graph/*.py")
RECORDS = "records.jsonl"
CLONES = "clones"


def build_index(
    settings: Settings, progress: Progress, cancelled: Cancelled, deep: bool = True, merge: bool = False
) -> IndexStatus:
    """Brings the index up to date with the libraries of the settings.

    Args:
        settings: `libraries` are read, `index` is written.
        progress: called with the stage, how many are done, of how many.
        cancelled: asked between shards; what was done stays.
        deep: section vectors too.
        merge: one whole snapshot, even where a segment of changes would do.
    Raises: LibraryUnreadable, StoreBusy, StoreFull, ModelMissing.
    """
    with _without_collecting():
        return _built(settings, progress, cancelled, deep, merge)


def _built(settings: Settings, progress: Progress, cancelled: Cancelled, deep: bool, merge: bool) -> IndexStatus:
    from cml_mm.corpus.library import Shelf
    from cml_mm.corpus.records import RecordCache
    from cml_mm.graph.snapshot_build import Sources, deepen_snapshot, update_snapshot

    code = code_stamp()
    fetched = fetch_libraries(settings)
    shelf = Shelf(
        [source.path for source in fetched],
        lambda done, of: progress("read", done, of),
        RecordCache(settings.index / RECORDS, code),
        document_reader(),
    )
    encoder = parts_of(settings).text_encoder()
    origins = tuple(source.source for source in fetched)
    sources = Sources(shelf.library, shelf.read, code, origins)
    update_snapshot(settings.index, sources, encoder, progress, merge)
    if deep:
        deepen_snapshot(settings.index, encoder, progress, cancelled)
    return read_status(settings)


def fetch_libraries(settings: Settings, names: Sequence[str | Path] = ()) -> list[FetchedSource]:
    """The libraries on disk; repositories are brought up to date first.

    Args:
        settings: names the libraries and, in its index, the place for copies of repositories.
        names: other libraries than those of the settings.
    Raises: LibraryUnreadable.
    """
    from cml_mm.corpus.sources import fetch_source

    return [fetch_source(str(name), settings.index / CLONES) for name in names or settings.libraries]


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No search for cycles while many values are made that hold none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_status(settings: Settings) -> IndexStatus:
    """The state of an index without opening its graph or any model.

    Raises: StoreMissing, StoreCorrupt, SchemaMismatch.
    """
    from cml_mm.graph.manifest import Manifest, current_folder
    from cml_mm.graph.snapshot import encoded_sections, status_of

    folder = current_folder(settings.index)
    manifest = Manifest.read(folder)
    return status_of(folder, manifest, encoded_sections(folder, manifest))


def code_stamp() -> str:
    """Names the code that reads and prepares text."""
    digest = hashlib.sha256()
    for path in sorted(path for form in CODE for path in PACKAGE.glob(form)):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
