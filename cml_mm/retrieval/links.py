"""Links between passages that nobody had to draw: one mentions another's title.

As an encyclopaedia's links do, a mention leads to the page about the thing; measured against
triples drawn by a language model it gave the same gain (FACTS §6).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cml_mm import prose
from cml_mm.retrieval.entities import WrittenWords, read_words
from cml_mm.retrieval.pagerank import Arcs

_Key = tuple[str, ...]

MAX_TITLE_WORDS = 12
MOST_BEARERS = 100  # a title that more passages share is a running head: it leads to none of them
_QUALIFIER = re.compile(r"(?<!\s)\s*\([^()]*\)\s*$")


@dataclass(frozen=True)
class Mention:
    """A title found in a text: words `start` to `end`, and the passages that bear it.

    `exact` is false where the title's bracketed qualifier was not said.
    """

    start: int
    end: int
    rows: tuple[int, ...]
    exact: bool

    @property
    def words(self) -> int:
        return self.end - self.start


class Titles:
    """Every title and, for "Name (qualifier)", the bare name; longest match first."""

    def __init__(self, names: Sequence[Sequence[str]]) -> None:
        """Args:
        names: of each passage its titles, none where it has none.
        """
        full: dict[_Key, list[int]] = defaultdict(list)
        bare: dict[_Key, list[int]] = defaultdict(list)
        for row, titles in enumerate(names):
            for title in titles:
                _add(full, title, row)
                _add(bare, _QUALIFIER.sub("", title), row)
        self._full = {key: tuple(rows) for key, rows in full.items()}
        self._bare = {key: tuple(rows) for key, rows in bare.items()}
        # Nearly every text says "the", which begins many a title: the second word tells which lengths are worth a try.
        sizes: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for key in (*full, *bare):
            sizes[key[0]][key[1] if len(key) > 1 else ""].add(len(key))
        self._sizes = {
            first: {second: tuple(sorted(found, reverse=True)) for second, found in after.items()}
            for first, after in sizes.items()
        }

    def find(self, text: WrittenWords) -> Iterator[Mention]:
        """Mentions from left to right, at each place the longest, none within another.

        A title of one or two words counts only where it starts with a capital or a digit:
        "trust" and "open source" are also just words.
        """
        end = 0
        folded, begins = text.folded, self._sizes
        for start, word in enumerate(folded):
            if word not in begins or start < end:
                continue
            after = begins[word]
            sizes = after.get(folded[start + 1], ()) if start + 1 < len(folded) else ()
            mention = self._at(text, start, (*sizes, *after.get("", ())))
            if mention:
                yield mention
                end = mention.end

    def _at(self, text: WrittenWords, start: int, sizes: Sequence[int]) -> Mention | None:
        """The longest title that begins at a word, of the lengths that are possible there, longest first."""
        least, most = 3 if text.written[start][0].islower() else 1, len(text.folded) - start
        for size in sizes:
            if not least <= size <= most:
                continue
            key = text.folded[start : start + size]
            rows = self._full.get(key)
            if rows:
                return Mention(start, start + size, rows, exact=True)
            rows = self._bare.get(key)
            if rows:
                return Mention(start, start + size, rows, exact=False)
        return None


def _add(table: dict[_Key, list[int]], title: str, row: int) -> None:
    key = read_words(title).folded
    if not key or len(key) > MAX_TITLE_WORDS or all(word in prose.STOP_WORDS for word in key):
        return
    if row not in table[key][-1:]:
        table[key].append(row)


def title_arcs(titles: Titles, texts: Sequence[WrittenWords], mentions_worth: int = 1_000) -> Arcs:
    """Joins every passage with those whose titles it mentions.

    The weight is the title's inverse document frequency, divided among passages that share
    the title; a passage does not link to itself, nor a title of more than `mentions_worth`
    mentions or MOST_BEARERS bearers to anything.
    """
    found: dict[tuple[int, int], float] = {}
    mentioned: Counter[tuple[int, ...]] = Counter()
    pairs: list[tuple[int, tuple[int, ...]]] = []
    for row, text in enumerate(texts):
        found_here = (mention.rows for mention in titles.find(text))
        seen = {rows for rows in found_here if len(rows) <= MOST_BEARERS and row not in rows}
        mentioned.update(seen)
        pairs.extend((row, rows) for rows in seen)
    for source, rows in pairs:
        if mentioned[rows] > mentions_worth:
            continue
        weight = np.log(max(len(texts), 2) / mentioned[rows]) / len(rows)
        for target in rows:
            found[source, target] = found.get((source, target), 0.0) + weight
    ends = np.array(list(found), dtype=np.int64).reshape(-1, 2)
    return Arcs(ends[:, 0], ends[:, 1], np.array(list(found.values()), dtype=np.float64))
