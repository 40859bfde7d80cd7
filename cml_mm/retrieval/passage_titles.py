"""The titles of a corpus as questions speak them: its own and made ones, misspelt ones too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from cml_mm.retrieval.entities import WrittenWords, read_words
from cml_mm.retrieval.fusion import title_strength
from cml_mm.retrieval.fuzzy_titles import TitleIndex, respell
from cml_mm.retrieval.links import Titles
from cml_mm.retrieval.made_titles import make_titles
from cml_mm.retrieval.pagerank import Numbers
from cml_mm.retrieval.passages import Passage
from cml_mm.retrieval.spelling import Vocabulary


@dataclass(frozen=True)
class Asked:
    """A question as it is searched for; `changes` are the words put right, (as written, as meant)."""

    text: str
    changes: tuple[tuple[str, str], ...] = ()


class PassageTitles:
    """What every passage may be called.

    Args:
        passages: the corpus.
        words: of every passage's title and text.
        frequency: in how many passages a stem occurs.
        make: whether passages without a title are given some.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        words: Sequence[WrittenWords],
        frequency: Callable[[str], int],
        make: bool,
    ) -> None:
        self.made = frozenset(row for row, passage in enumerate(passages) if not passage.title) if make else frozenset()
        counted = cache(frequency)  # the same stems are weighed for many passages
        self.names = tuple(
            make_titles(passage.text, frequency=counted)
            if row in self.made
            else ((passage.title,) if passage.title else ())
            for row, passage in enumerate(passages)
        )
        self._own = tuple(passage.title for passage in passages)
        self.titles = Titles(self.names)
        self._counts = Counter(word for text in words for word in set(text.folded))

    def shown(self, row: int) -> str:
        """A passage's title for the reader, made or not; empty where it has none."""
        return self._own[row] or next(iter(self.names[row]), "")

    @cached_property
    def _spelling(self) -> tuple[TitleIndex[int], Vocabulary]:
        """What misspelt questions are compared with, made with the first question."""
        vocabulary = Vocabulary(self._counts)
        titles = [(row, name) for row, names in enumerate(self.names) for name in names]
        return TitleIndex.build(titles, vocabulary.knows), vocabulary

    def put_right(self, question: str) -> Asked:
        """The question with titles and words spelt as the corpus spells them."""
        respelt = respell(question, *self._spelling)
        return Asked(respelt.text, respelt.changes)

    def boosts(self, question: str, made: bool) -> Numbers:
        """For every passage how strongly the question speaks its title, 0 to 1.

        Args:
            question: as `put_right` gave it.
            made: whether made titles count.
        """
        boosts = np.zeros(len(self.names))
        for mention in self.titles.find(read_words(question)):
            strength = title_strength(mention.words, len(mention.rows))
            for row in mention.rows:
                if made or row not in self.made:
                    boosts[row] = max(boosts[row], strength)
        return boosts
