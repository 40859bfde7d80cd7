"""One opened index with everything that answers from it. Swapped as a whole, so that no question sees two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from cml_mm.answering.answer import Answerer
from cml_mm.answering.compose import Composer
from cml_mm.answering.file_source import FileSource, ViewSource
from cml_mm.answering.planning import Planner
from cml_mm.engine.catalogue import Catalogue
from cml_mm.engine.looks import VisitorPictures
from cml_mm.graph.session_store import SessionStore
from cml_mm.graph.snapshot import Snapshot
from cml_mm.ports import ImageEncoder, TextEncoder
from cml_mm.retrieval.diagram_links import DiagramLinker, PatternRows
from cml_mm.retrieval.file_index import FileIndex
from cml_mm.retrieval.file_links import PatternLinker
from cml_mm.retrieval.file_retriever import FileRetriever
from cml_mm.retrieval.file_view import FileView
from cml_mm.retrieval.lens import LensReader
from cml_mm.retrieval.picture_patterns import PatternLooks
from cml_mm.retrieval.ranking import Ranker
from cml_mm.retrieval.retriever import LibraryRetriever
from cml_mm.visits import StoredFile

if TYPE_CHECKING:
    from cml_mm.answering.generating import Writer


@dataclass(frozen=True)
class Opened:
    """A snapshot and the parts over it. A question in progress keeps its own alive."""

    snapshot: Snapshot
    ranker: Ranker
    retriever: LibraryRetriever
    answerer: Answerer
    catalogue: Catalogue
    pattern_looks: PatternLooks | None = None

    @classmethod
    def over(
        cls,
        snapshot: Snapshot,
        encoder: TextEncoder,
        writer: Writer | None = None,
        image_encoder: ImageEncoder | None = None,
    ) -> Opened:
        """Joins retrieval, composer and verifier over a snapshot.

        Args:
            writer: has a model write answers; without one they are composed.
            image_encoder: leads from pictures to patterns; without one nothing does.
        """
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
            writer=writer,
        )
        entries, index = snapshot.library.entries.values(), snapshot.folder.parent
        looks = PatternLooks(entries, image_encoder, index) if image_encoder else None
        return cls(snapshot, ranker, retriever, answerer, Catalogue(snapshot, ranker), looks)

    @cached_property
    def linker(self) -> PatternLinker:
        """Joins passages of files with this library's patterns."""
        return PatternLinker(self.snapshot)

    @cached_property
    def labels(self) -> DiagramLinker:
        """Joins the boxes of diagrams with this library's patterns."""
        return DiagramLinker(self.ranker.names, self.answerer.composer.encoder, PatternRows.of(self.snapshot))

    @cached_property
    def called(self) -> dict[str, tuple[str, ...]]:
        """What each of this library's pages may be called, by slug."""
        return {slug: (entry.title, *entry.aliases) for slug, entry in self.snapshot.library.entries.items()}

    def source(
        self, files: Sequence[StoredFile], looked: Callable[[StoredFile], StoredFile] | None = None
    ) -> FileSource:
        """One visitor's files over this library, ready to be asked.

        Args:
            looked: gives a file with its looks (see `VisitorPictures`); files as they are without it.
        """
        snapshot = self.snapshot
        index = FileIndex.build(files, self.answerer.composer.encoder, snapshot.bm25.document_frequency)
        view = FileView.over(index, self.linker, self.labels)
        store = SessionStore.over(snapshot.store, files, view.links, view.of_diagrams)
        found = FileRetriever(view, store, self.ranker.names).retrieve_found
        if self.pattern_looks is None:
            return ViewSource(view, found)
        pictures = VisitorPictures(files, self.pattern_looks.encoder, self.pattern_looks, looked or (lambda file: file))
        return ViewSource(view, found, pictures)

    def warm(self) -> None:
        """Reads in bulk what the first questions would otherwise wait for: relations, walks, paths, lenses."""
        self.ranker.warm()
        self.answerer.planner.paths.paths.warm()
        self.answerer.lenses.read("we are a team")
