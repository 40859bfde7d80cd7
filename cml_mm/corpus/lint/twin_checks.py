"""Pages about nearly the same: alike in title and in text.

Pairs are compared only where their titles share a telling word, so the cost grows with
the number of likely pairs. Texts are compared by the cosine of their weighted words
(1 + ln tf) x ln(N / df) over the opening of each page. In the commons library, 9,999 of
10,000 random pairs lie below 0.37, and sibling patterns, e.g. two gateways, reach 0.50;
above it, with half of the title words shared, nearly every pair is one thing told twice.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from cml_mm.corpus.lint.kinds import found
from cml_mm.corpus.lint.pages import View
from cml_mm.corpus.lint.report import Finding
from cml_mm.corpus.names import name_key, words_of
from cml_mm.prose import STOP_WORDS, stem
from cml_mm.types import Pattern

LIKE_TITLES = 0.5  # Jaccard overlap of stemmed title words
LIKE_TEXTS = 0.5  # cosine
_TELLING = 60  # a title word in more pages than this tells nothing
_READ_CHARS = 8_000
_LEAST_WEIGHT = 0.7  # words in half of all pages are left out
_WORD = re.compile(r"[a-z0-9]+")


def twins(view: View) -> Iterator[Finding]:
    """Pairs with the same name, and pairs alike in title and text."""
    patterns = view.patterns
    named = _same_name(patterns)
    likely = {pair: share for pair, share in _likely(patterns).items() if pair not in named and share >= LIKE_TITLES}
    vectors = _vectors(patterns, {number for pair in likely for number in pair})
    for pair in sorted((*named, *likely)):
        first, second = (patterns[number] for number in pair)
        if pair in named:
            yield found("twins", view.path(first.slug), _shared_name(first, second))
            continue
        cosine = _cosine(vectors[pair[0]], vectors[pair[1]])
        if cosine >= LIKE_TEXTS:
            message = (
                f"“{first.title}” and “{second.title}” ({second.slug}):"
                f" titles {likely[pair]:.0%} alike, texts {cosine:.2f}."
            )
            yield found("twins", view.path(first.slug), message)


def _same_name(patterns: Sequence[Pattern]) -> set[tuple[int, int]]:
    """Pairs of which one has the other's title as title or alias."""
    titles: dict[str, list[int]] = defaultdict(list)
    for number, pattern in enumerate(patterns):
        titles[name_key(pattern.title)].append(number)
    pairs: set[tuple[int, int]] = set()
    for number, pattern in enumerate(patterns):
        for name in (pattern.title, *pattern.aliases):
            for other in titles.get(name_key(name), ()):
                if other != number:
                    pairs.add((min(number, other), max(number, other)))
    return pairs


def _shared_name(first: Pattern, second: Pattern) -> str:
    pair = f"“{first.title}” and “{second.title}” ({second.slug})"
    if name_key(first.title) == name_key(second.title):
        return f"{pair} have the same title."
    return f"{pair}: the title of one is an alias of the other."


def _likely(patterns: Sequence[Pattern]) -> dict[tuple[int, int], float]:
    """Pairs whose titles share a telling word, with the overlap of all their words."""
    words = [
        frozenset(stem(word) for word in words_of(pattern.title) if word not in STOP_WORDS) for pattern in patterns
    ]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, stems in enumerate(words):
        for word in stems:
            holders[word].append(number)
    pairs: dict[tuple[int, int], float] = {}
    for numbers in holders.values():
        if len(numbers) > _TELLING:
            continue
        for place, second in enumerate(numbers):
            for first in numbers[:place]:
                pairs[first, second] = len(words[first] & words[second]) / len(words[first] | words[second])
    return pairs


def _vectors(patterns: Sequence[Pattern], wanted: set[int]) -> dict[int, dict[str, float]]:
    """Weighted words of length 1 for the pages that are compared; the weights know all pages."""
    if not wanted:
        return {}
    holders: Counter[str] = Counter()
    tallies: dict[int, Mapping[str, int]] = {}
    for number, pattern in enumerate(patterns):
        text = "\n".join(section.text for section in pattern.sections)[:_READ_CHARS].lower()
        found_words = _WORD.findall(text)
        if number in wanted:
            tallies[number] = Counter(found_words)
        holders.update(set(found_words))
    weights = {word: math.log(len(patterns) / number) for word, number in holders.items()}
    vectors: dict[int, dict[str, float]] = {}
    for number, tally in tallies.items():
        raw = {w: (1 + math.log(n)) * weights[w] for w, n in tally.items() if weights[w] > _LEAST_WEIGHT}
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        vectors[number] = {word: value / length for word, value in raw.items()}
    return vectors


def _cosine(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    return sum(value * second.get(word, 0.0) for word, value in first.items())
