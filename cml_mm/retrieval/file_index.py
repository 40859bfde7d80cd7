"""One visitor's files as they are searched: the passage index over their chunks, and when it says something.

A library of thousands of pages and a leaflet of ten chunks need the same stages; what differs is
that any question finds a best chunk in a leaflet. So every chunk tells beside its rank how much of
the question it holds and how near it is in meaning, two figures that do not depend on the others.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from cml_mm import prose
from cml_mm.errors import SchemaMismatch
from cml_mm.graph.vectors import cosines
from cml_mm.ports import TextEncoder, Vectors
from cml_mm.retrieval.chunks import is_written
from cml_mm.retrieval.function_words import function_words
from cml_mm.retrieval.passage_index import PassageIndex
from cml_mm.retrieval.passages import FoundPassage, Passage
from cml_mm.retrieval.stages import ALL_STAGES, Stages
from cml_mm.types import Section
from cml_mm.visits import Chunk, FoundChunk, Placing, StoredFile

KEPT_SELECTIONS = 4  # of files that questions were restricted to
LEAST_SHARE = 0.15  # of a chunk's score, for a stage to be named as a reason
_REASONS = {"words": "your words", "meaning": "meaning", "titles": "its title"}
# Words with which people ask about a file rather than about what it says, as stems.
_ASKING = frozenset(
    prose.stem(word)
    for word in """say says said tell tells told mention mentions mentioned state states stated write writes written
    read file files document documents upload uploads uploaded text texts pdf page pages slide slides section clause
    paragraph according find show please question answer anything something""".split()
)

# Fitted on the development half of benchmarks/file_questions.jsonl: `python -m benchmarks files`; LEAST_SENTENCE
# also with a look at answers about documents of our own.
COSINE_WEIGHT = 2.0  # beside the share of the question's words that a chunk holds
LEAST_SURE = 1.10
LEAST_SENTENCE = 1.25  # the same of one sentence, which its chunk may drown; the least that answers no more wrongly
NAMED_WORTH = 0.35  # a sentence says a name of the question, such as the household of a row


@dataclass(frozen=True)
class Lift:
    """What a chunk's score gains because of something outside the files, and why, in words for the reader."""

    amount: float
    words: str


