"""The one face for screens, commands and later the API."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cml_mm.errors import InputError, LimitExceeded, StoreError
from cml_mm.ports import Cancelled, TextEncoder
from cml_mm.profiles import load_profile
from cml_mm.settings import Settings
from cml_mm.types import Answer, AnswerReady, AskEvent, Hit, IndexStatus, Neighbourhood, Pattern

if TYPE_CHECKING:
    from cml_mm.graph.snapshot import Snapshot
    from cml_mm.graph.snapshot_build import Progress

_CONTROL = {code: None for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if code not in (0x09, 0x0A, 0x0D)}


def quiet(what: str, done: int, of: int) -> None:
    """A progress that shows nothing."""


class Engine:
    """An opened index, ready to answer; implements `ports.Asker`. Use as a context manager."""

    def __init__(self, settings: Settings, snapshot: Snapshot, encoder: TextEncoder) -> None:
        from cml_mm.answering.answer import Answerer
        from cml_mm.answering.compose import Composer
        from cml_mm.retrieval.ranking import Ranker
        from cml_mm.retrieval.retriever import LibraryRetriever

        self._settings = settings
        self._snapshot = snapshot
        self._encoder = encoder
        self._ranker = Ranker(snapshot, encoder)
        self._retriever = LibraryRetriever(snapshot, self._ranker)
        self._answerer = Answerer(
            retriever=self._retriever,
            names=self._ranker.names,
            composer=Composer(snapshot.library, snapshot.bm25, encoder),
            fingerprint=snapshot.manifest.fingerprint,
            lighthouses=frozenset(s for s, entry in snapshot.library.entries.items() if entry.kind == "lighthouse"),
        )
        self._deepening = threading.Lock()

    @classmethod
    def open(cls, settings: Settings) -> Engine:
        """Opens the index in use.

        Raises: StoreMissing, StoreCorrupt, SchemaMismatch, ModelMissing.
        """
        from cml_mm.graph.snapshot import current_folder, open_snapshot

        current_folder(settings.index)  # a missing index is the first thing to say
        encoder = load_profile(settings.profile).make_encoder(settings)
        snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
        return cls(settings, snapshot, encoder)

    @classmethod
    def build(
        cls,
        settings: Settings,
        progress: Progress = quiet,
        cancelled: Cancelled = lambda: False,
        deep: bool = True,
    ) -> IndexStatus:
        """Indexes the libraries of the settings; what stands already is kept.

        Args:
            settings: `libraries` are read, `index` is written.
            progress: called with the stage, how many are done, of how many.
            cancelled: asked between shards; what was done stays.
            deep: section vectors too.
        Raises: LibraryUnreadable, StoreBusy, StoreFull, ModelMissing.
        """
        from cml_mm.corpus.library import load_library
        from cml_mm.graph.snapshot_build import build_snapshot, deepen_snapshot

        encoder = load_profile(settings.profile).make_encoder(settings)
        library = load_library(settings.libraries, lambda done, of: progress("read", done, of))
        names = tuple(Path(path).name for path in settings.libraries)
        build_snapshot(settings.index, library, names, encoder, progress)
        del library
        if deep:
            deepen_snapshot(settings.index, encoder, progress, cancelled)
        return read_status(settings)

    def ask(self, question: str, cancelled: Cancelled | None = None) -> Iterator[AskEvent]:
        """Answers as it writes: steps, verified sentences, then the whole answer.

        Raises:
            InputError: an empty or overlong question, or one without words.
        """
        asked = self._checked(question)
        yield from self._answerer.ask(asked, cancelled or (lambda: False))

    def answer(self, question: str) -> Answer:
        """The whole answer at once."""
        for event in self.ask(question):
            if isinstance(event, AnswerReady):
                return event.answer
        raise StoreError("The answer was not finished.", "Ask again.")

    def search(self, query: str, limit: int = 10) -> tuple[Hit, ...]:
        """The pages nearest to a query, best first."""
        ranking = self._retriever.retrieve_ranked(self._checked(query)).ranking
        hits = []
        for page in ranking.pages[:limit]:
            entry = self._snapshot.library.entries[page.slug]
            hits.append(Hit(page.slug, entry.title, entry.kind, entry.summary, page.score, page.found_by))
        return tuple(hits)

    def related(self, slug: str) -> Neighbourhood:
        """The relations around one page. A title or alias serves as well as a slug."""
        slug = self._resolved(slug)
        entry = self._snapshot.library.entries[slug]
        outgoing, incoming = self._snapshot.library.relations(slug)
        dangling = self._snapshot.library.dangling(slug)
        return Neighbourhood(slug, entry.title, entry.summary, outgoing, incoming, dangling)

    def pattern(self, slug: str) -> Pattern:
        """One whole pattern."""
        return self._snapshot.library.pattern(self._resolved(slug))

    def status(self) -> IndexStatus:
        manifest = self._snapshot.manifest
        return IndexStatus(
            fingerprint=manifest.fingerprint,
            patterns=manifest.patterns,
            lighthouses=manifest.lighthouses,
            relations=manifest.relations,
            sections=manifest.sections,
            section_vectors=self._ranker.section_count,
            encoder=manifest.encoder,
            schema=manifest.schema,
            path=str(self._snapshot.folder),
            licences=manifest.licences,
        )

    def examples(self) -> tuple[str, ...]:
        """Three questions that this library can answer: help, a relation, a tension."""
        entries = self._snapshot.library.entries
        if "visible-work-inventory" in entries:
            return STARTER_EXAMPLES
        from cml_mm.answering.abstain import confidence

        asks = [max(LAY_EXAMPLES, key=lambda question: confidence(self._ranker.rank(question)))]
        curated = [entry for entry in entries.values() if entry.curated]
        for entry in curated:
            if any(r.kind == "REQUIRES" for r in self._snapshot.library.relations(entry.slug)[0]):
                asks.append(f"What does {entry.title} require?")
                break
        tense = next((entry for entry in reversed(curated) if entry.tension), None)
        asks.append(
            f"Which tension does {tense.title} hold?" if tense else f"What is {next(iter(entries.values())).title}?"
        )
        return tuple(asks)

    def deepen(self, progress: Progress = quiet, cancelled: Cancelled = lambda: False) -> None:
        """Adds missing section vectors while the app serves, and takes them into use.

        Raises: StoreBusy, StoreFull.
        """
        from cml_mm.graph.snapshot_build import deepen_snapshot

        def shown(what: str, done: int, of: int) -> None:
            progress(what, done, of)

        with self._deepening:
            try:
                deepen_snapshot(self._settings.index, self._encoder, shown, cancelled)
            finally:
                self._ranker.refresh_sections()

    def warm(self) -> None:
        """Loads what the first question would otherwise wait for, the language model of `answering.language`."""
        from cml_mm.answering.language import foreign_language

        foreign_language("dies ist nur zum warm werden")

    def close(self) -> None:
        self._snapshot.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _checked(self, question: str) -> str:
        """The question without control characters; bad input gets its way out."""
        text = question.translate(_CONTROL).strip()
        if not text:
            raise InputError("There is no question yet.", "Write what your group is struggling with, in plain words.")
        most = self._settings.max_question_chars
        if len(text) > most:
            raise LimitExceeded(
                f"The question has {len(text):,} characters; {most:,} can be read.",
                "Shorten it to the part that matters most. What you typed is kept.",
            )
        if not any(char.isalnum() for char in text):
            raise InputError("The question has no words.", "Say it in words, for example: who decides on shared money?")
        return text

    def _resolved(self, name: str) -> str:
        entries = self._snapshot.library.entries
        slug = name.strip()
        if slug in entries:
            return slug
        found = self._ranker.names.resolve(slug)
        if found:
            return found[0]
        nearest = [hit.slug for hit in self.search(slug, limit=3)] if any(c.isalnum() for c in slug) else []
        raise InputError(
            f"The library holds nothing called {slug!r}.",
            f"The nearest are: {', '.join(nearest)}." if nearest else "Try `cml search` with other words.",
        )


# For a library that we do not know: the one that it answers most surely is shown.
LAY_EXAMPLES = (
    "A few people in our group do all the invisible work. What helps?",
    "We keep arguing about how to decide together. What helps?",
    "New members leave after a few months. What can we do?",
    "How do we hear what people need before we build anything?",
    "Who should own the data that our members create?",
)
STARTER_EXAMPLES = (
    "The same three people in our co-op do all the invisible work. What helps?",
    "What does Consent Decision-Making require?",
    "Where does Role Rotation pull against other patterns?",
)


def read_status(settings: Settings) -> IndexStatus:
    """The state of an index without opening its graph or any model.

    Raises: StoreMissing, StoreCorrupt, SchemaMismatch.
    """
    from cml_mm.graph.snapshot import Manifest, current_folder, read_section_vectors

    folder = current_folder(settings.index)
    manifest = Manifest.read(folder)
    return IndexStatus(
        fingerprint=manifest.fingerprint,
        patterns=manifest.patterns,
        lighthouses=manifest.lighthouses,
        relations=manifest.relations,
        sections=manifest.sections,
        section_vectors=len(read_section_vectors(folder).ids),
        encoder=manifest.encoder,
        schema=manifest.schema,
        path=str(folder),
        licences=manifest.licences,
    )
