"""One opened index with everything that answers from it. Swapped as a whole, so that no question sees two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from cml_mm.answering.answer import Answerer
from cml_mm.answering.compose import Composer
from cml_mm.answering.file_source import FileSource, ViewSource
from cml_mm.answering.planning import Planner
from cml_mm.engine.catalogue import Catalogue
from cml_mm.graph.session_store import SessionStore
from cml_mm.graph.snapshot import Snapshot
from cml_mm.ports import TextEncoder
from cml_mm.retrieval.file_index import FileIndex
from cml_mm.retrieval.file_links import PatternLinker
from cml_mm.retrieval.file_retriever import FileRetriever
from cml_mm.retrieval.file_view import FileView
from cml_mm.retrieval.lens import LensReader
from cml_mm.retrieval.ranking import Ranker
from cml_mm.retrieval.retriever import LibraryRetriever
from cml_mm.visits import StoredFile


@dataclass(frozen=True)
class Opened:
    """A snapshot and the parts over it. A question in progress keeps its own alive."""

    snapshot: Snapshot
    ranker: Ranker
    retriever: LibraryRetriever
    answerer: Answerer
    catalogue: Catalogue

    @classmethod
    def over(cls, snapshot: Snapshot, encoder: TextEncoder) -> Opened:
        """Joins retrieval, composer and verifier over a snapshot."""
        ranker = Ranker(snapshot, encoder)
        retriever = LibraryRetriever(snapshot, ranker)
        composer = Composer(snapshot.library, snapshot.bm25, encoder)
        answerer = Answerer(
            retriever=retriever,
            composer=composer,
            planner=Planner.over(composer, ranker.names),
            lenses=LensReader(snapshot.library.entries.values()),
            fingerprint=snapshot.manifest.fingerprint,
            lighthouses=frozenset(s for s, entry in snapshot.library.entries.items() if entry.kind == "lighthouse"),
        )
        return cls(snapshot, ranker, retriever, answerer, Catalogue(snapshot, ranker))

    @cached_property
    def linker(self) -> PatternLinker:
        """Joins passages of files with this library's patterns."""
        return PatternLinker(self.snapshot)

    def source(self, files: Sequence[StoredFile]) -> FileSource:
        """One visitor's files over this library, ready to be asked."""
        snapshot = self.snapshot
        index = FileIndex.build(files, self.answerer.composer.encoder, snapshot.bm25.document_frequency)
        view = FileView.over(index, self.linker)
        store = SessionStore.over(snapshot.store, files, view.links)
        return ViewSource(view, FileRetriever(view, store, self.ranker.names).retrieve_found)

    def warm(self) -> None:
        """Reads in bulk what the first questions would otherwise wait for: relations, walks, paths, lenses."""
        self.ranker.warm()
        self.answerer.planner.paths.paths.warm()
        self.answerer.lenses.read("we are a team")
