"""Boxes and lanes that a question speaks of in passing: their words found in it in any order and form.

The forms of `diagram_forms` say where a name must stand. People also say "the money in the repair budget" or
"whether the invoice gets paid": there the words of a label are looked for wherever they stand, near each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cml_mm.diagrams.labels import folded, same_word, stem_of, stems_of

LEAST_SAID = 0.5  # of a label's words of substance that must stand in the question
SPREAD = 4  # other words that may stand between those of one label
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_LIGHT = frozenset(
    stem_of(word)
    for word in """a an the of our my your their its his her this that these those to in on at for by with and or from
    into it is are was were be been do does did can could will would may might has have had we you they i us them what
    who which where when how why any some not no yes there one after before next get gets got go come make take as out
    up still ever really way all also even just only again already yet""".split()
)


@dataclass(frozen=True)
class Mention:
    """A label that is spoken of. `first` and `last` are the places of its words among the question's, from 0."""

    part: str
    label: str
    said: float  # share of its words of substance, up to 1
    places: tuple[int, ...]

    @property
    def first(self) -> int:
        return self.places[0]


@dataclass(frozen=True)
class Mentions:
    """What a question speaks of, in the order of its words; `text` has each mention as «0», «1»."""

    found: tuple[Mention, ...]
    text: str
    left: tuple[str, ...]  # words of substance that belong to no mention

    @classmethod
    def of(cls, question: str, labels: Iterable[tuple[str, str]]) -> Mentions:
        """Args: labels: id and label of everything that may be meant."""
        words = [found for found in _WORD.finditer(question)]
        stems = [stem_of(re.split("['’]", folded(word[0]))[0]) for word in words]
        found = _chosen(stems, tuple(labels))
        return cls(found, _marked(question, words, found), _left(words, stems, found))


def _possible(stems: Sequence[str], labels: Sequence[tuple[str, str]], taken: set[int]) -> list[Mention]:
    """Every label of which enough is said in words that are not taken."""
    possible = []
    for part, label in labels:
        own = tuple(dict.fromkeys(stem for stem in stems_of(label) if stem not in _LIGHT)) or stems_of(label)
        where = [[at for at, stem in enumerate(stems) if at not in taken and same_word(word, stem)] for word in own]
        places = _window(where, len(own) + SPREAD)
        said = len(places) / len(own) if own else 0.0
        if places and said >= LEAST_SAID and any(stems[at] not in _LIGHT for at in places):
            possible.append(Mention(part, label, said, places))
    return possible


def _window(places: Sequence[Sequence[int]], width: int) -> tuple[int, ...]:
    """The most words of a label that stand within so many words of each other; each label word once."""
    best: tuple[int, ...] = ()
    for start in sorted({at for held in places for at in held}):
        inside = tuple(sorted({next(iter(near)) for held in places if (near := _near(held, start, width))}))
        if len(inside) > len(best):
            best = inside
    return best


def _near(held: Sequence[int], start: int, width: int) -> list[int]:
    return [at for at in held if start <= at < start + width]


def _chosen(stems: Sequence[str], labels: Sequence[tuple[str, str]]) -> tuple[Mention, ...]:
    """The fullest and closest first, each word for one label; where two fit the same words, none is meant."""
    taken: set[int] = set()
    found: list[Mention] = []
    left = list(labels)
    while possible := _possible(stems, left, taken):
        best = min(possible, key=lambda one: (-one.said, -len(one.places), one.places[-1] - one.first))
        rivals = [one for one in possible if one.said >= best.said and one.places == best.places]
        if len({stems_of(one.label) for one in rivals}) == 1:
            found.append(best)
        said = {stems[at] for at in best.places}
        taken |= {at for at, stem in enumerate(stems) if stem in said}  # the same word again names nothing else
        left = [label for label in left if label[0] not in {one.part for one in rivals}]
    return tuple(sorted(found, key=lambda one: one.first))


def _marked(question: str, words: Sequence[re.Match[str]], found: Sequence[Mention]) -> str:
    """The question in lower case with the words of each mention as one mark."""
    marks = {at: f"«{number}»" if at == one.first else "" for number, one in enumerate(found) for at in one.places}
    text, end = [], 0
    for at, word in enumerate(words):
        text += [question[end : word.start()], marks.get(at, word[0])]
        end = word.end()
    return " ".join("".join((*text, question[end:])).lower().replace("’", "'").split())


def _left(words: Sequence[re.Match[str]], stems: Sequence[str], found: Sequence[Mention]) -> tuple[str, ...]:
    held = {at for one in found for at in one.places}
    return tuple(
        word[0].lower() for at, (word, stem) in enumerate(zip(words, stems, strict=True))
        if at not in held and stem not in _LIGHT
    )  # fmt: skip
