"""Finds where something is said or shown in recordings: the sentences and slide lines that say most to a topic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cml_mm import prose
from cml_mm.answering.file_quotes import QuoteFinder, ScoredQuote, quotes_of
from cml_mm.answering.file_source import Shelf
from cml_mm.answering.lecture_shelf import OneLecture, Spoken
from cml_mm.lectures.values import frame_seconds
from cml_mm.retrieval.function_words import function_words
from cml_mm.visits import Chunk, FoundChunk, Placing

MOST_FOUND = 24  # chunks that are looked up, slides among them
MOST_HEARD = 8  # of speech whose sentences are compared
MOST_SEEN = 6
MOST_BY_SLIDE = 3  # slides whose speech is looked at as well
BY_SLIDE_WORTH = 0.6  # of the slide's own score
SLIDE_WORTH = 0.3  # of a word that only the slide beside a sentence holds
PHRASE_WORTH = 0.25  # the topic stands in a sentence as it was asked for
# The nearest sentence is told as such, and not as an answer, where it is near enough; chosen on questions in other
# words than those of lectures of our own, and on questions to lectures that do not speak of the matter.
MOST_NEAR_CHUNKS = 16
MOST_NEAR = 40  # sentences that are compared in meaning
LEAST_NEAR = 0.36  # cosine
LEAST_NEAR_SHARED = 0.3  # cosine of a sentence that shares …
LEAST_SHARED = 0.2  # … so much of the topic's weight
LEAST_ANSWER = 0.45  # cosine from which it counts as an answer, where not a place is asked for but a fact


@dataclass(frozen=True)
class Finding:
    """What was found for a topic, best first; whether it says enough about it, by ear or by eye.

    `near` is what comes nearest in meaning where nothing that is said says enough.
    """

    topic: str
    chunks: tuple[FoundChunk, ...]
    heard: tuple[ScoredQuote, ...]
    seen: tuple[ScoredQuote, ...]
    is_heard: bool
    is_seen: bool
    near: ScoredQuote | None = None


@dataclass(frozen=True)
class LectureFinder:
    """Looks in some recordings; `shelf` holds nothing else."""

    finder: QuoteFinder
    shelf: Shelf
    lectures: tuple[OneLecture, ...]

    @cached_property
    def by_id(self) -> dict[str, OneLecture]:
        return {one.file.card.id: one for one in self.lectures}

    def find(self, topic: str, speaker: str = "") -> Finding:
        """Where something is spoken of, or shown.

        Args:
            speaker: whose words alone are wanted; anybody's where none is given.
        """
        found = self.shelf.search(topic, MOST_FOUND)
        seen = tuple(one for one in found if is_slide(self._placing(one.chunk)))
        heard = tuple(one for one in found if one not in seen)
        beside = self._beside(seen[:MOST_BY_SLIDE], {one.chunk.id for one in heard})
        scored = self._scored(topic, (*heard[:MOST_HEARD], *beside))
        if speaker:
            scored = [one for one in scored if self._speaker(one) == speaker]
        shown = self.finder.scored(topic, seen[:MOST_SEEN], self.shelf)
        is_heard = bool(scored) and self._says(topic, heard, scored)
        is_seen = bool(shown) and self._says(topic, seen, shown)
        near = None if is_heard or speaker else self._near(topic, (*heard, *beside))
        return Finding(topic, found, tuple(scored), tuple(shown), is_heard, is_seen, near)

    def chosen(self, finding: Finding, most: int) -> tuple[Spoken, ...]:
        """The sentences worth telling, the best first and the others in time order."""
        quotes = self.finder.chosen(finding.topic, finding.heard, most) if finding.is_heard else ()
        return tuple(self.spoken(quote.file.card.id, quote.section, quote.span.start) for quote in quotes)

    def nearest(self, finding: Finding) -> Spoken | None:
        """What comes nearest in meaning, where nothing is said in the words of the topic."""
        if finding.near is None:
            return None
        quote = finding.near.quote
        return self.spoken(quote.file.card.id, quote.section, quote.span.start)

    def _near(self, topic: str, found: Sequence[FoundChunk]) -> ScoredQuote | None:
        """The sentence nearest in meaning, of the chunks nearest in meaning."""
        wanted = content(topic)
        total = max(self.finder.weight(wanted), 1e-9)
        chunks = sorted(found, key=lambda one: -one.cosine)[:MOST_NEAR_CHUNKS]
        quotes = [quote for one in chunks for quote in quotes_of(one.chunk, self.shelf)][:MOST_NEAR]
        if not quotes:
            return None
        vector = self.finder.encoder.encode_query(topic)
        cosines = self.finder.encoder.encode_passages([prose.plain(quote.text) for quote in quotes]) @ vector
        shares = [self.finder.weight(wanted & frozenset(prose.terms(quote.text))) / total for quote in quotes]
        best = max(range(len(quotes)), key=lambda at: cosines[at] + SLIDE_WORTH * shares[at])
        cosine, share = float(cosines[best]), shares[best]
        if cosine < LEAST_NEAR and (cosine < LEAST_NEAR_SHARED or share < LEAST_SHARED):
            return None
        return ScoredQuote(quotes[best], share, cosine)

    def every(self, topic: str, speaker: str = "") -> tuple[Spoken, ...]:
        """All that is said with all of a topic's words in it, in time order, file by file."""
        wanted = content(topic)
        return tuple(
            one
            for lecture in self.lectures
            for one in lecture.spoken
            if wanted and wanted <= frozenset(prose.terms(one.text)) and (not speaker or one.speaker == speaker)
        )

    def spoken(self, file: str, section: int, start: int) -> Spoken:
        """What is said at a character of a section."""
        exact = self._at.get((file, section, start))
        # A long one is quoted from one of its clauses on.
        return exact or next(
            one
            for one in self.by_id[file].spoken
            if one.quote.section == section and one.quote.span.start <= start < one.quote.span.end
        )

    @cached_property
    def _at(self) -> dict[tuple[str, int, int], Spoken]:
        return {
            (one.quote.file.card.id, one.quote.section, one.quote.span.start): one
            for lecture in self.lectures
            for one in lecture.spoken
        }

    def _speaker(self, one: ScoredQuote) -> str:
        return self.by_id[one.quote.file.card.id].speaker_at((one.quote.seconds or (0.0, 0.0))[0])

    def _placing(self, chunk: Chunk) -> Placing:
        placings = self.shelf.by_id[chunk.file].read.placings
        return placings[chunk.section] if chunk.section < len(placings) else Placing()

    def _beside(self, seen: Iterable[FoundChunk], known: set[str]) -> list[FoundChunk]:
        """What is said while slides are shown that speak of the topic, as further chunks."""
        made = []
        for one in seen:
            times = self._placing(one.chunk).times
            for chunk in self.shelf.by_id[one.chunk.file].chunks:
                placing = self._placing(chunk)
                if chunk.id in known or is_slide(placing) or not placing.times or not times:
                    continue
                if placing.times[0].start_seconds < times[-1].end_seconds and (
                    times[0].start_seconds < placing.times[-1].end_seconds
                ):
                    known.add(chunk.id)
                    made.append(FoundChunk(chunk, one.score * BY_SLIDE_WORTH, 0.0, 0.0, ("its slide",)))
        return made

    def _scored(self, topic: str, found: Sequence[FoundChunk]) -> list[ScoredQuote]:
        """The sentences, those lifted beside which the slide says what they leave out."""
        wanted = content(topic)
        total = max(self.finder.weight(wanted), 1e-9)
        phrase = " ".join(prose.words(topic))
        made = []
        for one in self.finder.scored(topic, found, self.shelf):
            said = frozenset(prose.terms(one.quote.text))
            slide = self.by_id[one.quote.file.card.id].slide_near((one.quote.seconds or (0.0, 0.0))[0])
            beside = frozenset(prose.terms(slide.text)) if slide else frozenset[str]()
            lift = SLIDE_WORTH * self.finder.weight((wanted & beside) - said) / total
            if len(phrase) > 3 and f" {phrase} " in f" {' '.join(prose.words(one.quote.text))} ":
                lift += PHRASE_WORTH
            made.append(replace(one, quote=replace(one.quote, score=one.quote.score + lift)))
        return sorted(made, key=lambda one: -one.quote.score)

    def _says(self, topic: str, found: Sequence[FoundChunk], scored: Sequence[ScoredQuote]) -> bool:
        alone = [(prose.plain(one.quote.text), one.cosine) for one in scored]
        return self.shelf.source.answers(found) or self.shelf.source.says(topic, alone)


def is_slide(placing: Placing) -> bool:
    """Whether a section holds what is shown, and not what is said."""
    return frame_seconds(placing.face) is not None


def content(topic: str) -> frozenset[str]:
    """The stems that a sentence must hold to be about a topic."""
    return frozenset(prose.terms(topic)) - {prose.stem(word) for word in function_words(topic)}
