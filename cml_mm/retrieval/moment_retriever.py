"""Our LlamaIndex retriever over a visitor's recordings: moments with their seconds, by way of the graph.

What is found in words or meaning is a chunk, and a chunk is part of a moment, or of a slide that a moment shows. What a
question names, a pattern of the library or a concept of the recording itself, leads over MENTIONS to every moment that
mentions it, though it may say so in other words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from cml_mm.graph.lecture_rows import CONCEPT, MentionLink
from cml_mm.graph.session_store import SessionStore
from cml_mm.lectures.terms import singular, words
from cml_mm.retrieval.file_view import FileView
from cml_mm.retrieval.names import NameIndex

DEFAULT_MOMENTS = 8
MOST_CHUNKS = 24  # slides among them, of which several may lead to one moment
NAMED_WORTH = 0.5  # of a moment that names what the question names; one that only speaks of it …
SPOKEN_WORTH = 0.3
FIRST_WORTH = 0.1  # … and what it is worth more to be the first to do so


@dataclass(frozen=True)
class FoundMoment:
    """A moment that was found: its node id, and why it was, in words for the reader."""

    moment: str
    score: float
    found_by: tuple[str, ...]


class MomentRetriever(BaseRetriever):
    """Moments as a LlamaIndex retriever; usable in any LlamaIndex query engine."""

    def __init__(self, view: FileView, store: SessionStore, names: NameIndex, limit: int = DEFAULT_MOMENTS) -> None:
        """Args:
        view: of one visitor's files.
        store: the same files over the library's graph.
        names: of the library.
        limit: how many moments LlamaIndex gets.
        """
        super().__init__()
        self._view = view
        self._store = store
        self._names = names
        self._limit = limit

    def retrieve_moments(
        self, question: str, limit: int = DEFAULT_MOMENTS, files: frozenset[str] = frozenset()
    ) -> tuple[FoundMoment, ...]:
        """The best moments for a question, best first.

        Args:
            question: any text.
            limit: how many to return at most.
            files: ids of those that are asked; empty for all.
        """
        found: dict[str, FoundMoment] = {}
        for one in self._view.index.search(question, MOST_CHUNKS, files):
            moment = self._store.moment_of(one.chunk.id)
            if moment is not None:  # the chunks come best first
                found.setdefault(moment, FoundMoment(moment, one.score, one.found_by))
        best: dict[str, MentionLink] = {}
        for link in self._mentions(question):
            if (not files or link.file in files) and (
                link.moment not in best or _worth(link) > _worth(best[link.moment])
            ):
                best[link.moment] = link
        for moment, link in best.items():
            before = found.get(moment) or FoundMoment(moment, 0.0, ())
            found[moment] = FoundMoment(moment, before.score + _worth(link), (_why(link), *before.found_by))
        return tuple(sorted(found.values(), key=lambda one: -one.score)[:limit])

    def nodes(self, found: tuple[FoundMoment, ...]) -> list[NodeWithScore]:
        """Found moments as LlamaIndex nodes, read from the graph: title and words, and the seconds as metadata."""
        held = {node.id: node for node in self._store.nodes_by_id([one.moment for one in found])}
        return [
            NodeWithScore(
                node=TextNode(
                    id_=one.moment,
                    text="\n".join(filter(None, (properties["title"], properties["words"]))),
                    metadata={**properties, "found_by": list(one.found_by)},
                ),
                score=one.score,
            )
            for one in found
            if (properties := held[one.moment].properties)
        ]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return self.nodes(self.retrieve_moments(query_bundle.query_str, self._limit))

    def _mentions(self, question: str) -> Iterator[MentionLink]:
        """What moments mention of that which the question names."""
        slugs = dict.fromkeys(slug for match in self._names.find(question) for slug in match.slugs)
        for target in (*slugs, *self._concepts(question)):
            yield from self._store.mentioning(target)

    def _concepts(self, question: str) -> Iterator[str]:
        """The node ids of concepts of which the question says every word together."""
        asked = f" {' '.join(map(singular, words(question)))} "
        for row in self._store.files.nodes():
            if row.label == CONCEPT and f" {row.id.rpartition('/')[2]} " in asked:
                yield row.id


def _worth(link: MentionLink) -> float:
    return (NAMED_WORTH if link.named else SPOKEN_WORTH) + FIRST_WORTH * link.first


def _why(link: MentionLink) -> str:
    if link.named or not link.quotable:
        return f"mentions {link.title}"
    return f"mentions {link.title}: {', '.join(link.words)}"
