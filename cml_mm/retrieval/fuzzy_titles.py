"""Titles that a question speaks, misspelt ones too.

A title is found word by word along a trie. A word that the corpus does not know stands for the
title words near it (`spelling.NearWords`, letter trigrams); a word that it does know is never
read as another, so that a question without mistakes finds nothing else than before. Titles are
also compared without their gaps: "co operative" is "co-operative" is "cooperative".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from cml_mm import prose
from cml_mm.retrieval.spelling import (
    LEAST_LETTERS,
    LONG_WORD,
    Mended,
    NearWords,
    Vocabulary,
    in_case_of,
    mend,
    word_places,
)

MAX_TITLE_WORDS = 12
LEAST_ALONE = 6  # letters of a one-word title that may be misspelt
LEAST_GLUED = 7  # letters of a title that may be written with other gaps
_GLUE_COST = 0.5

Id = TypeVar("Id", bound=Hashable)


@dataclass(frozen=True)
class TitleMatch(Generic[Id]):
    """A title found in a question.

    `start` and `end` count words of the question (`prose.words`); `ids` bear the title, or one
    that is spelt equally near; `title` is its own spelling; `similarity` is 1 where it was
    spoken as it stands (`exact`), less by the share of its letters that were mistaken.
    """

    ids: tuple[Id, ...]
    title: str
    start: int
    end: int
    similarity: float
    exact: bool

    @property
    def words(self) -> int:
        return self.end - self.start


class _Node:
    """A place in the trie: the words that may follow, and the titles that end here."""

    __slots__ = ("ends", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.ends: list[int] = []


@dataclass(frozen=True)
class _Hit:
    """A title at a place of the question; `cost` is 0 for exact, else mistakes."""

    start: int
    end: int
    cost: float
    swaps: int
    rows: tuple[int, ...]


class TitleIndex(Generic[Id]):
    """Titles of a corpus by their words, as spelt and nearly so."""

    def __init__(self, titles: Sequence[tuple[Id, str]], knows: Callable[[str], bool] | None, one_slip: bool) -> None:
        self._titles = tuple(titles)
        self._knows = knows
        self._one_slip = one_slip
        self._root = _Node()
        self._glued: dict[str, list[int]] = defaultdict(list)
        words: dict[str, None] = {}
        for row, (_, title) in enumerate(self._titles):
            folded = title_words(title)
            if not folded or len(folded) > MAX_TITLE_WORDS or all(word in prose.STOP_WORDS for word in folded):
                continue
            words.update(dict.fromkeys(folded))
            node = self._root
            for word in folded:
                node = node.next.setdefault(prose.stem(word), _Node())
            node.ends.append(row)
            glued = "".join(folded)
            if len(glued) >= LEAST_GLUED:
                self._glued[glued].append(row)
        self._words = frozenset(words)
        self._near = NearWords(word for word in words if len(word) >= LEAST_LETTERS)

    @classmethod
    def build(
        cls, titles: Sequence[tuple[Id, str]], knows: Callable[[str], bool] | None = None, one_slip: bool = False
    ) -> TitleIndex[Id]:
        """Reads titles.

        Args:
            titles: id and title; an id may have several, several ids may share one.
            knows: whether a folded word is spelt right (`Vocabulary.knows`) and so stands for itself;
                without it only words of titles are taken to be.
            one_slip: whether no word may have more than one mistake, however long it is.
        """
        return cls(titles, knows, one_slip)

    def find(self, question: str) -> tuple[TitleMatch[Id], ...]:
        """The titles in a question, in its order: the longest first come first served, exact before misspelt.

        A title of one word counts only where it is written as a name (capital or digit) or
        nothing else of substance is asked, since "trust" or "growth" are also words.
        """
        shown = [place.of(question) for place in word_places(question)]
        raw = [prose.fold(word) for word in shown]
        choices = [self._choices(word) for word in raw]
        hits = [hit for start in range(len(raw)) for hit in self._from(start, choices)]
        hits += self._written_otherwise(raw)
        hits = [hit for hit in hits if self._counts(hit, raw, shown)]
        return self._longest_first(hits, len(raw))

    def swapped(self, word: str) -> tuple[str, ...]:
        """Words of titles that a folded word is with two neighbouring letters swapped."""
        return tuple(near.word for near in self._near.near(word, 1) if near.swapped and near.distance == 1)

    def _choices(self, word: str) -> dict[str, tuple[int, int]]:
        """Stems that a word of the question may stand for, each with its mistakes and whether letters were swapped."""
        own = {prose.stem(word): (0, 0)}
        if len(word) < LEAST_LETTERS or self._known(word) or not (word.isalpha() or word.isdecimal()):
            return own
        for near in self._near.near(word, 2 if len(word) >= LONG_WORD and not self._one_slip else 1):
            if self._one_slip and near.distance > 1:
                continue
            own.setdefault(prose.stem(near.word), (near.distance, int(near.swapped)))
        return own

    def _known(self, word: str) -> bool:
        return word in self._words or word in prose.STOP_WORDS or bool(self._knows and self._knows(word))

    def _from(self, start: int, choices: Sequence[dict[str, tuple[int, int]]]) -> list[_Hit]:
        """All titles that begin at one word of the question."""
        hits: list[_Hit] = []
        open_nodes = [(self._root, 0, 0)]
        for end in range(start, min(len(choices), start + MAX_TITLE_WORDS)):
            open_nodes = [
                (node.next[stem], cost + mistakes, swaps + swapped)
                for node, cost, swaps in open_nodes
                for stem, (mistakes, swapped) in choices[end].items()
                if stem in node.next
            ]
            if not open_nodes:
                break
            hits += [
                _Hit(start, end + 1, cost, swaps, tuple(node.ends)) for node, cost, swaps in open_nodes if node.ends
            ]
        return hits

    def _written_otherwise(self, raw: Sequence[str]) -> list[_Hit]:
        """Titles written with other gaps and hyphens than their own, letters exact."""
        hits: list[_Hit] = []
        for start in range(len(raw)):
            glued = ""
            for end in range(start, min(len(raw), start + MAX_TITLE_WORDS)):
                glued += raw[end]
                if rows := self._glued.get(glued):
                    hits.append(_Hit(start, end + 1, _GLUE_COST, 0, tuple(rows)))
        return hits

    def _counts(self, hit: _Hit, raw: Sequence[str], shown: Sequence[str]) -> bool:
        """Whether words that match are meant as the title."""
        inside = raw[hit.start : hit.end]
        if all(word in prose.STOP_WORDS for word in inside):
            return False
        if len(inside) > 1:
            return True
        word = shown[hit.start]
        if hit.cost and (len(word) < LEAST_ALONE or word.isdecimal()):
            return False
        alone = all(other in prose.STOP_WORDS for other in (*raw[: hit.start], *raw[hit.end :]))
        named = any(char.isdigit() for char in word) or word.isupper() or (word[0].isupper() and hit.start > 0)
        return alone or named

    def _longest_first(self, hits: Iterable[_Hit], size: int) -> tuple[TitleMatch[Id], ...]:
        """Chooses among overlapping hits; equally near titles at one place are joined."""
        taken = [False] * size
        chosen: dict[tuple[int, int], tuple[tuple[float, int], list[int]]] = {}
        for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.cost, -hit.swaps, hit.start)):
            place, nearness = (hit.start, hit.end), (hit.cost, -hit.swaps)
            if place in chosen and chosen[place][0] == nearness:
                chosen[place][1].extend(hit.rows)
            elif not any(taken[hit.start : hit.end]):
                chosen[place] = nearness, list(hit.rows)
                taken[hit.start : hit.end] = [True] * (hit.end - hit.start)
        return tuple(self._match(*place, cost, rows) for place, ((cost, _), rows) in sorted(chosen.items()))

    def _match(self, start: int, end: int, cost: float, rows: Sequence[int]) -> TitleMatch[Id]:
        title = self._titles[rows[0]][1]
        letters = sum(len(word) for word in title_words(title))
        ids = tuple(dict.fromkeys(self._titles[row][0] for row in rows))
        return TitleMatch(ids, title, start, end, 1.0 - cost / max(letters, 1), exact=not cost)


@dataclass(frozen=True)
class Respelt(Generic[Id]):
    """A question with titles and words spelt as the corpus spells them, and the titles that it speaks.

    The places of `titles` count words of the question as asked; `changes` are (as written, as meant).
    """

    text: str
    titles: tuple[TitleMatch[Id], ...]
    changes: tuple[tuple[str, str], ...]


def respell(question: str, titles: TitleIndex[Id], vocabulary: Vocabulary) -> Respelt[Id]:
    """Puts misspelt titles right, then misspelt words between them.

    Args:
        question: as asked.
        titles: of the corpus, built with `vocabulary.knows`.
        vocabulary: of the corpus.
    """
    matches = titles.find(question)
    places = word_places(question)
    parts: list[Mended] = []
    position = 0
    for match in matches:
        if match.exact:
            continue
        start, end = places[match.start].start, places[match.end - 1].end
        as_meant = _with_words_of(question, places[match.start : match.end], match.title)
        parts += [mend(question[position:start], vocabulary), Mended(as_meant, ((question[start:end], as_meant),))]
        position = end
    parts.append(mend(question[position:], vocabulary))
    changes = tuple(change for part in parts for change in part.changes)
    return Respelt("".join(part.text for part in parts), matches, changes)


def _with_words_of(question: str, places: Sequence[prose.Span], title: str) -> str:
    """One place of a question with the title's words; what stands between words stays where it can."""
    meant = title_words(title)
    if len(meant) != len(places):
        return title
    text, position = "", places[0].start
    for place, word in zip(places, meant, strict=True):
        written = place.of(question)
        same = prose.stem(prose.fold(written)) == prose.stem(word)
        text += question[position : place.start] + (written if same else in_case_of(written, word))
        position = place.end
    return text


def title_words(title: str) -> list[str]:
    """The folded words of a title."""
    return prose.words(title)
