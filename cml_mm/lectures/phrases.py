"""What a stretch of speech is about, in a phrase of its own.

Phrases are runs of content words between words that tell nothing (Rose et al., Automatic keyword extraction from
individual documents, in: Text Mining, 2010), weighed by how often they are said here and how seldom elsewhere.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cml_mm.lectures.terms import STOP_WORDS, WORD, flat, fold, singular, words
from cml_mm.lectures.titles import shortened

_WORDS = 3
_ONCE = 0.55  # what a phrase that is said once counts
_ALONE = 0.3  # what a single word counts against a phrase
_NAMED = 1.3  # what one counts that is written as a name
_NOT_LED = 0.4  # what one counts before which no word stands that leads up to a noun

# Behind these mostly stands a noun, and seldom a verb.
_LEADS = frozenset(
    """a an the this that these those our my your his her its their every each some any no another such of for by with
    from in on at into over under between about against without than as""".split()
)


@dataclass(frozen=True)
class _Said:
    key: tuple[str, ...]  # folded, without plurals
    text: str
    led: bool


def key_phrase(text: str, others: Iterable[str] = ()) -> str:
    """What a text is about, in its own words: one to three content words that it repeats and others do not say.

    Args:
        text: of a moment or chapter.
        others: texts around it, among which its words should be rare.

    Returns: as it stands in the text, with a capital; "" for a text without content words.
    """
    found: dict[tuple[str, ...], list[_Said]] = {}
    for stretch in re.split(r"[.!?…;:,。！？、()\[\]\"“”]+", text):
        for said in _phrases(stretch):
            found.setdefault(said.key, []).append(said)
    held = Counter(term for other in others for term in {singular(word) for word in words(other)})

    def worth(key: tuple[str, ...]) -> float:
        rare = sum(1 / math.sqrt(1 + held[term]) for term in key) / len(key)
        sized = math.sqrt(len(key)) if len(key) > 1 else _ALONE
        named = len(key) > 1 and all(word[0].isupper() for word in found[key][0].text.split())
        led = any(said.led for said in found[key])
        return (len(found[key]) - 1 + _ONCE) * rare * sized * (_NAMED if named else 1.0 if led else _NOT_LED)

    if not found:
        return ""
    best = found[max(found, key=worth)][0].text
    return shortened(best[:1].upper() + best[1:])


def _phrases(stretch: str) -> Iterator[_Said]:
    """The runs of content words in a stretch between marks, the longer ones with their parts."""
    written = list(WORD.finditer(stretch))
    folded = [re.split("['’]", fold(word.group()))[0] for word in written]
    for start, first in enumerate(written):
        led = start > 0 and folded[start - 1] in _LEADS
        key: list[str] = []
        for word, plain in zip(written[start : start + _WORDS], folded[start : start + _WORDS], strict=True):
            if plain in STOP_WORDS or plain.isdecimal() or len(plain) < 2:
                break
            key.append(singular(plain))
            if len(key) > 1 or len(plain) > 3:
                yield _Said(tuple(key), flat(stretch[first.start() : word.end()]), led)
