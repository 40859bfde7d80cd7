"""The engine: opens an index, answers, searches, reads, keeps up with the library."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cml_mm.engine.models import Models
from cml_mm.engine.visits import Visits
from cml_mm.errors import InputError, LimitExceeded, StoreError
from cml_mm.ports import Cancelled, FileDesk, TalkDesk
from cml_mm.profiles import Parts, limits_of, parts_of, profile_states
from cml_mm.retrieval.stages import ALL_STAGES, Stages
from cml_mm.settings import Settings
from cml_mm.talk import FACET_KINDS, LIBRARY_ONLY, NO_TALK, Facet, FacetKind, Lens, Scope, ScopeKind, Talk
from cml_mm.types import (
    Answer,
    AnswerReady,
    AskEvent,
    Card,
    Hit,
    IndexStatus,
    Neighbourhood,
    PathFound,
    Pattern,
    ProfileState,
    Reading,
)
from cml_mm.visits import StoredFile

if TYPE_CHECKING:
    from cml_mm.engine.opened import Opened
    from cml_mm.graph.section_vectors import Progress

_CONTROL = {code: None for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if code not in (0x09, 0x0A, 0x0D)}
# Thousands of blanks are no question, but would be tried from each of them by every pattern that skips white space.
_BLANKS = re.compile(r"\s{2,}")


def _shorter(blanks: re.Match[str]) -> str:
    """One blank for several; of line breaks as many as make a paragraph."""
    return "\n" * min(2, blanks.group().count("\n")) or " "


def quiet(what: str, done: int, of: int) -> None:
    """A progress that shows nothing."""


class Engine:
    """An opened index, ready to answer; implements `ports.Asker` and `ports.Librarian`. Use as a context manager."""

    def __init__(self, parts: Parts, opened: Opened, models: Models, started: Settings) -> None:
        """Use `open`."""
        settings, encoder = parts.settings, models.encoder
        self._settings = settings
        self._started = started
        self._models = models
        self._opened = opened
        self._encoder = encoder
        self._deepening = threading.Lock()
        self._refreshing = threading.Lock()
        self._warm = False  # whether a snapshot is made ready for questions before it is taken into use
        self._closed = False
        self._visits = Visits(settings, encoder, models.image_encoder, models.transcriber, lambda: self._opened)

    @classmethod
    def open(cls, settings: Settings, started: Settings | None = None) -> Engine:
        """Opens the index in use, with the parts that the profile names.

        Args:
            settings: places, limits, and the profile.
            started: those that the app was started with, where another profile was chosen since.

        Raises: StoreMissing, StoreCorrupt, SchemaMismatch, ModelMissing, ModelError; InputError: no such profile.
        """
        from cml_mm.engine.opened import Opened
        from cml_mm.graph.manifest import current_folder
        from cml_mm.graph.snapshot import open_snapshot

        settings = replace(settings, limits=limits_of(settings))
        parts = parts_of(settings)
        current_folder(settings.index)  # a missing index is the first thing to say
        models = Models.of(parts)
        try:
            encoder = models.encoder
            encoder.encode_query("")  # a damaged model is said now, not at the first question
            snapshot = open_snapshot(settings.index, encoder.name, encoder.dimension, settings.graph_buffer_bytes)
            return cls(
                parts,
                Opened.over(snapshot, encoder, models.writer(), models.image_encoder),
                models,
                started or settings,
            )
        except BaseException:
            models.close()
            raise

    @classmethod
    def build(
        cls,
        settings: Settings,
        progress: Progress = quiet,
        cancelled: Cancelled = lambda: False,
        deep: bool = True,
        merge: bool = False,
    ) -> IndexStatus:
        """Brings the index up to date with the libraries; see `indexing.build_index`."""
        from cml_mm.engine.indexing import build_index

        return build_index(settings, progress, cancelled, deep, merge)

    def update(self, progress: Progress = quiet) -> bool:
        """Looks at the libraries again and takes what has changed into use; sections are left to `deepen`.

        Returns: whether another snapshot is in use now.
        Raises: LibraryUnreadable, StoreBusy, StoreFull: then the one in use stays.
        """
        from cml_mm.engine.indexing import build_index

        build_index(self._settings, progress, lambda: False, deep=False)
        return self.refresh()

    def refresh(self) -> bool:
        """Takes a newer snapshot into use, if there is one; questions in progress keep the one they began with.

        Returns: whether another snapshot is in use now.
        Raises: StoreMissing, StoreCorrupt, SchemaMismatch: then the one in use stays.
        """
        from cml_mm.engine.opened import Opened
        from cml_mm.graph.manifest import current_folder
        from cml_mm.graph.snapshot import open_snapshot

        with self._refreshing:
            before = self._opened.snapshot
            if current_folder(self._settings.index) == before.folder:
                return False
            snapshot = open_snapshot(
                self._settings.index,
                self._encoder.name,
                self._encoder.dimension,
                self._settings.graph_buffer_bytes,
                before,
            )
            opened = Opened.over(snapshot, self._encoder, self._models.writer(), self._models.image_encoder)
            if self._warm:
                opened.warm()
            self._opened = opened
            self._visits.turn_to(snapshot.folder)
            return True

    def ask(
        self, question: str, cancelled: Cancelled | None = None, talk: Talk = NO_TALK, scope: Scope = LIBRARY_ONLY
    ) -> Iterator[AskEvent]:
        """Answers as it writes: steps, verified sentences, then the whole answer.

        Raises:
            InputError: an empty or overlong question, or one without words; a file that is not there.
        """
        asked = self._checked(question)
        opened = self._opened
        own = scope.where != "library" and scope.visitor  # else no record is opened, which may be out of order
        source = self._visits.own_files.source(scope, opened) if own else None
        see = partial(self._visits.own_files.see, scope.visitor) if own else None
        yield from opened.answerer.ask(asked, cancelled or (lambda: False), talk, scope, source, see)

    def answer(self, question: str, talk: Talk = NO_TALK, scope: Scope = LIBRARY_ONLY) -> Answer:
        """The whole answer at once."""
        for event in self.ask(question, talk=talk, scope=scope):
            if isinstance(event, AnswerReady):
                return event.answer
        raise StoreError("The answer was not finished.", "Ask again.")

    def bring(
        self, paths: Sequence[Path], told: Progress = quiet, cancelled: Cancelled = lambda: False
    ) -> tuple[StoredFile, ...]:
        """Reads files for `answer_over`; nothing of them is kept.

        Raises: InputError: a file cannot be read.
        """
        return self._visits.bring(paths, told, cancelled)

    def answer_over(
        self, question: str, files: Sequence[StoredFile], talk: Talk = NO_TALK, where: ScopeKind = "both"
    ) -> Answer:
        """The whole answer from files that were brought for it, and from the library."""
        opened, scope = self._opened, Scope(where)
        events = opened.answerer.ask(
            self._checked(question), lambda: False, talk, scope, opened.source(files) if files else None
        )
        return next(event.answer for event in events if isinstance(event, AnswerReady))

    @property
    def files(self) -> FileDesk:
        """Visitors' private files."""
        return self._visits.files

    @property
    def talks(self) -> TalkDesk:
        """Visitors' kept conversations."""
        return self._visits.talks

    def sweep(self) -> None:
        """Deletes what visitors brought and kept for long enough."""
        self._visits.sweep()

    def lens(self, talk: Talk) -> Lens:
        """Whose eyes the next question is seen with, as far as the conversation tells."""
        return self._opened.answerer.lenses.read("", talk)

    def lens_choices(self) -> tuple[Facet, ...]:
        """What an asker can say of themselves: only what this library knows, kind by kind."""
        return tuple(facet for kind in FACET_KINDS for facet in self._opened.answerer.lenses.choices(kind))

    def facet(self, kind: FacetKind, name: str) -> Facet:
        """The choice that a value or label means.

        Raises: InputError: this library knows no such thing; the hint lists what it knows.
        """
        return self._opened.answerer.lenses.named(kind, name)

    def search(self, query: str, limit: int = 10) -> tuple[Hit, ...]:
        """The pages nearest to a query, best first."""
        return self._search(query, limit, self._opened)

    def _search(self, query: str, limit: int, opened: Opened) -> tuple[Hit, ...]:
        ranking = opened.retriever.retrieve_ranked(self._checked(query)).ranking
        hits = []
        for page in ranking.pages[:limit]:
            entry = opened.snapshot.library.entries[page.slug]
            hits.append(Hit(page.slug, entry.title, entry.kind, entry.summary, page.score, page.found_by))
        return tuple(hits)

    def rank(self, question: str, stages: Stages = ALL_STAGES, limit: int = 50) -> tuple[str, ...]:
        """Slugs of the pages that retrieval alone ranks first, best first.

        Args:
            question: any text; who asks is read from it, as for an answer.
            stages: what may be used; an evaluation leaves out one at a time.
            limit: how many to return at most.
        """
        opened, asked = self._opened, self._checked(question)
        ranking = opened.ranker.rank(asked, limit, stages=stages, lens=opened.answerer.lenses.read(asked))
        return tuple(page.slug for page in ranking.pages)

    def related(self, slug: str) -> Neighbourhood:
        """The relations around one page. A title or alias serves as well as a slug."""
        opened = self._opened
        library = opened.snapshot.library
        slug = self._resolved(slug, opened)
        entry = library.entries[slug]
        outgoing, incoming = library.relations(slug)
        return Neighbourhood(slug, entry.title, entry.summary, outgoing, incoming, library.dangling(slug))

    def path(self, first: str, last: str, all_layers: bool = False) -> PathFound:
        """How two pages are joined; `answering.paths` says which path is the best.

        Args:
            first, last: titles, aliases or slugs; a small misspelling does not matter.
            all_layers: use machine-made relations where no trusted path is there.

        Raises: InputError: a name that the library does not hold, or twice the same page.
        """
        opened = self._opened
        ends = self._resolved(first, opened), self._resolved(last, opened)
        if ends[0] == ends[1]:
            title = opened.snapshot.library.entries[ends[0]].title
            raise InputError(f"Both names mean {title}.", "A path needs two pages: give another name for one of them.")
        return opened.answerer.planner.paths.paths.find(*ends, all_layers)

    def pattern(self, slug: str) -> Pattern:
        """One whole pattern."""
        page = self.read(slug).page
        if not isinstance(page, Pattern):
            raise InputError(f"{page.title} is no pattern.", "Ask for a pattern's title or slug.")
        return page

    def cards(self) -> tuple[Card, ...]:
        """Every page, by title."""
        return self._opened.catalogue.cards

    def find(self, typed: str, limit: int = 20) -> tuple[Card, ...]:
        """Pages for what has been typed so far."""
        return self._opened.catalogue.find(typed[: self._settings.max_question_chars], limit)

    def read(self, slug: str) -> Reading:
        """One page with what stands around it. A title or alias serves as well as a slug."""
        opened = self._opened
        return opened.catalogue.read(self._resolved(slug, opened))

    def status(self) -> IndexStatus:
        from cml_mm.graph.snapshot import status_of

        opened = self._opened
        return status_of(opened.snapshot.folder, opened.snapshot.manifest, opened.ranker.section_count)

    def examples(self) -> tuple[str, ...]:
        """Three questions that this library can answer: help, a relation, a tension."""
        from cml_mm.engine.examples import example_questions

        opened = self._opened
        return example_questions(opened.snapshot.library, opened.ranker)

    def profiles(self) -> tuple[ProfileState, ...]:
        """Which parts can be chosen, and what each choice lacks here."""
        return profile_states(self._settings, self._started)

    def writer(self) -> str:
        """The model that writes answers; "" where they are composed."""
        return self._models.generator.name if self._models.generator else ""

    def deepen(self, progress: Progress = quiet, cancelled: Cancelled = lambda: False) -> None:
        """Adds missing section vectors while the app serves, and takes them into use.

        Raises: StoreBusy, StoreFull.
        """
        from cml_mm.graph.snapshot_build import deepen_snapshot

        with self._deepening:
            try:
                deepen_snapshot(self._settings.index, self._encoder, progress, cancelled)
            finally:
                self._opened.ranker.refresh_sections()

    def look_at_patterns(self, cancelled: Cancelled = lambda: False) -> None:
        """Makes the vectors by which pictures lead to patterns, where the profile has an image encoder.

        Raises: ModelError, OutOfMemory.
        """
        if looks := self._opened.pattern_looks:
            looks.make(cancelled)

    def warm(self) -> None:
        """Loads what the first questions would otherwise wait for; from then on `refresh` does so too.

        The encoder, the model of `answering.language`, and what `Opened.warm` reads from the index.
        """
        from cml_mm.answering.language import foreign_language

        self._encoder.encode_query("")
        foreign_language("dies ist nur zum warm werden")
        with self._refreshing:  # it reads the store, which must not be closed meanwhile
            if not self._closed:
                self._opened.warm()
                self._warm = True

    def close(self) -> None:
        with self._refreshing:
            self._closed = True
            self._opened.snapshot.close()
        self._visits.close()
        self._models.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _checked(self, question: str) -> str:
        """The question without control characters and needless blanks; bad input gets its way out."""
        text = _BLANKS.sub(_shorter, question.translate(_CONTROL).strip())
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

    def _resolved(self, name: str, opened: Opened) -> str:
        """The slug that a name means in one opened index; another may be taken into use meanwhile."""
        entries = opened.snapshot.library.entries
        slug = name.strip()
        if slug in entries:
            return slug
        found = opened.ranker.names.resolve(slug)
        if found:
            return found[0]
        if meant := opened.answerer.planner.paths.misspelt(slug):
            return meant
        nearest = [hit.slug for hit in self._search(slug, 3, opened)] if any(c.isalnum() for c in slug) else []
        raise InputError(
            f"The library holds nothing called {slug!r}.",
            f"The nearest are: {', '.join(nearest)}." if nearest else "Try `cml search` with other words.",
        )
