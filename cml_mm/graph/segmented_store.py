"""A snapshot's graph with a segment of changes laid over it, as one LlamaIndex store for reading."""

from __future__ import annotations

from collections.abc import Iterable

from cml_mm.graph.graph_reading import LinkKey, OverlayReader
from cml_mm.graph.property_store import CommonsGraphStore
from cml_mm.graph.read_only_store import ReadOnlyStore


class SegmentedStore(ReadOnlyStore):
    """Reads as if the changes had been written into the base.

    Cypher would see one of the two files only, so it is refused until they are merged.
    """

    no_cypher = (
        "This index holds changes that are not merged yet, so it cannot be asked in Cypher.",
        "Merge them: `cml index --merge`.",
    )
    no_writing = ("An index in use is never written.", "Change the library's files and run `cml index`.")

    def __init__(
        self,
        base: CommonsGraphStore,
        segment: CommonsGraphStore,
        hidden_nodes: Iterable[str],
        hidden_links: Iterable[LinkKey],
    ) -> None:
        """Args:
        base: opened; closing it is left to whoever opened it, since other segments may use it.
        segment: opened, closed with this store.
        hidden_nodes, hidden_links: see `OverlayReader`.
        """
        reader = OverlayReader(base.reader, segment.reader, hidden_nodes, hidden_links)
        super().__init__(reader, base.dimension)
        self._segment = segment

    def close(self) -> None:
        """Closes the segment. May be called twice."""
        self._segment.close()