class FileIndex:
    """Words, vectors, titles and links of one visitor's chunks in memory; one call a question."""

    def __init__(self, files: Sequence[StoredFile], encoder: TextEncoder, known: Callable[[str], int] | None) -> None:
        """Use `build`."""
        self.files = tuple(files)
        self._encoder = encoder if isinstance(encoder, _LastQueries) else _LastQueries(encoder)
        self._known = known
        self.chunks = tuple(chunk for file in files for chunk in file.chunks)
        self._of = {file.card.id: file for file in files}
        self._rows = {chunk.id: row for row, chunk in enumerate(self.chunks)}
        self.vectors = np.concatenate(
            [np.zeros((0, encoder.dimension), np.float32), *(file.vectors for file in files if len(file.chunks))]
        )
        self._passages = PassageIndex([self._passage(chunk) for chunk in self.chunks], self.vectors, self._encoder)
        said = " ".join(f"{file.card.name} {file.card.title} {file.read.document.title}" for file in files)
        self._naming = _ASKING | frozenset(prose.terms(said.replace("_", " ")))
        self._selections: OrderedDict[frozenset[str], FileIndex] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def build(
        cls, files: Sequence[StoredFile], encoder: TextEncoder, background: Callable[[str], int] | None = None
    ) -> FileIndex:
        """Joins what is kept of every file; nothing is encoded.

        Args:
            files: of one visitor.
            encoder: of questions; the one that made the files' vectors.
            background: in how many other texts a stem occurs, mostly the library's
            (`Bm25.document_frequency`); a word that occurs there is never taken for a slip.

        Raises:
            SchemaMismatch: a file's vectors were made by another encoder, or are not one a chunk.
        """
        for file in files:
            if file.encoder != encoder.name or len(file.vectors) != len(file.chunks):
                raise SchemaMismatch(
                    f"What was kept of {file.card.name} was made for another model of meaning.",
                    "Delete the file and add it again.",
                )
        return cls(files, encoder, background)

    def __len__(self) -> int:
        return len(self.chunks)

    def chunk(self, chunk: str) -> Chunk:
        """Raises: KeyError: no chunk has this id."""
        return self.chunks[self._rows[chunk]]

    def file(self, chunk: Chunk) -> StoredFile:
        """The file that a chunk stands in."""
        return self._of[chunk.file]

    def section(self, chunk: Chunk) -> Section:
        """The section that a chunk was cut from."""
        return self._of[chunk.file].read.document.sections[chunk.section]

    def placing(self, chunk: Chunk) -> Placing:
        """Where that section stands; an empty one where nothing was noted."""
        placings = self._of[chunk.file].read.placings
        return placings[chunk.section] if chunk.section < len(placings) else Placing()

    def restricted(self, files: frozenset[str]) -> FileIndex:
        """The same over some of the files only, as if there were no others.

        Args:
            files: ids; none of them all are meant, those that are not here are passed over.
        """
        wanted = frozenset(files & self._of.keys())
        if not files or len(wanted) == len(self.files):
            return self
        with self._lock:
            if wanted not in self._selections:
                kept = [file for file in self.files if file.card.id in wanted]
                self._selections[wanted] = FileIndex(kept, self._encoder, self._known)
                while len(self._selections) > KEPT_SELECTIONS:
                    self._selections.popitem(last=False)
            self._selections.move_to_end(wanted)
            return self._selections[wanted]

    def search(
        self,
        question: str,
        limit: int = 12,
        files: frozenset[str] = frozenset(),
        lifts: Mapping[str, Lift] | None = None,
        stages: Stages = ALL_STAGES,
    ) -> tuple[FoundChunk, ...]:
        """The best chunks for a question, best first.

        Args:
            question: any text.
            limit: how many chunks to return at most.
            files: ids of those that are asked; empty for all. Others take no part in anything.
            lifts: by chunk id, what some gain for reasons outside the files.
            stages: what may be used.
        """
        if files:
            among = self.restricted(files)
            if among is not self:
                return among.search(question, limit, frozenset(), lifts, stages)
        if not self.chunks or limit <= 0:
            return ()
        asked = self.put_right(question) if stages.typos else question
        given = {chunk: lift for chunk, lift in (lifts or {}).items() if chunk in self._rows}
        found = self._passages.search(asked, limit + len(given), stages.without("typos"))
        held = self._passages.bm25.held_share(self.asked_terms(asked), self.rarity)
        near = cosines(self.vectors, self._encoder.encode_query(asked))
        scored = {one.id: self._found(one, held, near) for one in found}
        for chunk, lift in given.items():
            before = scored.get(chunk) or self._found(FoundPassage(chunk, "", 0.0), held, near)
            scored[chunk] = replace(before, score=before.score + lift.amount, found_by=(lift.words, *before.found_by))
        return tuple(sorted(scored.values(), key=lambda one: -one.score)[:limit])

    def put_right(self, question: str) -> str:
        """The question with misspelt words as the files spell them; a word that is known elsewhere stays."""
        asked = self._passages.titles.put_right(question)
        known = self._known
        if known is None or not any(known(stem) for written, _ in asked.changes for stem in prose.terms(written)):
            return asked.text
        for written, meant in asked.changes:
            if not any(known(stem) for stem in prose.terms(written)):
                before, _, after = question.partition(written)
                question = f"{before}{meant}{after}"
        return question

    def asked_terms(self, question: str) -> list[str]:
        """The stems that a chunk must hold, without words that only ask or name the file, if others are left."""
        passed = {prose.stem(word) for word in function_words(question)}
        terms = [term for term in prose.terms(question) if term not in passed]
        return [term for term in terms if term not in self._naming] or terms

    def rarity(self, term: str) -> float:
        """How rare a stem is among these chunks, 0 to 1: inverse document frequency over the highest that there is.

        How rare it is in the library was tried as well and told answers from none less well.
        """
        size, count = len(self.chunks), self._passages.bm25.document_frequency(term)
        return float(np.log(1 + (size - count + 0.5) / (count + 0.5)) / np.log(2 * size + 2))

    def answers(self, found: Sequence[FoundChunk]) -> bool:
        """Whether the files say anything about it: False where no chunk found holds enough of the question.

        Args:
            found: from `search`, best first.
        """
        return sureness(found) >= LEAST_SURE

    def says(self, question: str, sentences: Sequence[tuple[str, float]]) -> bool:
        """Whether one of these sentences alone says something about a question, though its chunk may not.

        Args:
            question: as it was searched for.
            sentences: each with its cosine to the question.
        """
        asked = self.put_right(question)
        rarity = {term: self.rarity(term) for term in self.asked_terms(asked)}
        whole = max(sum(rarity.values()), 1e-9)
        names = self._names(asked)
        for text, cosine in sentences:
            said = set(prose.terms(text))
            held = sum(worth for term, worth in rarity.items() if term in said) / whole
            named = NAMED_WORTH if names and names <= said else 0.0
            if held + named + COSINE_WEIGHT * cosine >= LEAST_SENTENCE:
                return True
        return False

    def _names(self, question: str) -> set[str]:
        """Stems of the words that are written as names inside a question, but for those that files are called by."""
        found = re.findall(r"(?<=[\w,] )[A-Z][^\W\d_]+", question)
        return {prose.stem(prose.fold(word)) for word in found} - self._naming

    def _passage(self, chunk: Chunk) -> Passage:
        """A chunk under a heading that a person wrote bears it; the others' titles are made over all of them."""
        return Passage(chunk.id, chunk.title if is_written(self.section(chunk).heading) else "", chunk.text)

    def _found(self, one: FoundPassage, held: Vectors, near: Vectors) -> FoundChunk:
        row = self._rows[one.id]
        reasons = tuple(
            _REASONS.get(part.stage, part.words) for part in one.contributions if part.amount >= LEAST_SHARE * one.score
        )
        return FoundChunk(self.chunks[row], one.score, float(held[row]), float(near[row]), reasons or ("meaning",))


class _LastQueries:
    """An encoder that keeps the vectors of the last questions: a search needs one several times."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self.name = encoder.name
        self.dimension = encoder.dimension
        self.english_only = encoder.english_only
        self.encode_query: Callable[[str], Vectors] = lru_cache(maxsize=8)(encoder.encode_query)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode_passages(texts)


def encoded_text(chunk: Chunk) -> str:
    """What a chunk's vector is made of: title and text."""
    return Passage(chunk.id, chunk.title, chunk.text).full


def sureness(found: Sequence[FoundChunk]) -> float:
    """How surely the best chunks say anything about a question; `FileIndex.answers` has the threshold."""
    return max((one.held + COSINE_WEIGHT * one.cosine for one in found[:3]), default=0.0)
