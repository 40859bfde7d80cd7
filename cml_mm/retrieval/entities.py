"""Words of a text as they stand, and the named things among them: capitalised spans and years.

No model and no list of names: English capitalises what it names. A span that stands in one
passage only joins nothing, one that stands in very many says nothing; both are left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cml_mm import prose
from cml_mm.retrieval.pagerank import Arcs

MAX_NAME_WORDS = 8
LEAST_PASSAGES = 2
MOST_PASSAGES = 100
_INSIDE = frozenset("of the de la le du des del da di von van der den al el bin ibn y".split())
_FIRST_YEAR, _LAST_YEAR = 1000, 2100
_WORD = re.compile(f"({prose.WORD.pattern})")
_NARROW = frozenset({" ", "-", "–", " & "})
_AFTER_INITIAL = frozenset({". ", "."})


@dataclass(frozen=True)
class WrittenWords:
    """The words of one text in order.

    `written` is a word as it stands, `folded` its form for comparing, `joined` whether no more
    than a blank, a hyphen or an initial's full stop stands between it and the word before.
    """

    written: tuple[str, ...]
    folded: tuple[str, ...]
    joined: tuple[bool, ...]


def read_words(text: str) -> WrittenWords:
    """Splits a text into words and notes what stands between them."""
    pieces = _WORD.split(text)  # gap, word, gap, …, word, gap
    written, gaps = pieces[1::2], pieces[2::2]
    joined = [
        gap in _NARROW or (gap in _AFTER_INITIAL and len(word) == 1) for word, gap in zip(written, gaps, strict=True)
    ]
    return WrittenWords(tuple(written), _folded(written), (False, *joined[:-1]) if joined else ())


def _folded(written: list[str]) -> tuple[str, ...]:
    together = " ".join(written)
    if together.isascii() and "'" not in together:  # most texts; word by word takes twice as long
        return tuple(together.lower().split())
    return tuple([fold_word(word) for word in written])


@lru_cache(maxsize=200_000)
def fold_word(word: str) -> str:
    """Folded, without a possessive ending or an apostrophe."""
    folded = prose.fold(word).replace("’", "'")
    return folded.removesuffix("'s").replace("'", "")


def find_entities(text: WrittenWords) -> dict[str, str]:
    """The named things of a text, folded, in the order of their first mention, and as written there."""
    found: dict[str, str] = {}
    end = 0
    for start, word in enumerate(text.written):
        # The first comparison passes over nearly every word: all capitals and digits of ASCII stand before "a".
        if start < end or ("a" <= word[0] <= "z") or not (word[0].isupper() or _is_year(word)):
            continue
        end = _span_end(text, start)
        name = _trimmed(text.folded[start:end])
        if name and (len(name) > 1 or len(name[0]) > 1):
            found.setdefault(" ".join(name), " ".join(text.written[end - len(name) : end]))
    return found


def entity_arcs(entities: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], Arcs]:
    """Joins every passage with the named things that stand in it.

    Args:
        entities: of each passage, from `find_entities`.

    Returns:
        The names that join anything, and arcs from passages (0 to len(entities)) to names
        (len(entities) + place of the name), weighted by the name's inverse document frequency.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for row, names in enumerate(entities):
        for name in names:
            places[name].append(row)
    kept = {name: rows for name, rows in places.items() if LEAST_PASSAGES <= len(rows) <= MOST_PASSAGES}
    sizes = np.array([len(rows) for rows in kept.values()], dtype=np.int64)
    rows = np.array([row for rows in kept.values() for row in rows], dtype=np.int64)
    nodes = np.repeat(np.arange(len(kept)), sizes) + len(entities)
    weights = np.repeat(np.log(max(len(entities), 1) / np.maximum(sizes, 1)), sizes)
    return tuple(kept), Arcs(rows, nodes, weights)


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and _FIRST_YEAR <= int(word) <= _LAST_YEAR


def _span_end(text: WrittenWords, start: int) -> int:
    """The end of a run of capitalised words; small words stand inside only where a capital follows."""
    if _is_year(text.written[start]):
        return start + 1
    end = start + 1
    while end < len(text.written) and end - start < MAX_NAME_WORDS and text.joined[end]:
        word = text.written[end]
        if word[0].isupper() or word.isdecimal():
            end += 1
            continue
        after = end
        while after < len(text.written) and text.joined[after] and text.folded[after] in _INSIDE and after - end < 2:
            after += 1
        if after == end or after >= len(text.written) or not text.joined[after]:
            break
        if not text.written[after][0].isupper():
            break
        end = after + 1
    return end


def _trimmed(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without stop words before the name, such as the first of a sentence."""
    start = 0
    while start < len(words) and words[start] in prose.STOP_WORDS:
        start += 1
    return words[start:]
